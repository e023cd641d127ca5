"use strict";
// The query page: colours, the named queries with their parameters, and the result as a table. No library,
// no request but to this server; text from the server is only ever set as text.
const byId = (id) => document.getElementById(id);
const editor = byId("query");
const TOKENS = new RegExp([
  "(?<comment>#[^\\n]*)", "(?<iri><[^<>\"{}|^`\\\\\\s]*>)",
  "(?<string>\"\"\"[\\s\\S]*?\"\"\"|'''[\\s\\S]*?'''|\"(?:[^\"\\\\\\n]|\\\\.)*\"|'(?:[^'\\\\\\n]|\\\\.)*')",
  "(?<variable>[?$]\\w+)",
  "(?<keyword>\\b(?:BASE|PREFIX|SELECT|CONSTRUCT|DESCRIBE|ASK|WHERE|FROM|NAMED|DISTINCT|REDUCED|ORDER|GROUP|BY|ASC" +
  "|DESC|HAVING|LIMIT|OFFSET|OPTIONAL|UNION|MINUS|GRAPH|FILTER|BIND|AS|VALUES|NOT|EXISTS|IN|UNDEF|a)\\b(?!:))",
].join("|"), "gi");

function element(name, text, kind) {
  const made = document.createElement(name);
  made.textContent = text;
  if (kind) made.className = kind;
  return made;
}

// signs that would act on the text around them, shown as what they are (as escaping.py has them)
const ACTING = new RegExp("([\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f-\\u009f\\u061c\\u180e\\u200b\\u200e\\u200f" +
  "\\u202a-\\u202e\\u2060-\\u206f\\ufeff\\ufff9-\\ufffb\\u{e0001}])", "u"); // kg.text.INVISIBLE

function showIn(made, text) {
  text.split(ACTING).forEach((part, place) => {
    const code = () => part.codePointAt(0).toString(16).toUpperCase().padStart(4, "0");
    made.append(place % 2 ? element("span", `[U+${code()}]`, "sign") : part);
  });
  return made;
}

function colour() {
  const shown = byId("colours");
  shown.replaceChildren();
  let at = 0;
  for (const match of editor.value.matchAll(TOKENS)) {
    const [kind] = Object.entries(match.groups).find(([, text]) => text !== undefined);
    shown.append(editor.value.slice(at, match.index), element("span", match[0], kind));
    at = match.index + match[0].length;
  }
  shown.append(editor.value.slice(at) + "\n");
  shown.scrollTop = editor.scrollTop;
}

async function ask(query) {
  const accept = "application/sparql-results+json, text/turtle;q=0.9";
  const headers = { "content-type": "application/sparql-query", accept };
  const response = await fetch("/sparql", { method: "POST", headers, body: query });
  const text = await response.text();
  if (!response.ok) throw new Error(text.trim());
  const rows = response.headers.get("content-type").includes("json");
  return rows ? table(JSON.parse(text)) : showIn(element("pre", ""), text);
}

function cell(term) {
  const made = document.createElement("td");
  if (!term) return made;
  if (term.type === "uri" && /^https?:/.test(term.value)) {
    const link = showIn(element("a", ""), term.value);
    link.href = term.value;
    link.rel = "noreferrer";
    made.append(link);
  } else {
    showIn(made, term.type === "triple" ? JSON.stringify(term.value) : term.value);
  }
  return made;
}

function table(result) {
  if ("boolean" in result) return element("p", result.boolean ? "yes" : "no");
  const made = document.createElement("table");
  const head = made.createTHead().insertRow();
  for (const name of result.head.vars) head.append(element("th", name));
  const body = made.createTBody();
  for (const binding of result.results.bindings) {
    body.insertRow().append(...result.head.vars.map((name) => cell(binding[name])));
  }
  return made;
}

async function run() {
  const status = byId("status");
  const began = performance.now();
  status.className = "";
  status.textContent = "…";
  try {
    const known = byId("named").selectedOptions[0].query;
    const query = known && editor.value === known.text ? await bound(known) : editor.value;
    const shown = await ask(query);
    byId("result").replaceChildren(shown);
    const rows = shown.tBodies ? `${shown.tBodies[0].rows.length} rows, ` : "";
    status.textContent = `${rows}${Math.round(performance.now() - began)} ms`;
  } catch (error) {
    status.className = "error";
    status.textContent = error.message;
  }
}

async function bound(known) {
  const given = new URLSearchParams();
  for (const input of byId("parameters").querySelectorAll("input")) {
    if (input.value) given.set(input.name, input.value);
  }
  const response = await fetch(`/queries/${known.name}.rq?${given}`);
  const text = await response.text();
  if (!response.ok) throw new Error(text.trim());
  return text;
}

function choose() {
  const known = byId("named").selectedOptions[0].query;
  byId("parameters").replaceChildren();
  byId("about").textContent = known ? known.description : "";
  if (!known) return;
  for (const parameter of known.parameters) {
    const label = element("label", `${parameter.name} (${parameter.about}) `);
    const input = document.createElement("input");
    input.name = parameter.name;
    input.placeholder = parameter.default;
    label.append(input);
    byId("parameters").append(label, document.createElement("br"));
  }
  editor.value = known.text;
  colour();
}

async function start() {
  const known = await (await fetch("/queries.json")).json();
  for (const query of known) {
    const option = element("option", `${query.name}: ${query.title}`);
    option.value = query.name;
    option.query = query;
    byId("named").append(option);
  }
}

editor.addEventListener("input", colour);
editor.addEventListener("scroll", () => { byId("colours").scrollTop = editor.scrollTop; });
editor.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) run();
});
byId("run").addEventListener("click", run);
byId("named").addEventListener("change", choose);
colour();
start();

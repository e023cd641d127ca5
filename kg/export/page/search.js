// Search as one types, over titles, authors, concepts and aliases.

const MOST_FOUND = 12;
let index = null;
let found = [];
let active = -1;
let asked = ""; // what `found` answers

function makeIndex() {
  const line = (key, text, weight, how = "") => ({ key, text, folded: ` ${fold(text).replace(/[^\p{L}\p{N}+#]+/gu, " ")} `, weight, how });
  index = [];
  concepts.id.forEach((_, at) => {
    const weight = Math.log(1 + concepts.edges[at].length);
    if (!concepts.edges[at].length) return;
    index.push(line(`c${at}`, concepts.name[at], weight + 1));
    for (const alias of concepts.aliases[at]) index.push(line(`c${at}`, alias, weight, `also: ${shortened(alias, 40)}`));
  });
  papers.id.forEach((_, at) => {
    index.push(line(`p${at}`, papers.title[at], papers.size[at]));
    for (const author of papers.authors[at]) index.push(line(`p${at}`, author, papers.size[at] - 1, author));
  });
}

// The lines that hold all words, the last perhaps begun; whole names and beginnings first.
function search(words) {
  if (!index) makeIndex();
  const query = fold(words).replace(/[^\p{L}\p{N}+#]+/gu, " ").trim();
  if (!query) return [];
  const parts = query.split(" ").map((part) => ` ${part}`);
  const best = new Map();
  for (const line of index) {
    if (!parts.every((part) => line.folded.includes(part))) continue;
    const score = line.weight + (line.folded === ` ${query} ` ? 40 : line.folded.startsWith(` ${query}`) ? 12 : 0)
      - line.text.length / 200;
    if (!best.has(line.key) || best.get(line.key).score < score) best.set(line.key, { ...line, score });
  }
  if (!best.size && query.length > 2) {
    for (const line of index) if (line.folded.includes(query)) best.set(line.key, { ...line, score: line.weight });
  }
  return [...best.values()].sort((a, b) => b.score - a.score || (a.key < b.key ? -1 : 1)).slice(0, MOST_FOUND);
}

function showFound() {
  const field = $("query");
  if (asked === field.value && !$("found").hidden) return;
  asked = field.value;
  found = papers ? search(field.value) : [];
  active = found.length ? 0 : -1;
  $("found").replaceChildren(...found.map(foundLine));
  if (!found.length && field.value.trim()) $("found").append(el("li", { role: "option", "aria-disabled": "true" }, "Nothing found"));
  setOpen(Boolean(field.value.trim()));
  markActive();
}

function foundLine({ key, how }, at) {
  const count = isPaper(key) ? String(papers.year[row(key)] ?? "") : plural(concepts.edges[row(key)].length, "paper");
  const note = [how, count].filter(Boolean).join(" · ");
  return el("li", { role: "option", id: `found-${at}`, "aria-selected": "false", on: {
    mousedown: (event) => { event.preventDefault(); take(at); },
  } }, icon(typeOf(key)), el("span", {}, shortened(nameOf(key), 110), " ", el("small", {}, note)));
}

function setOpen(open) {
  $("found").hidden = !open;
  $("query").setAttribute("aria-expanded", String(open));
}

function markActive() {
  [...$("found").children].forEach((line, at) => line.setAttribute("aria-selected", String(at === active)));
  if (active >= 0) {
    $("query").setAttribute("aria-activedescendant", `found-${active}`);
    $(`found-${active}`).scrollIntoView({ block: "nearest" });
  } else $("query").removeAttribute("aria-activedescendant");
}

function take(at) {
  const { key } = found[at] ?? {};
  if (!key) return;
  setOpen(false);
  $("query").value = "";
  choose(key, true);
  $("details").focus({ preventScroll: true });
}

function searchKeys(event) {
  if (["ArrowDown", "ArrowUp", "Enter"].includes(event.key)) showFound();
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    if (!found.length) return;
    active = (active + (event.key === "ArrowDown" ? 1 : found.length - 1)) % found.length;
    markActive();
  } else if (event.key === "Enter") take(active);
  else if (event.key === "Escape") {
    event.stopPropagation();
    if (!$("query").value) $("query").blur();
    setOpen(false);
    $("query").value = "";
  }
}

function bindSearch() {
  $("query").addEventListener("input", later(showFound, 40));
  $("query").addEventListener("keydown", searchKeys);
  $("query").addEventListener("blur", () => setOpen(false));
  $("query").addEventListener("focus", () => $("query").value && showFound());
}

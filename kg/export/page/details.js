// Details of what is chosen: a paper, a concept, a link; every line with the sentence that says it.

const nameLink = (key, text = nameOf(key)) =>
  el("a", { href: chosenLink(key), on: { click: (event) => follow(event, key) } }, text);
let turn = 0; // details that were asked for later win over those that arrive later

async function showDetails() {
  const mine = ++turn;
  const made = await (walk ? walkDetails() : chosenDetails());
  if (mine !== turn) return;
  $("details").replaceChildren(...made);
  $("details").scrollTop = 0;
}

function chosenDetails() {
  const key = chosenKey();
  const other = keyOf(state.other);
  if (key && other) return linkDetails(key, other);
  if (state.chosen && !key) return [el("h2", {}, "Not in this graph"), el("p", {}, state.chosen)];
  if (!key) return welcome();
  return isPaper(key) ? paperDetails(row(key)) : conceptDetails(row(key));
}

function welcome() {
  const { counts, left_out: out } = start;
  const most = [...concepts.id.keys()].sort((a, b) => concepts.edges[b].length - concepts.edges[a].length).slice(0, 8);
  const notes = [];
  if (out.papers_in_picture < counts.papers || out.concepts_in_picture < out.concepts_used) {
    notes.push(`The picture begins with ${plural(out.papers_in_picture, "paper")} and `
      + `${plural(out.concepts_in_picture, "concept")} that stand for the rest. Choosing anything, by search or from a `
      + "list, brings it and its neighbours into the picture.");
  }
  if (out.concepts_in_file < out.concepts_used) {
    notes.push(`${plural(out.concepts_used - out.concepts_in_file, "concept")} of few papers are not in this file: `
      + "“kg show PAPER” lists them.");
  }
  if (packOf.size < counts.papers) {
    notes.push(`Abstracts and sentences of ${plural(counts.papers - packOf.size, "paper")} are not in this file: `
      + "“kg show PAPER” prints them.");
  }
  return [
    el("h2", {}, "What is here"),
    el("p", {}, `${plural(counts.papers, "paper")} and ${plural(out.concepts_used, "concept")} that they introduce, use, `
      + "study or compare with. Choose one to see what says so."),
    el("h3", {}, "In most papers"),
    el("ul", {}, ...most.map((at) => el("li", {}, rowLink(`c${at}`, plural(concepts.edges[at].length, "paper"))))),
    ...notes.map((note) => el("p", { class: "note" }, note)),
  ];
}

async function paperDetails(at) {
  const text = await textOf(at);
  const own = edgesOfPaper(at);
  const venue = [papers.venue[at], papers.track[at], papers.repository[at], papers.year[at]].filter(Boolean).join(" · ");
  const groups = start.roles.map((role, number) => [role, own.filter((edge) => edges.role[edge] === number)]);
  return [
    kindLine(start.paper, `paper${venue ? ` · ${venue}` : ""}`),
    el("h2", {}, papers.title[at]),
    papers.authors[at].length ? el("p", {}, papers.authors[at].join(", ")) : "",
    ...addresses(at),
    actions(`p${at}`),
    text ? abstractWithMarks(text, at) : leftOut(),
    ...(await Promise.all(groups.filter(([, list]) => list.length).map(async ([role, list]) =>
      el("div", {}, el("h3", { title: role.definition }, role.label), ...(await Promise.all(list.map(conceptLine))))))),
    ...statedIn(text),
    el("h3", {}, "Most like it"),
    ...likest(at, 8).map(([other, weight]) => likeLine(at, other, weight)),
  ].filter(Boolean);
}

const leftOut = () => el("p", { class: "note" }, "The abstract and its sentences are not in this file; “kg show” prints them.");

function addresses(at) {
  const doi = papers.doi[at] && `https://doi.org/${encodeURI(papers.doi[at])}`;
  const arxiv = papers.arxiv_id[at] && `https://arxiv.org/abs/${encodeURI(papers.arxiv_id[at])}`;
  return pageLinks([...new Set([papers.url[at], doi, arxiv].filter(Boolean))]);
}

// A line an address; only those of the web (http, https) are links.
const pageLinks = (texts) => texts.map((text) => {
  const href = webAddress(text);
  return el("p", {}, href ? el("a", { href, rel: "noopener noreferrer", target: "_blank" }, shortened(text, 80)) : shortened(text, 200));
});

function actions(key) {
  return el("div", { class: "actions" },
    isPaper(key) ? button("Path to another paper", () => beginWalk(key)) : "",
    button(state.only ? "Show all" : "Only what is around", () => go({ only: state.only ? "" : "1" })));
}

function abstractWithMarks(text) {
  const from = text.whole.length - text.abstract.length;
  const out = [];
  let at = from;
  for (const [begin, end, concept] of text.marks) {
    if (begin < at) continue;
    out.push(text.whole.slice(at, begin), markLink(concept, text.whole.slice(begin, end)));
    at = end;
  }
  out.push(text.whole.slice(at));
  return el("p", { class: "abstract" }, ...out);
}

function markLink(concept, text) {
  const type = start.types[concepts.type[concept]];
  const link = nameLink(`c${concept}`, text);
  set(link, { class: "mark", "type-colour": type.colour, title: `${concepts.name[concept]} (${type.label})` });
  return link;
}

async function conceptLine(edge) {
  const key = `c${edges.concept[edge]}`;
  return evidence(el("span", {}, icon(typeOf(key)), " ", nameLink(key)), typeOf(key), await evidenceOf(edge));
}

// A line that opens to its sentences; the first stands there at once.
function evidence(head, type, quotes) {
  const lines = quotes.map((quote) => quoteBlock(quote, type));
  if (!lines.length) return el("div", { class: "evidence" }, head);
  const more = lines.length > 1 ? el("details", {}, el("summary", { class: "note" }, `${lines.length - 1} more`), ...lines.slice(1)) : "";
  return el("div", { class: "evidence" }, head, lines[0], more);
}

function quoteBlock({ before, quote, after, role, score }, type) {
  const said = start.roles[role]?.label;
  return el("blockquote", { class: "quote" }, before, el("mark", { "type-colour": type.colour }, quote), after,
    el("cite", {}, [said, score === undefined ? "" : `sure ${Math.round(100 * score)}%`].filter(Boolean).join(" · ")));
}

function statedIn(text) {
  if (!text?.relations.length) return [];
  return [el("h3", {}, "Says of concepts"), ...text.relations.map(([subject, relation, object, from, to]) =>
    el("div", {}, tripleLine(subject, relation, object), el("blockquote", { class: "quote" }, text.whole.slice(from, to))))];
}

const tripleLine = (subject, relation, object) =>
  el("span", {}, nameLink(`c${subject}`), ` ${start.relations[relation].label} `, nameLink(`c${object}`));

function likeLine(at, other, weight) {
  const names = shares(at, other).slice(0, 4).map((share) => concepts.name[share.concept]).join(", ");
  const why = el("a", { href: fragment({ chosen: addressOf(`p${at}`), other: addressOf(`p${other}`) }) }, `why (${weight.toFixed(2)})`);
  return el("p", {}, nameLink(`p${other}`), " ", why, el("br"), el("span", { class: "note" }, `shares ${names}`));
}

async function conceptDetails(at) {
  const type = start.types[concepts.type[at]];
  const own = concepts.edges[at];
  const groups = start.roles.map((role, number) => [role, own.filter((edge) => edges.role[edge] === number)]);
  const list = (title, rows) => (rows.length ? [el("h3", {}, title), el("p", {}, ...joined(rows.map((c) => nameLink(`c${c}`))))] : []);
  return [
    kindLine(type, `${type.label} · ${plural(own.length, "paper")}`),
    el("h2", {}, concepts.name[at]),
    concepts.definition[at] ? el("p", {}, concepts.definition[at]) : "",
    concepts.aliases[at].length ? el("p", { class: "note" }, `also called ${concepts.aliases[at].join(", ")}`) : "",
    ...pageLinks(concepts.see_also[at]),
    ...list("Broader", concepts.broader[at]),
    ...list("Narrower", concepts.narrower[at].slice(0, 40)),
    actions(`c${at}`),
    ...(await Promise.all(groups.filter(([, rows]) => rows.length).map(([role, rows]) => papersByRole(role, rows, type)))),
    ...relationsOf(at),
    el("h3", {}, "Found beside"),
    el("p", {}, ...joined(beside(at, 12).map(([other]) => nameLink(`c${other}`)))),
  ].filter(Boolean);
}

const joined = (items) => items.flatMap((item, at) => (at ? [", ", item] : [item]));
const BY_ROLE = 30; // papers whose sentences stand there at once

async function papersByRole(role, rows, type) {
  const lines = await Promise.all(rows.slice(0, BY_ROLE).map(async (edge) =>
    evidence(nameLink(`p${edges.paper[edge]}`), type, await evidenceOf(edge))));
  const rest = rows.slice(BY_ROLE);
  const silent = rows.slice(0, BY_ROLE).filter((edge) => !packOf.has(edges.paper[edge])).length;
  return el("div", {}, el("h3", { title: role.definition }, `${role.label} · ${plural(rows.length, "paper")}`), ...lines,
    silent ? el("p", { class: "note" }, `The sentences of ${plural(silent, "paper")} are not in this file; “kg show” prints them.`) : "",
    rest.length ? longList(rest, (edge) => nameLink(`p${edges.paper[edge]}`)) : "");
}

function relationsOf(at) {
  const said = [];
  relations.subject.forEach((subject, line) => { if (subject === at || relations.object[line] === at) said.push(line); });
  if (!said.length) return [];
  return [el("h3", {}, "Papers say"), ...said.slice(0, 40).map((line) =>
    el("p", {}, tripleLine(relations.subject[line], relations.relation[line], relations.object[line]), " ",
      el("span", { class: "note" }, "in ", ...joined(relations.papers[line].slice(0, 3).map((p) => nameLink(`p${p}`, shortTitle(papers.title[p])))))))];
}

async function linkDetails(key, other) {
  if (isPaper(key) && isPaper(other)) return paperLink(row(key), row(other));
  if (!isPaper(key) && !isPaper(other)) return conceptLink(row(key), row(other));
  const [paper, concept] = isPaper(key) ? [row(key), row(other)] : [row(other), row(key)];
  const edge = edgeBetween(paper, concept);
  if (edge < 0) return [el("p", {}, "These two are not linked.")];
  return [
    kindLine(start.paper, `${start.roles[edges.role[edge]].label}`),
    el("h2", {}, nameLink(`p${paper}`), ` ${start.roles[edges.role[edge]].label} `, nameLink(`c${concept}`)),
    evidence("", typeOf(`c${concept}`), await evidenceOf(edge)),
  ];
}

async function paperLink(left, right) {
  const shared = shares(left, right);
  const whole = shared.reduce((sum, share) => sum + share.weight, 0);
  const blocks = await Promise.all(shared.map((share) => shareBlock(share, shared[0].weight)));
  return [
    kindLine(start.paper, `linked papers · weight ${whole.toFixed(3)}`),
    el("h2", {}, nameLink(`p${left}`)), el("p", {}, "and"), el("h2", {}, nameLink(`p${right}`)),
    el("p", { class: "note" }, "They share these concepts, the most telling first: what few papers have counts, what all have doesn't."),
    ...(blocks.length ? blocks : [el("p", {}, "They share no concept.")]),
  ];
}

async function shareBlock({ concept, left, right, weight }, most) {
  const type = start.types[concepts.type[concept]];
  const bar = el("span", { class: "bar" });
  bar.style.width = `${Math.max(2, (80 * weight) / (most || 1))}px`;
  const side = async (edge) => evidence(nameLink(`p${edges.paper[edge]}`, shortTitle(papers.title[edges.paper[edge]])),
    type, (await evidenceOf(edge)).slice(0, 1));
  return el("div", {}, el("h3", {}, icon(type), " ", nameLink(`c${concept}`)),
    el("p", { class: "note" }, bar, `${weight.toFixed(3)} · in ${plural(concepts.edges[concept].length, "paper")}`),
    await side(left), await side(right));
}

async function conceptLink(left, right) {
  const both = together(left, right);
  const stated = relations.subject.flatMap((subject, line) =>
    [[left, right], [right, left]].some(([s, o]) => subject === s && relations.object[line] === o) ? [line] : []);
  const lines = await Promise.all(both.slice(0, BY_ROLE).map(async ({ paper, left: one, right: two }) =>
    el("div", {}, el("h3", {}, nameLink(`p${paper}`)),
      evidence(nameLink(`c${left}`), typeOf(`c${left}`), (await evidenceOf(one)).slice(0, 1)),
      evidence(nameLink(`c${right}`), typeOf(`c${right}`), (await evidenceOf(two)).slice(0, 1)))));
  return [
    kindLine(typeOf(`c${left}`), `together in ${plural(both.length, "paper")}`),
    el("h2", {}, nameLink(`c${left}`), " and ", nameLink(`c${right}`)),
    ...stated.map((line) => el("p", {}, tripleLine(relations.subject[line], relations.relation[line], relations.object[line]))),
    ...lines,
    both.length > BY_ROLE ? el("p", { class: "note" }, `and ${plural(both.length - BY_ROLE, "more paper")}`) : "",
  ].filter(Boolean);
}

// The graph as the file holds it. Nodes are called "p<row>" and "c<row>"; edges go by their number.

async function readBlock(id) {
  const element = $(id);
  const text = element.textContent;
  element.remove();
  if (element.type === "application/json") return JSON.parse(text);
  const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return JSON.parse(await new Response(stream).text());
}

const start = JSON.parse($("start").textContent);
let papers = null;
let concepts = null;
let edges = null;
let relations = null;
const rowOf = { p: new Map(), c: new Map() };

async function readTables() {
  ({ papers, concepts, edges, relations } = await readBlock("tables"));
  papers.id.forEach((id, row) => rowOf.p.set(id, row));
  concepts.id.forEach((id, row) => rowOf.c.set(id, row));
  edges.paper = new Int32Array(edges.concept.length);
  papers.id.forEach((_, row) => edges.paper.fill(row, edges.at[row], edges.at[row + 1]));
  concepts.edges = concepts.id.map(() => []);
  edges.concept.forEach((concept, edge) => concepts.edges[concept].push(edge));
  concepts.rarity = concepts.edges.map((own) => Math.log(papers.id.length / Math.max(own.length, 1)));
  concepts.narrower = concepts.id.map(() => []);
  concepts.broader.forEach((above, row) => above.forEach((up) => concepts.narrower[up].push(row)));
}

const isPaper = (key) => key[0] === "p";
const row = (key) => Number(key.slice(1));
const nameOf = (key) => visible(isPaper(key) ? papers.title[row(key)] : concepts.name[row(key)]);
const addressOf = (key) => (isPaper(key) ? `paper/${papers.id[row(key)]}` : `concept/${concepts.id[row(key)]}`);

function keyOf(address) {
  const cut = address.indexOf("/");
  const letter = { paper: "p", concept: "c" }[address.slice(0, cut)];
  const found = letter && rowOf[letter].get(address.slice(cut + 1));
  return found === undefined || letter === undefined ? "" : letter + found;
}

const edgesOfPaper = (paper) => {
  const own = [];
  for (let edge = edges.at[paper]; edge < edges.at[paper + 1]; edge++) own.push(edge);
  return own;
};

function edgeBetween(paper, concept) {
  for (let edge = edges.at[paper]; edge < edges.at[paper + 1]; edge++) if (edges.concept[edge] === concept) return edge;
  return -1;
}

// An edge's part in its paper's vector: weight times rarity, the vector of length 1 (kg.graph.projection).
const component = (edge) =>
  ((edges.weight[edge] / 1000) * concepts.rarity[edges.concept[edge]]) / (papers.length[edges.paper[edge]] || 1);

// What two papers share, strongest first, among the edges for which `on` holds.
function shares(left, right, on = () => true) {
  const mine = new Map();
  for (const edge of edgesOfPaper(left)) if (on(edge)) mine.set(edges.concept[edge], edge);
  const found = [];
  for (const edge of edgesOfPaper(right)) {
    const other = mine.get(edges.concept[edge]);
    if (other !== undefined && on(edge)) {
      found.push({ concept: edges.concept[edge], left: other, right: edge, weight: component(other) * component(edge) });
    }
  }
  return found.sort((a, b) => b.weight - a.weight || a.concept - b.concept);
}

const COMMON = 2000; // papers; a concept in more doesn't bring papers together by itself

function likest(paper, most) {
  const score = new Map();
  for (const edge of edgesOfPaper(paper)) {
    const own = concepts.edges[edges.concept[edge]];
    if (own.length > COMMON) continue;
    for (const other of own) {
      const there = edges.paper[other];
      if (there !== paper) score.set(there, (score.get(there) ?? 0) + component(edge) * component(other));
    }
  }
  return strongest(score, most);
}

function beside(concept, most) {
  const count = new Map();
  for (const edge of concepts.edges[concept].slice(0, COMMON)) {
    for (const other of edgesOfPaper(edges.paper[edge])) {
      const there = edges.concept[other];
      if (there !== concept) count.set(there, (count.get(there) ?? 0) + 1);
    }
  }
  for (const [there, n] of count) count.set(there, n / Math.sqrt(concepts.edges[there].length));
  return strongest(count, most);
}

const strongest = (score, most) =>
  [...score].filter(([, value]) => value > 0).sort((a, b) => b[1] - a[1] || a[0] - b[0]).slice(0, most);

// Papers that have both concepts, as pairs of edges.
function together(left, right) {
  const mine = new Map(concepts.edges[left].map((edge) => [edges.paper[edge], edge]));
  return concepts.edges[right]
    .filter((edge) => mine.has(edges.paper[edge]))
    .map((edge) => ({ paper: edges.paper[edge], left: mine.get(edges.paper[edge]), right: edge }));
}

// Texts stand in packs; one is opened when a paper in it is looked at.
const packOf = new Map(start.packed.flatMap((held, pack) => held.map((paper, at) => [paper, [pack, at]])));
const opened = new Map();

async function textOf(paper) {
  if (!packOf.has(paper)) return null;
  const [pack, at] = packOf.get(paper);
  if (!opened.has(pack)) opened.set(pack, readBlock(`texts-${pack}`));
  const text = (await opened.get(pack))[at];
  text.whole ??= `${papers.title[paper]}\n${text.abstract}`;
  return text;
}

async function evidenceOf(edge) {
  const text = await textOf(edges.paper[edge]);
  if (!text) return [];
  return text.evidence[edge - edges.at[edges.paper[edge]]].map(([from, to, quoteFrom, quoteTo, role, score]) => ({
    before: text.whole.slice(from, quoteFrom),
    quote: text.whole.slice(quoteFrom, quoteTo),
    after: text.whole.slice(quoteTo, to),
    role,
    score: score / 1000,
  }));
}

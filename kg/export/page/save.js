// What one takes along: the picture, the papers as BibTeX, the query of what is shown.

function makeSaves() {
  $("saves").append(
    button("Picture as PNG", savePng),
    button("Picture as SVG", () => download("graph.svg", new Blob([svgText()], { type: "image/svg+xml" }))),
    button("Copy papers as BibTeX", () => tell(copy(bibtex()), "BibTeX of the papers shown is on the clipboard.")),
    button("Copy query for SPARQL", () => tell(copy(sparql()), "The SPARQL query of what is shown is on the clipboard.")),
    button("Copy address of this view", () => tell(copy(location.href), "The address of this view is on the clipboard.")),
  );
}

async function tell(done, text) {
  await done;
  $("menu").open = false;
  $("hint").textContent = text;
  setTimeout(() => { if ($("hint").textContent === text) $("hint").textContent = ""; }, 4000);
}

function savePng() {
  const canvas = $("picture").querySelector("canvas");
  const copyOf = el("canvas", { width: canvas.width, height: canvas.height });
  const context = copyOf.getContext("2d");
  context.fillStyle = paint.back;
  context.fillRect(0, 0, copyOf.width, copyOf.height);
  context.drawImage(canvas, 0, 0);
  copyOf.toBlob((blob) => download("graph.png", blob), "image/png");
}

const escaped = (text) => text.replace(/[&<>"]/gu, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[c])
  .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/gu, "");

function svgText() {
  const ids = nodeSet.getIds();
  const place = network.getPositions(ids);
  const around = ids.map((id) => [place[id].x, place[id].y]);
  const [left, right] = minmax(around.map(([x]) => x));
  const [top, bottom] = minmax(around.map(([, y]) => y));
  const lines = edgeSet.get().map(({ from, to, width }) =>
    `<line x1="${place[from].x}" y1="${place[from].y}" x2="${place[to].x}" y2="${place[to].y}" stroke-width="${width.toFixed(2)}"/>`);
  const shapes = ids.map((id) => `<path d="${outlinePath(known.get(id).group, place[id].x, place[id].y, known.get(id).size)}" `
    + `fill="${fillOf(typeOf(id))}"><title>${escaped(nameOf(id))}</title></path>`);
  const labels = ids.map((id) => `<text x="${place[id].x}" y="${place[id].y + known.get(id).size * 1.3 + 12}">${escaped(labelOf(id))}</text>`);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${left - 90} ${top - 50} ${right - left + 180} ${bottom - top + 100}" `
    + `font-family="sans-serif" font-size="12" text-anchor="middle"><rect x="${left - 90}" y="${top - 50}" width="100%" height="100%" fill="${paint.back}"/>`
    + `<g stroke="${paint.edge}" stroke-opacity="0.5">${lines.join("")}</g><g stroke="${paint.outline}">${shapes.join("")}</g>`
    + `<g fill="${paint.ink}">${labels.join("")}</g></svg>`;
}

const shownPapers = () => papers.id.map((_, at) => at).filter(filter.paperOn);
const TEX = { "\\": "\\textbackslash{}", "{": "\\textbraceleft{}", "}": "\\textbraceright{}", "^": "\\textasciicircum{}", "~": "\\textasciitilde{}" };
const tex = (text) => visible(text).replace(/[\\{}^~&%$#_]/gu, (c) => TEX[c] ?? `\\${c}`).replace(/\s+/gu, " ").trim();
const author = (name) => (/\band\b/iu.test(name) ? `{${tex(name)}}` : tex(name)); // "and" stands between authors
const plainAddress = (text) => webAddress(text).replace(/[\\{}^~`|<>"\s]/gu, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);

// Keys as people would make them of ids, in any script; no two alike, whatever their letters' case.
function bibtexKeys(rows) {
  const taken = new Set();
  return rows.map((at) => {
    const plain = visible(papers.id[at]).normalize("NFC").replace(/[^\p{L}\p{M}\p{N}:._-]+/gu, "-").replace(/^-+|-+$/gu, "") || "paper";
    let key = plain;
    for (let n = 2; taken.has(key.toLowerCase()); n++) key = `${plain}-${n}`;
    taken.add(key.toLowerCase());
    return key;
  });
}

function bibtex() {
  const rows = shownPapers();
  const keys = bibtexKeys(rows);
  return rows.map((at, number) => {
    const fields = { title: `{${tex(papers.title[at])}}`, author: papers.authors[at].map(author).join(" and "),
      booktitle: tex(papers.venue[at]), year: papers.year[at] ?? "", doi: tex(papers.doi[at]),
      eprint: tex(papers.arxiv_id[at]), url: tex(plainAddress(papers.url[at])) };
    const lines = Object.entries(fields).filter(([, value]) => value).map(([name, value]) => `  ${name} = {${value}}`);
    return `@${papers.venue[at] ? "inproceedings" : "misc"}{${keys[number]},\n${lines.join(",\n")}\n}\n`;
  }).join("\n");
}

const segment = (id) => encodeURIComponent(id).replace(/[!'()*]/gu, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
const NAMED = 200; // papers that a query names; more are asked for by what they have

function sparql() {
  const shown = shownPapers();
  const whole = shown.length === papers.id.length || shown.length > NAMED;
  const roles = start.roles.filter((_, number) => !parts(state.roles).has(number)).map((role) => `<${role.iri}>`);
  const types = start.types.filter((_, number) => !parts(state.hidden).has(number)).map((type) => `<${start.ontology}${type.name}>`);
  const key = chosenKey();
  const one = key && `VALUES ?${isPaper(key) ? "paper" : "concept"} { <${start.base}${isPaper(key) ? "paper" : "concept"}/${segment(addressOf(key).split("/").slice(1).join("/"))}> }`;
  const named = whole ? "" : `VALUES ?paper { ${shown.map((at) => `<${start.base}paper/${segment(papers.id[at])}>`).join(" ")} }`;
  return ["PREFIX skos: <http://www.w3.org/2004/02/skos/core#>", "PREFIX dcterms: <http://purl.org/dc/terms/>",
    "SELECT ?title ?role ?name ?type WHERE {", one || named, `VALUES ?role { ${roles.join(" ")} }`, `VALUES ?type { ${types.join(" ")} }`,
    "?paper ?role ?concept ; dcterms:title ?title .", "?concept a ?type ; skos:prefLabel ?name .",
    "} ORDER BY ?title ?role ?name"].filter(Boolean).join("\n");
}

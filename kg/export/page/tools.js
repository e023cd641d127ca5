// Gaps, and concepts over the years.

const LISTS = { papers: paperRows, concepts: conceptRows, communities: communityRows, gaps: gapRows, time: timeRows };

function gapRows() {
  const formula = "Score: the sum, over concepts c found beside both, of w(a,c) · w(b,c) / ln(1 + links of c), "
    + "where w is how far two concepts stand together beyond chance (Adamic and Adar’s index with weights).";
  if (!start.gaps.length) return [el("p", { class: "note" }, "No method and task, or data set and method, are close and yet never in one paper.")];
  return [
    el("p", { class: "note" }, "Close in the graph, never together in a paper: perhaps worth a look."),
    el("ol", {}, ...start.gaps.map(gapLine)),
    el("p", { class: "note" }, formula),
  ];
}

function gapLine({ left, right, score, via }) {
  const side = (concept) => concepts.edges[concept].slice(0, 3).flatMap((edge, at) =>
    [at ? ", " : "", nameLink(`p${edges.paper[edge]}`, shortTitle(papers.title[edges.paper[edge]]))]);
  return el("li", { class: "gap" },
    el("p", {}, icon(typeOf(`c${left}`)), " ", nameLink(`c${left}`), " and ", icon(typeOf(`c${right}`)), " ", nameLink(`c${right}`),
      " ", el("small", {}, score.toFixed(3))),
    el("p", { class: "note" }, `through ${via.slice(0, 4).map((concept) => concepts.name[concept]).join(", ")}`),
    el("p", { class: "note" }, "one side: ", ...side(left), "; other side: ", ...side(right)));
}

function timeRows() {
  const last = state.to || years.to;
  const value = el("span", {}, String(last));
  const input = el("input", { type: "range", min: years.from, max: years.to, step: 1, "aria-label": "Up to year", on: {
    input: () => { value.textContent = input.value; settle({ to: Number(input.value) === years.to ? 0 : Number(input.value) }); },
  } });
  input.value = last;
  const shown = concepts.id.map((_, at) => at).filter((at) => filter.counts[at] >= 2)
    .sort((a, b) => filter.counts[b] - filter.counts[a] || a - b);
  return [
    el("label", { class: "field" }, "Papers up to ", value, input),
    el("p", { class: "note" }, "Papers a year for the commonest concepts, first seen and where they go."),
    longList(shown, (at) => timeLine(at, last)),
  ];
}

function timeLine(at, last) {
  const span = years.to - years.from + 1;
  const all = Array(span).fill(0);
  for (const edge of concepts.edges[at]) {
    const year = papers.year[edges.paper[edge]];
    if (year) all[year - years.from]++;
  }
  const first = years.from + all.findIndex(Boolean);
  return el("div", {}, rowLink(`c${at}`, filter.counts[at]), sparkline(all, last),
    el("p", { class: "note" }, `first seen ${first}${trend(all)}`));
}

// Rise or fade: the share of a concept's papers in the last third of the years against an even spread.
function trend(all) {
  const papersPerYear = yearTotals();
  const share = all.map((n, at) => (papersPerYear[at] ? n / papersPerYear[at] : 0));
  const third = Math.max(1, Math.round(all.length / 3));
  const mean = (values) => values.reduce((a, b) => a + b, 0) / values.length;
  const [early, late] = [mean(share.slice(0, -third)), mean(share.slice(-third))];
  if (all.length < 3 || late + early === 0) return "";
  if (late > 1.5 * early) return ", rising";
  return early > 1.5 * late ? ", fading" : ", steady";
}

let totals = null;
function yearTotals() {
  if (totals) return totals;
  totals = Array(years.to - years.from + 1).fill(0);
  for (const year of papers.year) if (year) totals[year - years.from]++;
  return totals;
}

function sparkline(all, last) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  const most = Math.max(...all, 1);
  svg.setAttribute("viewBox", `0 0 ${all.length * 10} 30`);
  svg.setAttribute("preserveAspectRatio", "none");
  svg.setAttribute("class", "spark");
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", all.map((n, at) => `${years.from + at}: ${n}`).join(", "));
  all.forEach((n, at) => {
    const rect = document.createElementNS(space, "rect");
    const height = n ? Math.max(1.5, (28 * n) / most) : 0.5;
    for (const [name, value] of Object.entries({ x: at * 10 + 1, width: 8, y: 30 - height, height })) rect.setAttribute(name, value);
    if (years.from + at > last) rect.setAttribute("class", "later");
    svg.append(rect);
  });
  return svg;
}

// Filters: what is on. Edges decide: a concept is on while enough papers that are on have it.

const filter = { counts: null, papers: null };
const parts = (list) => new Set(list ? list.split(".").map(Number) : []);

function applyFilters() {
  const hidden = parts(state.hidden);
  const roles = parts(state.roles);
  filter.papers = papers.id.map((_, at) => paperFits(at));
  filter.counts = new Int32Array(concepts.id.length);
  filter.edge = (edge) =>
    filter.papers[edges.paper[edge]] && !roles.has(edges.role[edge]) && edges.score[edge] >= 1000 * state.sure
    && !hidden.has(concepts.type[edges.concept[edge]]);
  for (let edge = 0; edge < edges.concept.length; edge++) if (filter.edge(edge)) filter.counts[edges.concept[edge]]++;
  filter.some = Boolean(hidden.size || roles.size || state.sure || state.from || state.to || state.venue || state.community);
}

function paperFits(at) {
  if (parts(state.hidden).has(-1)) return false;
  const year = papers.year[at];
  if (state.from && (!year || year < state.from)) return false;
  if (state.to && (!year || year > state.to)) return false;
  if (state.venue && venueOf(at) !== state.venue) return false;
  return !state.community || papers.community[at] === Number(state.community);
}

filter.paperOn = (at) => filter.papers[at];
filter.conceptOn = (at) => filter.counts[at] >= Math.max(1, state.least);

// Whether a link of the picture is on: its weight is enough, and something that is on still makes it.
filter.linkOn = ({ kind, from, to, weight }) => {
  if (kind === "role") {
    const edge = edgeBetween(row(from), row(to));
    return filter.edge(edge) && filter.conceptOn(row(to));
  }
  if (weight < state.weight) return false;
  if (!filter.some) return true;
  if (kind === "shares") return shares(row(from), row(to), filter.edge).some((share) => share.weight > 0.001);
  return together(row(from), row(to)).some(({ left, right }) => filter.edge(left) && filter.edge(right));
};

const venueOf = (at) => papers.venue[at] || papers.repository[at] || "";

function makeLegend() {
  const used = start.types.map((_, type) => concepts.type.filter((t, at) => t === type && concepts.edges[at].length).length);
  const line = (type, number, label, count, title) => {
    const box = el("input", { type: "checkbox", on: { change: () => toggle("hidden", number, !box.checked) } });
    box.dataset.number = number;
    return el("label", { title }, box, icon(type), label, el("span", { class: "count" }, grouped(count)));
  };
  $("legend").append(el("div", {},
    line(start.paper, -1, "paper", papers.id.length, "The papers"),
    ...start.types.map((type, number) => line(type, number, type.label, used[number], type.definition))));
}

function toggle(name, number, add) {
  const list = parts(state[name]);
  if (add) list.add(number);
  else list.delete(number);
  go({ [name]: [...list].sort((a, b) => a - b).join(".") });
}

function makeFields() {
  const span = papers.year.filter(Boolean);
  years.from = Math.min(...span.slice(0, 1), ...minmax(span));
  years.to = Math.max(...minmax(span), 0);
  const most = Math.min(concepts.edges.reduce((top, own) => Math.max(top, own.length), 1), 20);
  const venues = [...new Set(papers.id.map((_, at) => venueOf(at)))].filter(Boolean).sort();
  $("fields").append(
    slider("least", "Concepts in at least … papers", 1, most, 1),
    slider("weight", "Links at least this strong", 0, 0.6, 0.01),
    slider("sure", "Evidence at least this sure", 0, 1, 0.05),
    ...(span.length ? [yearField("from", "From year"), yearField("to", "To year")] : []),
    select("venue", "Venue", venues.map((venue) => [venue, venue])),
    select("community", "Community", start.communities.map((c, at) => [String(at), `${c.name} (${c.papers})`])),
    el("fieldset", {}, el("legend", {}, "What papers do with a concept"), ...start.roles.map(roleBox)),
    button("Reset filters", () => go({ ...filterDefaults() })),
  );
}

const minmax = (values) => (values.length ? [values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b))] : []);
const FILTERS = ["hidden", "roles", "least", "sure", "from", "to", "venue", "community", "weight"];
const filterDefaults = () => Object.fromEntries(FILTERS.map((name) => [name, defaults[name]]));

function slider(name, label, min, max, step) {
  const value = el("span", {});
  const input = el("input", { type: "range", min, max, step, on: {
    input: () => { value.textContent = input.value; settle({ [name]: Number(input.value) }); },
  } });
  input.dataset.field = name;
  return el("label", { class: "field" }, label, value, input);
}

const settle = later((changes) => go(changes, true), 60);

function yearField(name, label) {
  const input = el("input", { type: "number", min: years.from, max: years.to, placeholder: years[name], on: {
    change: () => go({ [name]: Number(input.value) || 0 }),
  } });
  input.dataset.field = name;
  return el("label", { class: "field" }, label, input);
}

function select(name, label, choices) {
  const all = choices.map(([value, text]) => el("option", { value }, shortened(text, 60)));
  const input = el("select", { on: { change: () => go({ [name]: input.value }) } }, el("option", { value: "" }, "all"), ...all);
  input.dataset.field = name;
  return el("label", { class: "field" }, label, el("span"), input);
}

function roleBox(role, number) {
  const box = el("input", { type: "checkbox", on: { change: () => toggle("roles", number, !box.checked) } });
  box.dataset.role = number;
  return el("label", { class: "check", title: role.definition }, box, role.label);
}

function showFilters() {
  const hidden = parts(state.hidden);
  const roles = parts(state.roles);
  for (const box of document.querySelectorAll("#legend input")) box.checked = !hidden.has(Number(box.dataset.number));
  for (const box of document.querySelectorAll("[data-role]")) box.checked = !roles.has(Number(box.dataset.role));
  for (const input of document.querySelectorAll("[data-field]")) {
    const value = state[input.dataset.field];
    input.value = value || (input.type === "range" ? 0 : "");
    if (input.type === "range") input.previousElementSibling.textContent = input.value;
  }
  const changed = FILTERS.filter((name) => name !== "hidden" && String(state[name]) !== String(defaults[name])).length;
  $("active").textContent = changed ? `(${changed})` : "";
}

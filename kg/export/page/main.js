// Beginning: the picture at once, the rest as soon as the tables are read.

function showPane(name) {
  document.body.dataset.pane = name;
  for (const tab of $("panes").children) tab.setAttribute("aria-pressed", String(tab.dataset.pane === name));
  if (name === "picture") network.redraw();
}

function showTheme() {
  const dark = state.theme ? state.theme === "dark" : darkWanted.matches;
  document.documentElement.dataset.theme = dark ? "dark" : "light";
  $("theme").setAttribute("aria-pressed", String(dark));
}
const darkWanted = matchMedia("(prefers-color-scheme: dark)");

let drawnView = "";
render = () => {
  showTheme();
  for (const tab of document.querySelectorAll("[data-view]")) tab.setAttribute("aria-pressed", String(tab.dataset.view === state.view));
  $("only").setAttribute("aria-pressed", String(Boolean(state.only)));
  if (papers) {
    applyFilters();
    findWalk();
  }
  draw();
  const view = `${state.view} ${state.only && state.chosen} ${state.walk}`;
  if (view !== drawnView) fitPicture();
  drawnView = view;
  if (!papers) return;
  showFilters();
  showLists();
  showDetails();
};

function fitPicture() {
  const nodes = walk ? [...walk.keys] : nodeSet.getIds();
  network.fit({ nodes, animation: false, maxZoomLevel: 1.6 });
}

function bindKeys() {
  addEventListener("keydown", (event) => {
    const typing = event.target.closest?.("input, select, textarea");
    if (event.key === "/" && !typing) {
      event.preventDefault();
      $("query").focus();
    } else if (event.key === "Escape") {
      if (walkFrom) endWalk();
      else if ($("menu").open) $("menu").open = false;
      else if (state.chosen || state.walk) go({ chosen: "", other: "", walk: "" });
    }
  });
}

function bindButtons() {
  for (const tab of document.querySelectorAll("[data-view]")) tab.addEventListener("click", () => go({ view: tab.dataset.view }));
  for (const tab of $("panes").children) tab.addEventListener("click", () => showPane(tab.dataset.pane));
  const zoom = (factor) => () => network.moveTo({ scale: network.getScale() * factor });
  $("closer").addEventListener("click", zoom(1.4));
  $("farther").addEventListener("click", zoom(1 / 1.4));
  $("fit").addEventListener("click", fitPicture);
  $("only").addEventListener("click", () => go({ only: state.only ? "" : "1" }));
  $("theme").addEventListener("click", () => go({ theme: $("theme").getAttribute("aria-pressed") === "true" ? "light" : "dark" }, true));
  $("move").addEventListener("click", () => {
    const on = $("move").getAttribute("aria-pressed") !== "true";
    $("move").setAttribute("aria-pressed", String(on));
    network.setOptions({ physics: { enabled: on, solver: "forceAtlas2Based", stabilization: false } });
  });
  darkWanted.addEventListener("change", () => render());
}

// What the address doesn't say: where many concepts are shared, those of one paper wait to be asked for.
function setDefaults() {
  const shared = concepts.edges.filter((own) => own.length > 1).length;
  defaults.least = shared >= 12 ? 2 : 1;
}

async function begin() {
  $("title").append(visible(start.title), el("small", {}, `${plural(start.counts.papers, "paper")}, ${plural(start.left_out.concepts_used, "concept")}`));
  makePicture();
  network.once("afterDrawing", () => performance.mark("drawn"));
  bindButtons();
  bindKeys();
  bindSearch();
  readState();
  if ($("tables").type !== "application/json") render();
  await readTables();
  setDefaults();
  readState();
  makeLegend();
  makeFields();
  makeTabs();
  makeSaves();
  render();
  requestAnimationFrame(fitPicture); // vis-network fits all by itself as it draws first
  document.body.dataset.ready = "true";
  performance.mark("ready");
  (window.requestIdleCallback ?? setTimeout)(() => index ?? makeIndex());
}

// For tests and for pages around this one: where a node stands on the page, and what is shown.
window.kgPage = {
  placeOf: (address) => network.canvasToDOM(network.getPosition(keyOf(address))),
  bright: () => (bright ? [...bright].map(addressOf) : null),
  shown: () => nodeSet.getIds().map(addressOf),
  links: () => edgeSet.get().map(({ from, to }) => [addressOf(from), addressOf(to)]),
};

begin();

// The picture: vis-network draws it; what is shown, how strongly, and where comes from here.

const known = new Map(); // every node that the picture has had: {x, y, size}
const links = new Map(); // every edge likewise, by its ends
const nodeSet = new vis.DataSet();
const edgeSet = new vis.DataSet();
let network = null;
let bright = null; // the nodes that stay while the rest fades; null for all
let paint = {};
let swell = 1; // how much larger than its measure things are drawn, so that they stay visible far out
const edgeId = (from, to) => `${from}~${to}`;

function makePicture() {
  for (const node of start.network.nodes) known.set(node.id, node);
  for (const edge of start.network.edges) links.set(edgeId(edge.from, edge.to), edge);
  const groups = Object.fromEntries(
    Object.keys(OUTLINES).map((shape) => [shape, { shape: "custom", ctxRenderer: nodeRenderer(shape) }]),
  );
  network = new vis.Network($("picture"), { nodes: nodeSet, edges: edgeSet }, { ...start.network.options, groups });
  network.on("click", clicked);
  network.on("hoverNode", ({ node }) => emphasise(node));
  network.on("blurNode", () => emphasise());
  network.on("beforeDrawing", swellWithZoom);
  network.on("afterDrawing", drawLabels);
  network.on("dragEnd", ({ nodes }) => nodes.forEach((id) => Object.assign(known.get(id), network.getPosition(id))));
}

// Far out, shapes and lines keep more of their width than the distances between them do.
function swellWithZoom() {
  const { clientWidth, clientHeight } = $("picture");
  const room = Math.sqrt((clientWidth * clientHeight) / Math.max(nodeSet.length, 1)) / 50;
  const now = Math.max(1, Math.min(network.getScale(), 1) ** -0.8 * Math.min(1, room));
  if (Math.abs(now - swell) < 0.01) return;
  for (const edge of Object.values(network.body.edges)) edge.options.width *= now / swell;
  swell = now;
}

const drawnSize = (id) => known.get(id).size * swell * (bright?.has(id) && nodeSet.length > CROWD ? STRONGER : 1);

function repaint() {
  for (const name of ["back", "ink", "muted", "edge", "accent", "outline", "paper"]) paint[name] = colour(`--${name}`);
  emphasise();
}

const nodeRenderer = (shape) => ({ ctx, id, x, y, state: { hover } }) => {
  const { group } = known.get(id);
  const size = drawnSize(id);
  return {
    drawNode() {
      ctx.globalAlpha = bright && !bright.has(id) ? 0.13 : 1;
      ctx.beginPath();
      for (const [dx, dy] of OUTLINES[shape]) ctx.lineTo(x + dx * size, y + dy * size);
      ctx.closePath();
      ctx.fillStyle = group === start.paper.shape ? paint.paper : colourOfShape[group];
      ctx.fill();
      ctx.lineWidth = (hover || id === chosenKey() ? 4 : 1.2) * swell;
      ctx.strokeStyle = hover || id === chosenKey() ? paint.accent : paint.outline;
      ctx.stroke();
      ctx.globalAlpha = 1;
    },
    nodeDimensions: { width: 2.4 * size, height: 2.4 * size },
  };
};
const colourOfShape = Object.fromEntries(start.types.map((type) => [type.shape, type.colour]));

const chosenKey = () => (papers ? keyOf(state.chosen) : "");
const VIEWS = { papers: "shares", concepts: "together", both: "role" };

// Bring the picture in line with the state: add and remove what differs, and leave the rest where it is.
function draw() {
  const centre = chosenKey();
  if (centre) fetchNeighbourhood(centre);
  const wantedEdges = new Map();
  const wantedNodes = new Set([...known.keys()].filter(nodeShown));
  for (const [id, edge] of links) if (edgeShown(edge, wantedNodes)) wantedEdges.set(id, edge);
  if (state.only && centre) keepAround(centre, wantedNodes, wantedEdges);
  sync(nodeSet, wantedNodes, (id) => ({ id, group: known.get(id).group, x: known.get(id).x, y: known.get(id).y }));
  sync(edgeSet, wantedEdges, (id) => drawnEdge(id, wantedEdges.get(id)));
  repaint();
  $("picture").setAttribute("aria-label",
    `Picture of ${plural(wantedNodes.size, "node")} and ${plural(wantedEdges.size, "link")}. The lists hold the same.`);
}

function nodeShown(id) {
  const kind = isPaper(id) ? "papers" : "concepts";
  if (walk && walk.keys.has(id)) return true;
  if (id === chosenKey()) return true;
  if (state.view !== "both" && state.view !== kind) return false;
  if (!papers) return true;
  return isPaper(id) ? filter.paperOn(row(id)) : filter.conceptOn(row(id));
}

function edgeShown(edge, nodes) {
  if (!nodes.has(edge.from) || !nodes.has(edge.to)) return false;
  if (walk && walk.edges.has(edgeId(edge.from, edge.to))) return true;
  if (edge.kind !== VIEWS[state.view]) return edge.kind === "role" && edge.from !== undefined && touchesChosen(edge);
  if (!papers) return true;
  return filter.linkOn(edge);
}

const touchesChosen = (edge) => [edge.from, edge.to].includes(chosenKey()) && filter.linkOn(edge);

function keepAround(centre, nodes, wanted) {
  const near = new Set([centre]);
  for (const edge of wanted.values()) {
    if (edge.from === centre) near.add(edge.to);
    if (edge.to === centre) near.add(edge.from);
  }
  for (const id of nodes) if (!near.has(id)) nodes.delete(id);
  for (const [id, edge] of wanted) if (!near.has(edge.from) || !near.has(edge.to)) wanted.delete(id);
}

function sync(set_, wanted, make) {
  const have = new Set(set_.getIds());
  set_.remove([...have].filter((id) => !wanted.has(id)));
  set_.add([...wanted.keys()].filter((id) => !have.has(id)).map(make));
}

const drawnEdge = (id, edge) => ({ id, from: edge.from, to: edge.to, width: widthOf(edge) * swell });
const widthOf = ({ kind, weight }) => (kind === "role" ? 0.8 + 1.2 * weight : 0.8 + 7 * Math.min(weight, 0.6));

const BESIDE = 24; // nodes that a click adds to the picture

// Nodes beside a chosen one that the picture didn't have yet; they stand where the layout put them.
function fetchNeighbourhood(key) {
  know(key);
  const found = isPaper(key)
    ? likest(row(key), BESIDE).map(([other, weight]) => ["shares", `p${other}`, weight])
    : beside(row(key), BESIDE).map(([other, weight]) => ["together", `c${other}`, Math.min(weight, 1)]);
  for (const [kind, other, weight] of found) relate(kind, ...[key, other].sort(byRow), weight);
  const roles = isPaper(key) ? edgesOfPaper(row(key)) : concepts.edges[row(key)].slice(0, 4 * BESIDE);
  for (const edge of roles) {
    relate("role", `p${edges.paper[edge]}`, `c${edges.concept[edge]}`, edges.weight[edge] / 1000);
  }
}

const byRow = (a, b) => row(a) - row(b);

function relate(kind, from, to, weight) {
  know(from);
  know(to);
  const id = edgeId(from, to);
  if (!links.has(id)) links.set(id, { kind, from, to, weight });
}

function know(key) {
  if (known.has(key)) return;
  const columns = isPaper(key) ? papers : concepts;
  const at = row(key);
  const size = nodeSize(columns.size[at]);
  known.set(key, { id: key, x: columns.x[at], y: columns.y[at], size, group: typeOf(key).shape });
}

const nodeSize = (share) => 5 + 13 * share;

// What stays bright: what the pointer is on, the path, or what is chosen, each with its neighbours.
function emphasise(hovered = "") {
  const chosen = chosenKey();
  const other = papers ? keyOf(state.other) : "";
  const centre = hovered || (walk ? "" : chosen);
  bright = null;
  if (centre && nodeSet.get(centre)) bright = new Set([centre, ...network.getConnectedNodes(centre)]);
  else if (walk && !hovered) bright = walk.keys;
  if (other && !hovered && !walk) bright = new Set([chosen, other]);
  const ink = (color, opacity) => ({ color, highlight: color, hover: color, opacity, inherit: false });
  const plain = ink(paint.edge, nodeSet.length > 300 ? 0.35 : 0.55);
  const faded = ink(paint.edge, 0.05);
  const strong = ink(paint.accent, 0.9);
  for (const edge of Object.values(network.body.edges)) {
    const [from, to] = [edge.fromId, edge.toId];
    const near = centre ? from === centre || to === centre : bright?.has(from) && bright.has(to);
    const kept = near && (!other || hovered || (bright.has(from) && bright.has(to)));
    edge.options.color = !bright ? plain : kept ? strong : faded;
    edge.options.width = widthOf(links.get(edge.id)) * swell * (bright && kept ? STRONGER : 1);
  }
  network.body.emitter.emit("_requestRedraw"); // at the next frame, once, however often it is asked for
}

const STRONGER = 1.8; // lines and shapes that stay while the rest fades

function clicked({ nodes, edges: [link] }) {
  if (nodes.length) return choose(nodes[0]);
  const edge = link && links.get(link);
  if (edge) return go({ chosen: addressOf(edge.from), other: addressOf(edge.to), walk: "" });
  if (state.chosen || state.walk) return go({ chosen: "", other: "", walk: "" });
  return undefined;
}

function bringIntoView(key) {
  if (!nodeSet.get(key)) return;
  const { x, y } = network.getPosition(key);
  const at = network.canvasToDOM({ x, y });
  const { clientWidth, clientHeight } = $("picture");
  const inside = at.x > 60 && at.y > 60 && at.x < clientWidth - 60 && at.y < clientHeight - 60;
  if (inside) return;
  const animation = still.matches ? false : { duration: 350, easingFunction: "easeInOutQuad" };
  network.moveTo({ position: { x, y }, scale: Math.max(network.getScale(), 0.5), animation });
}

// Labels: the most important first, none over another, so more of them as one zooms in.

const FONT = 12;
const CROWD = 40; // nodes; above this the communities' names stand behind the labels
const widths = new Map();

function drawLabels(context) {
  if (!papers) return;
  const scale = network.getScale();
  const taken = [];
  context.save();
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.lineJoin = "round";
  const centre = hoveredNode() || chosenKey();
  const near = bright ?? new Set();
  const ids = nodeSet.getIds().sort((a, b) => rank(b, centre, near) - rank(a, centre, near));
  for (const id of ids) if (!bright || bright.has(id)) placeLabel(context, id, scale, taken, id === centre);
  if (nodeSet.length > CROWD && !bright) communityNames(context, scale, taken);
  context.restore();
}

const hoveredNode = () => Object.keys(network.selectionHandler.hoverObj.nodes)[0] ?? "";
const rank = (id, centre, near) => known.get(id).size + (id === centre ? 1000 : 0) + (near.has(id) ? 100 : 0);
const labelOf = (id) => (isPaper(id) ? shortTitle(papers.title[row(id)]) : shortened(concepts.name[row(id)], 34));

function placeLabel(context, id, scale, taken, always) {
  const { x, y } = network.getPosition(id);
  const text = labelOf(id);
  const font = `${isPaper(id) ? 600 : 400} ${FONT / scale}px system-ui, sans-serif`;
  const width = (textWidth(context, text, isPaper(id)) + 6) / scale;
  const height = (FONT + 4) / scale;
  const size = known.get(id).size * 1.3;
  const places = [[x, y + size + height / 2], [x, y - size - height / 2], [x + size + width / 2, y], [x - size - width / 2, y]];
  for (const [cx, cy] of always ? places.slice(0, 1) : places) {
    const box = [cx - width / 2, cy - height / 2, cx + width / 2, cy + height / 2];
    if (!always && taken.some((other) => overlap(box, other))) continue;
    taken.push(box);
    write(context, text, cx, cy, font, 3.5 / scale, paint.ink);
    return;
  }
}

const overlap = (a, b) => a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3];

function textWidth(context, text, bold) {
  const key = (bold ? "b" : "n") + text;
  if (!widths.has(key)) {
    context.font = `${bold ? 600 : 400} ${FONT}px system-ui, sans-serif`;
    widths.set(key, context.measureText(text).width);
  }
  return widths.get(key);
}

function write(context, text, x, y, font, halo, ink) {
  context.font = font;
  context.lineWidth = halo;
  context.strokeStyle = paint.back;
  context.strokeText(text, x, y);
  context.fillStyle = ink;
  context.fillText(text, x, y);
}

function communityNames(context, scale, taken) {
  const groups = new Map();
  for (const id of nodeSet.getIds()) {
    const number = (isPaper(id) ? papers : concepts).community[row(id)];
    if (!start.communities[number]) continue;
    if (!groups.has(number)) groups.set(number, []);
    groups.get(number).push(network.getPosition(id));
  }
  for (const [number, places] of [...groups].sort((a, b) => b[1].length - a[1].length).slice(0, 14)) {
    if (places.length < 4) continue;
    const x = median(places.map((place) => place.x));
    const y = median(places.map((place) => place.y));
    const text = shortened(start.communities[number].name, 48);
    const width = (textWidth(context, text, true) * 1.25) / scale;
    const height = 18 / scale;
    const box = [x - width / 2, y - height / 2, x + width / 2, y + height / 2];
    if (taken.some((other) => other.name && overlap(box, other))) continue;
    taken.push(Object.assign(box, { name: true }));
    write(context, text, x, y, `600 ${15 / scale}px system-ui, sans-serif`, 5 / scale, paint.muted);
  }
}

const median = (values) => values.sort((a, b) => a - b)[values.length >> 1];

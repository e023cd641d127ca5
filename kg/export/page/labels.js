// Labels: the most important first, none over another, so more of them as one zooms in.

const FONT = 12;
const BOLD = 10; // nodes whose labels may cover another node
const CROWD = 80; // nodes; above this the communities are named
const widths = new Map();

function drawLabels(context) {
  if (!papers) return;
  const scale = network.getScale();
  const taken = [];
  const sheet = sheetShown(scale);
  const crowded = nodeSet.length > CROWD;
  const shapes = crowded ? [] : nodeSet.getIds().map(shapeBox);
  context.save();
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.lineJoin = "round";
  const centre = hoveredNode() || chosenKey();
  const near = bright ?? new Set();
  const ids = nodeSet.getIds().sort((a, b) => rank(b, centre, near) - rank(a, centre, near));
  if (crowded && !bright) communityNames(context, scale, taken, sheet);
  const named = bright ? ids.filter((id) => bright.has(id)) : ids;
  named.forEach((id, at) => placeLabel(context, id, scale, { taken, shapes, sheet, bold: at < BOLD, always: id === centre }));
  context.restore();
}

const hoveredNode = () => Object.keys(network.selectionHandler.hoverObj.nodes)[0] ?? "";
const rank = (id, centre, near) => known.get(id).size + (id === centre ? 1000 : 0) + (near.has(id) ? 100 : 0);
const labelOf = (id) => (isPaper(id) ? shortTitle(nameOf(id)) : shortened(nameOf(id), 34));

// The part of the plane that the picture shows, as left, top, right, bottom.
function sheetShown(scale) {
  const { x, y } = network.getViewPosition();
  const [across, down] = [$("picture").clientWidth / scale / 2, $("picture").clientHeight / scale / 2];
  return [x - across, y - down, x + across, y + down];
}

function shapeBox(id) {
  const { x, y } = network.getPosition(id);
  const size = drawnSize(id);
  return [x - size, y - size, x + size, y + size];
}

// Below, above, right or left of its node; where no place is free of labels, or on the sheet, nowhere.
function placeLabel(context, id, scale, { taken, shapes, sheet, bold, always }) {
  const { x, y } = network.getPosition(id);
  const text = labelOf(id);
  const font = `${isPaper(id) ? 600 : 400} ${FONT / scale}px system-ui, sans-serif`;
  const width = (textWidth(context, text, isPaper(id)) + 6) / scale;
  const height = (FONT + 4) / scale;
  const size = drawnSize(id) * 1.3;
  const places = [[x, y + size + height / 2], [x, y - size - height / 2], [x + size + width / 2, y], [x - size - width / 2, y]];
  const boxes = places.map(([cx, cy]) => [cx - width / 2, cy - height / 2, cx + width / 2, cy + height / 2]);
  const free = boxes.filter((box) => inside(box, sheet) && !taken.some((other) => overlap(box, other)));
  const box = free.find((one) => !shapes.some((shape) => overlap(one, shape))) ?? (bold ? free[0] : null) ?? (always ? boxes[0] : null);
  if (!box) return;
  taken.push(box);
  write(context, text, (box[0] + box[2]) / 2, (box[1] + box[3]) / 2, font, 3.5 / scale, paint.ink);
}

const inside = (box, sheet) => box[0] >= sheet[0] && box[1] >= sheet[1] && box[2] <= sheet[2] && box[3] <= sheet[3];

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

function communityNames(context, scale, taken, sheet) {
  const groups = new Map();
  for (const id of nodeSet.getIds()) {
    const number = (isPaper(id) ? papers : concepts).community[row(id)];
    if (!start.communities[number]) continue;
    if (!groups.has(number)) groups.set(number, []);
    groups.get(number).push(network.getPosition(id));
  }
  for (const [number, places] of [...groups].sort((a, b) => b[1].length - a[1].length).slice(0, 14)) {
    if (places.length < 4) continue;
    const text = visible(start.communities[number].name).split(", ").slice(0, 2).join(", ");
    const width = (textWidth(context, text, true) * 1.25) / scale;
    const height = 18 / scale;
    const y = median(places.map((place) => place.y));
    const middle = median(places.map((place) => place.x));
    const x = Math.max(sheet[0] + width / 2, Math.min(sheet[2] - width / 2, middle));
    const box = [x - width / 2, y - height / 2, x + width / 2, y + height / 2];
    if (Math.abs(x - middle) > width || y < sheet[1] || y > sheet[3]) continue;
    if (taken.some((other) => overlap(box, other))) continue;
    taken.push(box);
    write(context, text, x, y, `600 ${15 / scale}px system-ui, sans-serif`, 5 / scale, paint.muted);
  }
}

const median = (values) => values.sort((a, b) => a - b)[values.length >> 1];

// Shapes of nodes: the same outlines in the picture, the legend and the saved SVG.

const typeOf = (key) => (isPaper(key) ? start.paper : start.types[concepts.type[row(key)]]);
const polygon = (n, turn, radius = 1) =>
  Array.from({ length: n }, (_, i) => {
    const angle = turn + (2 * Math.PI * i) / n;
    return [radius * Math.cos(angle), radius * Math.sin(angle)];
  });
const UP = -Math.PI / 2;
const OUTLINES = {
  dot: polygon(24, 0),
  square: polygon(4, Math.PI / 4, 1.2),
  diamond: polygon(4, 0, 1.25),
  triangle: polygon(3, UP, 1.3),
  triangleDown: polygon(3, -UP, 1.3),
  hexagon: polygon(6, 0, 1.1),
  star: polygon(10, UP).map(([x, y], i) => (i % 2 ? [0.6 * x, 0.6 * y] : [1.4 * x, 1.4 * y])),
  cross: [[-1, -3], [1, -3], [1, -1], [3, -1], [3, 1], [1, 1], [1, 3], [-1, 3], [-1, 1], [-3, 1], [-3, -1], [-1, -1]]
    .map(([x, y]) => [x / 2.5, y / 2.5]),
};

const fillOf = (type) => (type === start.paper ? colour("--paper") : type.colour);
const outlinePath = (shape, x, y, size) =>
  `M${OUTLINES[shape].map(([dx, dy]) => `${(x + dx * size).toFixed(1)} ${(y + dy * size).toFixed(1)}`).join("L")}Z`;

function icon(type) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  const path = document.createElementNS(space, "path");
  path.setAttribute("d", outlinePath(type.shape, 8, 8, 5.5));
  path.setAttribute("fill", type === start.paper ? "var(--paper)" : type.colour);
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("class", "shape");
  svg.setAttribute("aria-hidden", "true");
  svg.append(path);
  return svg;
}

const kindLine = (type, text) => el("p", { class: "kind" }, icon(type), text);

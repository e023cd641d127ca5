// Paths between two papers, through what few papers share.

let walk = null; // {edges: ids of picture edges, keys: nodes, steps: edge numbers}
let walkFrom = "";

function beginWalk(key) {
  walkFrom = key;
  $("hint").textContent = `Choose the other paper: in the picture, a list or by search. Esc ends this.`;
  if (document.body.dataset.pane === "details") showPane("side");
}

function endWalk() {
  walkFrom = "";
  $("hint").textContent = "";
}

// Choose a node; while a path is being made, a paper chosen is its other end.
function choose(key, look = false) {
  if (walkFrom && isPaper(key) && key !== walkFrom) {
    const from = addressOf(walkFrom);
    endWalk();
    go({ view: "both", chosen: from, other: "", walk: addressOf(key) });
  } else go({ chosen: addressOf(key), other: "", walk: "" });
  if (look) bringIntoView(key);
  if (innerWidth <= 860) showPane("details");
}

function findWalk() {
  const [from, to] = [keyOf(state.chosen), keyOf(state.walk)];
  walk = null;
  if (!from || !to) return;
  const steps = shortest(from, to);
  walk = { steps, keys: new Set([from, to]), edges: new Set(), from, to };
  for (const edge of steps) {
    const [paper, concept] = [`p${edges.paper[edge]}`, `c${edges.concept[edge]}`];
    relate("role", paper, concept, edges.weight[edge] / 1000);
    walk.keys.add(paper).add(concept);
    walk.edges.add(edgeId(paper, concept));
  }
}

// Dijkstra's way of least cost; an edge to a concept in n papers costs 1 + ln n (kg.graph.query).
function shortest(from, to) {
  const n = papers.id.length;
  const number = (key) => (isPaper(key) ? row(key) : n + row(key));
  const cost = new Float64Array(n + concepts.id.length).fill(Infinity);
  const through = new Int32Array(cost.length).fill(-1);
  const heap = new Heap();
  cost[number(from)] = 0;
  heap.push(0, number(from));
  while (heap.items.length) {
    const [spent, here] = heap.pop();
    if (here === number(to)) break;
    if (spent > cost[here]) continue;
    for (const edge of here < n ? edgesOfPaper(here) : concepts.edges[here - n]) {
      const there = here < n ? n + edges.concept[edge] : edges.paper[edge];
      const next = spent + 1 + Math.log(concepts.edges[edges.concept[edge]].length);
      if (next < cost[there]) {
        cost[there] = next;
        through[there] = edge;
        heap.push(next, there);
      }
    }
  }
  const steps = [];
  for (let here = number(to); here !== number(from) && through[here] >= 0;) {
    const edge = through[here];
    steps.unshift(edge);
    here = here < n ? n + edges.concept[edge] : edges.paper[edge];
  }
  return steps;
}

class Heap {
  items = [];
  push(cost, item) {
    let at = this.items.push([cost, item]) - 1;
    while (at) {
      const up = (at - 1) >> 1;
      if (this.items[up][0] <= this.items[at][0]) break;
      [this.items[up], this.items[at]] = [this.items[at], this.items[up]];
      at = up;
    }
  }
  pop() {
    const top = this.items[0];
    const last = this.items.pop();
    if (this.items.length) {
      this.items[0] = last;
      for (let at = 0; ;) {
        let least = at;
        for (const down of [2 * at + 1, 2 * at + 2]) if (this.items[down]?.[0] < this.items[least][0]) least = down;
        if (least === at) break;
        [this.items[least], this.items[at]] = [this.items[at], this.items[least]];
        at = least;
      }
    }
    return top;
  }
}

async function walkDetails() {
  const head = [kindLine(start.paper, "path"), el("h2", {}, nameLink(walk.from)), el("p", {}, "to"), el("h2", {}, nameLink(walk.to))];
  if (!walk.steps.length) return [...head, el("p", {}, "Nothing joins these two.")];
  const lines = await Promise.all(walk.steps.map(async (edge) => {
    const [paper, concept] = [`p${edges.paper[edge]}`, `c${edges.concept[edge]}`];
    const says = el("span", {}, nameLink(paper, shortTitle(nameOf(paper))), ` ${start.roles[edges.role[edge]].label} `,
      icon(typeOf(concept)), " ", nameLink(concept));
    return el("li", {}, evidence(says, typeOf(concept), (await evidenceOf(edge)).slice(0, 1)));
  }));
  return [...head, el("ol", { class: "steps" }, ...lines), button("Close the path", () => go({ walk: "" }))];
}

"""A still picture of the graph before it is ink: shapes, lines and labels on a sheet, none over another."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, pi, sin
from typing import TYPE_CHECKING, Final

from kg.export.page.start import PAPER_SHAPE, SHAPES
from kg.graph import concept_key, paper_key
from kg.graph.overview import overview
from kg.text import clean, visible
from kg.vocab import PAPER_COLOUR, TYPES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from kg.graph import KnowledgeGraph
    from kg.graph.overview import Overview

WIDTH: Final = 1600  # pixels, as all lengths here
HEIGHT: Final = 1000
MARGIN: Final = 90
LIMIT: Final = 140  # nodes; more would say nothing on one sheet
FONT: Final = 15
LABEL: Final = 34  # characters
TOP: Final = 12  # nodes
Point = tuple[float, float]
Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Node:
    """A shape on the sheet: its middle, half its width, its colour, its label and whether that is bold."""

    x: float
    y: float
    size: float
    shape: str
    colour: str
    label: str
    bold: bool


@dataclass(frozen=True, slots=True)
class Label:
    """A line of text, its middle at (x, y)."""

    x: float
    y: float
    text: str
    bold: bool


@dataclass(frozen=True, slots=True)
class Scene:
    """All that is drawn, in the order of drawing."""

    lines: tuple[tuple[Point, Point, float], ...]
    nodes: tuple[Node, ...]
    labels: tuple[Label, ...]


def scene(graph: KnowledgeGraph, measure: Callable[[str, bool], float]) -> Scene:
    """The most important papers, the concepts that they share, and what papers do with them.

    `measure` gives the width of a text, bold or not, in pixels.
    """
    shown = overview(graph, LIMIT)
    shared = {c for c in shown.concepts if len(graph.edges_of_concept(c)) > 1} or {*shown.concepts}
    keys = [*map(paper_key, shown.papers), *(concept_key(c) for c in shown.concepts if c in shared)]
    places = _fitted({key: graph.position[key] for key in keys})
    nodes = _nodes(graph, shown, places)
    signs, names = _legend({node.shape for node in nodes}, measure)
    return Scene(
        lines=tuple(
            (places[paper_key(e.paper_id)], places[concept_key(e.concept_id)], 0.8 + 1.4 * e.weight)
            for e in shown.edges
            if e.concept_id in shared
        ),
        nodes=(*nodes, *signs),
        labels=(*_labels(nodes, measure), *names),
    )


def _fitted(places: dict[str, Point]) -> dict[str, Point]:
    """The places stretched to fill the sheet, across and down each by its own measure."""
    if not places:
        return {}
    (left, right), (top, bottom) = (_span([place[axis] for place in places.values()]) for axis in (0, 1))
    across, down = (WIDTH - 2 * MARGIN) / (right - left), (HEIGHT - 2 * MARGIN) / (bottom - top)
    across, down = min(across, 1.8 * down), min(down, 1.8 * across)
    middle = (left + right) / 2, (top + bottom) / 2
    return {
        key: (
            round(WIDTH / 2 + (x - middle[0]) * across, 1),
            round(HEIGHT / 2 + (y - middle[1]) * down, 1),
        )
        for key, (x, y) in places.items()
    }


def _span(values: Sequence[float]) -> Point:
    least, most = min(values), max(values)
    return (least, most) if most > least else (least - 1, most + 1)


def _nodes(graph: KnowledgeGraph, shown: Overview, places: dict[str, Point]) -> list[Node]:
    """The nodes, most important first: papers and concepts by turns of their ranks."""
    found: list[tuple[float, Node]] = []
    for keys, cut in (([*map(paper_key, shown.papers)], 6), ([*map(concept_key, shown.concepts)], 8)):
        most = max((graph.importance[key] for key in keys), default=0) or 1
        for key in keys:
            if key in places:
                share = (graph.importance[key] / most) ** 0.5
                shape, colour, label = _look(graph, key)
                x, y = places[key]
                found.append((-share, Node(x, y, 5 + 9 * share, shape, colour, label, bold=cut == 6)))
    return [node for _, node in sorted(found, key=lambda item: (item[0], item[1].label, item[1].x))]


def _look(graph: KnowledgeGraph, key: str) -> tuple[str, str, str]:
    kind, _, identifier = key.partition("/")
    if kind == "paper":
        title = graph.papers[identifier].title
        head, colon, _ = title.partition(": ")
        return PAPER_SHAPE, PAPER_COLOUR, _short(head if colon and len(head) <= LABEL else title)
    concept = graph.concepts[identifier]
    return SHAPES[concept.type], concept.type.colour, _short(concept.name)


def _short(text: str) -> str:
    line = visible(" ".join(clean(text).split()))
    return line if len(line) <= LABEL else line[: LABEL - 1].rstrip() + "\u2026"


def _labels(nodes: Sequence[Node], measure: Callable[[str, bool], float]) -> list[Label]:
    """As many labels as have room, those of the most important nodes first; those of the TOP may cover other
    nodes.
    """
    shapes = [(n.x - n.size, n.y - n.size, n.x + n.size, n.y + n.size) for n in nodes]
    taken: list[Box] = []
    labels = []
    for rank, node in enumerate(nodes):
        boxes = [*_boxes(node, measure(node.label, node.bold) + 8)]
        free = [box for box in boxes if _within(box) and not any(_overlap(box, other) for other in taken)]
        clear = [box for box in free if not any(_overlap(box, shape) for shape in shapes)]
        if box := next(iter(clear or (free if rank < TOP else [])), None):
            taken.append(box)
            middle = round((box[0] + box[2]) / 2, 1), round((box[1] + box[3]) / 2, 1)
            labels.append(Label(*middle, node.label, node.bold))
    return labels


def _boxes(node: Node, width: float) -> Iterator[Box]:
    """Where a label of this width may stand: below, above, right, left of its node."""
    height, aside = FONT + 4, node.size * 1.4
    down, across = aside + height / 2, aside + width / 2
    for dx, dy in ((0, down), (0, -down), (across, 0), (-across, 0)):
        x, y = node.x + dx, node.y + dy
        yield x - width / 2, y - height / 2, x + width / 2, y + height / 2


def _within(box: Box) -> bool:
    return box[0] >= 0 and box[2] <= WIDTH


def _legend(shapes: set[str], measure: Callable[[str, bool], float]) -> tuple[list[Node], list[Label]]:
    """A line at the foot of the sheet that says what the shapes are."""
    kinds = [("paper", PAPER_SHAPE, PAPER_COLOUR), *((t.label, SHAPES[t], t.colour) for t in TYPES)]
    signs, names, x, y = [], [], 30.0, HEIGHT - 28.0
    for text, shape, colour in kinds:
        if shape in shapes:
            width = measure(text, False)
            signs.append(Node(x, y, 7, shape, colour, text, bold=False))
            names.append(Label(round(x + 16 + width / 2, 1), y, text, bold=False))
            x = round(x + 52 + width, 1)
    return signs, names


def _overlap(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def outline(shape: str, x: float, y: float, size: float) -> list[Point]:
    """The corners of a node's shape, the same as the page draws."""
    corners = {
        "dot": (_polygon(24, 0), 1.0),
        "square": (_polygon(4, pi / 4), 1.2),
        "diamond": (_polygon(4, 0), 1.25),
        "triangle": (_polygon(3, -pi / 2), 1.3),
        "triangleDown": (_polygon(3, pi / 2), 1.3),
        "hexagon": (_polygon(6, 0), 1.1),
        "star": (_STAR, 1.0),
        "cross": (_CROSS, 0.4),
    }
    points, scale = corners[shape]
    return [(round(x + dx * size * scale, 1), round(y + dy * size * scale, 1)) for dx, dy in points]


def _polygon(n: int, turn: float) -> list[Point]:
    return [(cos(turn + 2 * pi * i / n), sin(turn + 2 * pi * i / n)) for i in range(n)]


_STAR: Final = [(x * r, y * r) for (x, y), r in zip(_polygon(10, -pi / 2), (1.4, 0.6) * 5, strict=True)]
_TURNS: Final = ((1, 0, 0, 1), (0, -1, 1, 0), (-1, 0, 0, -1), (0, 1, -1, 0))  # quarters of a circle
_CROSS: Final[list[Point]] = [
    (a * x + b * y, c * x + d * y) for a, b, c, d in _TURNS for x, y in ((-1, -1), (-1, -3), (1, -3))
]

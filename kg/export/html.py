"""`graph.html`: the graph as one page that opens by a double click, offline, and asks for nothing.

pyvis makes the network's data and options; the markup, style and script around them are the package's own
(`kg/export/page`), and vis-network comes from pyvis' files into the page. The page's own policy allows those
scripts by their hashes and nothing else: no inline handler, no address, no frame.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from functools import cache
from html import escape
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

from kg.export.page.blocks import block
from kg.export.page.start import PAPER_SHAPE, SHAPES, start
from kg.export.page.tables import SCALE, rows, tables
from kg.export.page.texts import packs
from kg.graph import concept_key, paper_key
from kg.graph.overview import LIMIT, overview
from kg.text import visible

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kg.export import Source
    from kg.export.page.tables import Rows
    from kg.graph import KnowledgeGraph
    from kg.graph.overview import Overview

MOST: Final = 23_000_000  # characters of data; texts beyond are left out
MOST_TABLES: Final = 15_000_000  # of these; beyond, the concepts of fewest papers are left out
LEAST_SIZE: Final = 5  # pixels, half a node's width
MOST_SIZE: Final = 18
VIS: Final = "lib/vis-9.1.2/vis-network.min.js"
SCRIPTS: Final = (
    "base.js",
    "data.js",
    "state.js",
    "shapes.js",
    "picture.js",
    "labels.js",
    "search.js",
    "filters.js",
    "lists.js",
    "details.js",
    "walks.js",
    "tools.js",
    "save.js",
    "main.js",
)
OPTIONS: Final[dict[str, Any]] = {
    "physics": {"enabled": False},
    "layout": {"improvedLayout": False},
    "edges": {"smooth": False, "chosen": False},
    "nodes": {"labelHighlightBold": False, "borderWidth": 1},
    "interaction": {"hover": True, "hideEdgesOnDrag": True, "hideEdgesOnZoom": True, "keyboard": False},
}


def write(source: Source, path: Path) -> None:
    """Write the page of the whole graph."""
    path.write_text(page(source), encoding="utf-8")


def page(source: Source) -> str:
    """The page's HTML. Every text of a paper or concept stands in JSON and is shown as text by the script."""
    graph = source.graph
    shown = overview(graph, LIMIT)
    known, data = _tables(graph, shown)
    texts, packed = _texts(source, known, shown, MOST - len(data))
    first = start(source, known, shown) | {"network": network(graph, known, shown), "packed": packed}
    return _filled(
        title=escape(visible(source.config.title)),
        policy=_policy(),
        style=_part("page.css"),
        data=block("start", first) + data + texts,
        vis=_vis(),
        script=_script(),
    )


def network(graph: KnowledgeGraph, known: Rows, shown: Overview) -> dict[str, Any]:
    """The picture as pyvis hands it to vis-network: nodes with places, edges of all three views, options."""
    from pyvis.network import Network

    net = Network()
    papers = [(paper_key(p), f"p{known.papers[p]}", PAPER_SHAPE) for p in shown.papers]
    concepts = [
        (concept_key(c), f"c{known.concepts[c]}", SHAPES[graph.concepts[c].type]) for c in shown.concepts
    ]
    _add(net, graph, papers)
    _add(net, graph, concepts)
    net.edges = [*_edges(known, shown)]  # at once: pyvis' add_edge looks through all edges each time
    net.set_options(json.dumps(OPTIONS))
    nodes, edges, _, _, _, options = net.get_network_data()
    return {"nodes": nodes, "edges": edges, "options": json.loads(options)}


def _add(net: Any, graph: KnowledgeGraph, nodes: list[tuple[str, str, str]]) -> None:
    """Nodes of one kind (their key, their name in the page, their shape), as large as they are important."""
    most = max((graph.importance[key] for key, _, _ in nodes), default=0) or 1
    for key, name, shape in nodes:
        x, y = graph.position[key]
        size = round(LEAST_SIZE + (MOST_SIZE - LEAST_SIZE) * (graph.importance[key] / most) ** 0.5, 1)
        net.add_node(
            name, label=" ", shape=shape, group=shape, size=size, x=round(x * SCALE), y=round(y * SCALE)
        )


def _edges(known: Rows, shown: Overview) -> Iterator[dict[str, Any]]:
    papers, concepts = known.papers, known.concepts
    for link in shown.paper_links:
        ends = {"from": f"p{papers[link.left]}", "to": f"p{papers[link.right]}"}
        yield {"kind": "shares", "weight": round(link.weight, 4), **ends}
    for other in shown.concept_links:
        ends = {"from": f"c{concepts[other.left]}", "to": f"c{concepts[other.right]}"}
        yield {"kind": "together", "weight": round(other.weight, 4), **ends}
    for edge in shown.edges:
        ends = {"from": f"p{papers[edge.paper_id]}", "to": f"c{concepts[edge.concept_id]}"}
        yield {"kind": "role", "weight": round(edge.weight, 4), **ends}


def _tables(graph: KnowledgeGraph, shown: Overview) -> tuple[Rows, str]:
    """The block of tables, with as many concepts as it has room for: all, or those in at least 2, 4, 8 ...
    papers.
    """
    least = 1
    while True:
        known = rows(graph, least, also=shown.concepts)
        data = block("tables", tables(graph, known))
        if len(data) <= MOST_TABLES or least > len(graph.papers):
            return known, data
        least *= 2


def _texts(source: Source, known: Rows, shown: Overview, budget: int) -> tuple[str, list[list[int]]]:
    """The packs of texts that fit, those of the picture's papers first, then by importance."""
    graph, first = source.graph, set(shown.papers)
    order = sorted(graph.papers, key=lambda p: (p not in first, -graph.importance[paper_key(p)], p))
    found = [*packs(source.store, graph, known, order, budget)]
    return "".join(pack for pack, _ in found), [held for _, held in found]


def _policy() -> str:
    scripts = " ".join(map(_hash, (_vis(), _script())))
    return (
        f"default-src 'none'; script-src {scripts}; style-src {_hash(_part('page.css'))}; "
        "img-src data: blob:; base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


@cache
def _script() -> str:
    parts = "\n".join(map(_part, SCRIPTS))
    return f'(() => {{\n"use strict";\n{parts}\n}})();\n'


@cache
def _vis() -> str:
    return files("pyvis").joinpath(VIS).read_text(encoding="utf-8")


@cache
def _part(name: str) -> str:
    return files("kg.export.page").joinpath(name).read_text(encoding="utf-8")


def _filled(**parts: str) -> str:
    """The template with its parts, each put in once: what stands in a part is never taken for a place."""
    return re.sub(r"\{\{(\w+)\}\}", lambda match: parts[match.group(1)], _part("page.html"))

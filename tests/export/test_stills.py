"""The still pictures and the GraphML file."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING

import networkx as nx
import pytest
from invented import write_store
from PIL import Image

from kg.config import Config
from kg.export import Source, exporter, scene
from kg.graph import build
from kg.store import Store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def source(tmp_path: Path) -> Iterator[Source]:
    with Store.open(write_store(tmp_path / "kg.sqlite"), readonly=True) as store:
        yield Source(store, build(store), Config(title="Birds & <tides>"))


def width(text: str, bold: bool) -> float:
    return 9.0 * len(text)


def test_labels_lie_over_nothing(source: Source) -> None:
    drawn = scene.scene(source.graph, width)
    boxes = [
        (
            label.x - width(label.text, label.bold) / 2,
            label.y - 9,
            label.x + width(label.text, label.bold) / 2,
            label.y + 9,
        )
        for label in drawn.labels
    ]
    assert {"Heron", "Tidemark"} <= {label.text for label in drawn.labels}
    for at, (left, top, right, bottom) in enumerate(boxes):
        assert not any(left < b[2] and b[0] < right and top < b[3] and b[1] < bottom for b in boxes[:at])
        assert left >= 0
        assert right <= scene.WIDTH


def test_only_shared_concepts_are_drawn(source: Source) -> None:
    labels = {node.label for node in scene.scene(source.graph, width).nodes}
    assert "drift" in labels
    assert "shared solitude" not in labels


def test_svg_is_well_formed_and_the_same_each_time(source: Source, tmp_path: Path) -> None:
    for name in ("one.svg", "two.svg"):
        exporter("graph.svg")(source, tmp_path / name)
    assert (tmp_path / "one.svg").read_bytes() == (tmp_path / "two.svg").read_bytes()
    root = ET.parse(tmp_path / "one.svg").getroot()
    assert root.findtext("{http://www.w3.org/2000/svg}title") == "Birds & <tides>"


def test_png_shows_the_graph(source: Source, tmp_path: Path) -> None:
    exporter("graph.png")(source, tmp_path / "graph.png")
    with Image.open(tmp_path / "graph.png") as image:
        assert image.size == (1600, 1000)
        colours = {colour for _, colour in image.getcolors(1 << 24) or []}
    assert {(0, 0, 0), (0x00, 0x72, 0xB2), (0xE6, 0x9F, 0x00)} <= colours


def test_stills_of_nothing(tmp_path: Path) -> None:
    with Store.open(write_store(tmp_path / "kg.sqlite", texts={}), readonly=True) as store:
        empty = Source(store, build(store), Config())
        for name in ("graph.svg", "graph.png", "graph.graphml"):
            exporter(name)(empty, tmp_path / name)
            assert (tmp_path / name).stat().st_size > 0


def test_graphml_has_every_node_and_a_reason_for_every_edge(source: Source, tmp_path: Path) -> None:
    exporter("graph.graphml")(source, tmp_path / "graph.graphml")
    read = nx.read_graphml(tmp_path / "graph.graphml", force_multigraph=True)
    graph = source.graph
    assert len(read) == len(graph.papers) + len(graph.concepts)
    parts = (graph.edges, graph.relations, graph.paper_links, graph.concept_links)
    assert read.number_of_edges() == sum(map(len, parts))
    assert (
        read.edges["paper/paper-0", "concept/dataset-tidemark", "uses"]["why"]
        == "Heron is trained on Tidemark."
    )
    assert read.nodes["paper/paper-0"]["label"].startswith("Heron")


def test_graphml_holds_what_xml_cannot(tmp_path: Path) -> None:
    texts = {
        "A \x00 title \x0b with <b> & \ud800": "It [uses|Model|a \x01 name|works]. Then [uses|Model|b|more]."
    }
    texts["Another"] = "It [uses|Model|a \x01 name|works]."
    with Store.open(
        write_store(
            tmp_path / "kg.sqlite", texts={k.encode("utf-8", "replace").decode(): v for k, v in texts.items()}
        ),
        readonly=True,
    ) as store:
        exporter("graph.graphml")(
            Source(store, build(store), Config(title="\x02")), tmp_path / "graph.graphml"
        )
    assert len(nx.read_graphml(tmp_path / "graph.graphml")) == 4

"""A built graph in Python: records, SPARQL, networkx, a notebook's view."""

from __future__ import annotations

import networkx
import pytest

import kg
from kg.errors import StoreError


@pytest.fixture(scope="module")
def toys(toy_exports):
    with kg.open(toy_exports) as opened:
        yield opened


def test_there_must_be_a_graph(tmp_path):
    with pytest.raises(StoreError, match="kg build"):
        kg.open(tmp_path)


def test_names_are_found_and_shown(toys):
    assert toys.find("SCA").id == "method-slow-cooked-attention"
    assert toys.show("tallow-2019")["year"] == 2019


def test_sparql_by_text_and_by_name(toys):
    rows = toys.query(
        "SELECT ?c WHERE { ?p kg:introduces ?c . ?c skos:prefLabel ?n FILTER(STR(?n) = $n) }", {"n": "Tallow"}
    )
    assert [str(row[0]) for row in rows.rows] == ["https://w3id.org/paperkg/data/concept/model-tallow"]
    assert toys.query(name="shared-concepts").rows


def test_networkx_gets_a_graph_of_its_own(toys):
    graph = toys.to_networkx()
    assert isinstance(graph, networkx.Graph)
    assert networkx.shortest_path(graph, "paper/tallow-2019", "paper/garnish-2021")
    graph.clear()
    assert toys.to_networkx().number_of_nodes() > 20


def test_a_notebook_shows_the_page_in_a_closed_frame(toys):
    html = toys._repr_html_()
    assert "11 papers" in html
    assert 'sandbox="allow-scripts"' in html
    assert html.count("<script") == 0

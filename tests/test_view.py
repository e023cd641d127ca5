"""What is shown of a paper or concept: everything once, with the surest evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from invented import write_store

from kg.graph import build
from kg.rdf.describe import describe_concept
from kg.rdf.terms import Names
from kg.store import Store
from kg.view import show_concept, show_paper

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(write_store(tmp_path / "kg.sqlite"), readonly=True) as opened:
        yield opened


def test_a_paper_that_names_a_concept_twice_shows_it_once(store: Store) -> None:
    paper = store.paper("paper-0")
    shown = [(item["role"], item["name"]) for item in show_paper(store, paper)["concepts"]]
    assert ("introduces", "Heron") in shown
    assert len(shown) == len(set(shown))
    concept = store.concept("model-heron")
    papers = [(item["role"], item["id"]) for item in show_concept(store, concept)["papers"]]
    assert ("introduces", "paper-0") in papers
    assert len(papers) == len(set(papers))


def test_a_relation_that_two_papers_state_is_surer_than_by_each(store: Store) -> None:
    for relations in (
        show_paper(store, store.paper("paper-0"))["relations"],
        show_concept(store, store.concept("model-heron"))["relations"],
    ):
        (trained, *_) = [item for item in relations if item["relation"] == "trained_on"]
        assert trained["support"] == 2
        assert trained["score"] == 0.8 < trained["confidence"] < 1


def test_a_paper_with_the_id_of_a_concept_states_nothing_in_its_name(tmp_path: Path) -> None:
    path = write_store(tmp_path / "kg.sqlite", paper_ids={"paper-3": "model-heron"})
    with Store.open(path, readonly=True) as store:
        concept = store.concept("model-heron")
        entry = show_concept(store, concept)
        assert {paper["id"] for paper in entry["papers"]} == {"paper-0", "paper-2"}
        assert {item["subject"] for item in entry["relations"]} == {"Heron", "Egret"}
        described = describe_concept(store, concept, Names("https://example.org/"))
        stated = {str(value) for node in described for key, value in node.properties if "rdf-syntax" in key}
        assert "https://example.org/paper/model-heron" not in stated
        graph = build(store)
        assert {(relation.subject, relation.object) for relation in graph.relations} == {
            ("model-heron", "dataset-tidemark"), ("model-egret", "model-heron"),
        }  # fmt: skip

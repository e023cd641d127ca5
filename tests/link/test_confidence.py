"""Confidence of triples."""

from __future__ import annotations

import pytest
from invented import write_store

from kg.link.confidence import shared, triple
from kg.store import Store


def test_a_triples_probability_follows_the_published_precision():
    assert triple([0.36]) == 0.36
    assert triple([0.36] * 10) == pytest.approx(0.87, abs=0.001)


def test_more_papers_and_surer_ones_make_it_surer():
    assert triple([0.5]) < triple([0.5, 0.5]) < triple([0.5, 0.7])
    assert 0 < triple([0.0, 0.0]) < triple([1.0, 1.0]) < 1


def test_the_order_of_papers_changes_nothing():
    assert triple([0.1, 0.2, 0.3, 0.7]) == triple([0.7, 0.3, 0.1, 0.2])


def test_triples_of_several_papers_are_found_in_the_store(tmp_path):
    with Store.open(write_store(tmp_path / "kg.sqlite"), readonly=True) as store:
        found = shared(store)
        assert shared(store, found) == found
        assert shared(store, [("model-egret", "outperforms", "model-heron")]) == {}
    assert found == {("model-heron", "trained_on", "dataset-tidemark"): (2, triple([0.8, 0.8]))}

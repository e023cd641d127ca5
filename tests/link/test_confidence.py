"""Confidence of links and triples."""

from __future__ import annotations

import pytest

from kg.link.confidence import paper_concept, triple


def test_a_paper_speaks_of_a_concept_if_it_is_one_and_this_one():
    assert paper_concept(0.8, 0.5) == 0.4
    assert paper_concept(0.8, 1.0) == 0.8


def test_a_triples_probability_follows_the_published_precision():
    assert triple([0.36]) == pytest.approx(0.36)
    assert triple([0.36] * 10) == pytest.approx(0.87, abs=0.001)


def test_more_papers_and_surer_ones_make_it_surer():
    assert triple([0.5]) < triple([0.5, 0.5]) < triple([0.5, 0.7])
    assert 0 < triple([0.0]) < triple([1.0]) < 1

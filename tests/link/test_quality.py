"""Floors under the quality of linking, on the committed pairs (benchmarks/linking.py prints all figures)."""

from __future__ import annotations

import importlib.util

import pytest

from kg.link import Vocabulary, load_vocabularies


@pytest.fixture(scope="module")
def benchmark(root):
    spec = importlib.util.spec_from_file_location("linking", root / "benchmarks" / "linking.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_there_are_enough_pairs_and_half_are_hard(benchmark):
    pairs = benchmark.read_pairs()
    assert len(pairs) >= 400
    assert sum(pair.hard for pair in pairs) * 2 >= len(pairs)
    assert len({(pair.left, pair.right) for pair in pairs}) == len(pairs)


def scored(benchmark, vocabulary, wanted):
    pairs = [pair for pair in benchmark.read_pairs() if wanted(pair)]
    return benchmark.score(benchmark.decide(pairs, vocabulary))


def test_pairs_are_told_apart(benchmark):
    score = scored(benchmark, load_vocabularies(), lambda pair: True)
    assert score.precision >= 0.97
    assert score.recall >= 0.92


def test_rules_alone_do_nearly_as_well(benchmark):
    score = scored(benchmark, Vocabulary(), lambda pair: not pair.drawn)
    assert score.precision >= 0.97
    assert score.recall >= 0.92


def test_hard_pairs_are_told_apart_too(benchmark):
    score = scored(benchmark, load_vocabularies(), lambda pair: pair.hard and not pair.drawn)
    assert score.precision >= 0.97
    assert score.recall >= 0.92


def test_pairs_drawn_near_the_threshold_are_told_apart_more_often_than_not(benchmark):
    assert sum(pair.drawn for pair in benchmark.read_pairs()) >= 60
    score = scored(benchmark, load_vocabularies(), lambda pair: pair.drawn)
    assert score.precision >= 0.75
    assert score.recall >= 0.65


@pytest.mark.slow
def test_clusters_of_the_annotated_concepts(benchmark, shared):
    from kg.link import link

    mentions, gold = benchmark.annotated(shared)
    found = {each.mention_id: each.concept_id for each in link(mentions, load_vocabularies()).links}
    score = benchmark.b_cubed(found, gold)
    assert score.precision >= 0.92
    assert score.recall >= 0.91

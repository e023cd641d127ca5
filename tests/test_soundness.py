"""A build doesn't publish what no reader could make sense of."""

from __future__ import annotations

from dataclasses import replace

import pytest
from invented import write_store

from kg.errors import ExportError
from kg.soundness import CHECKS, check
from kg.store import Store
from kg.types import Concept, Statement

BROKEN = {
    "is about a concept that isn't there": {"object": "none"},
    "is of a concept that isn't there": {"subject": "none", "predicate": "used_for"},
    "is a role of another paper": {"subject": "paper-1", "predicate": "uses"},
    "is of a paper that isn't there": {"paper_id": "none", "subject": "none"},
    "has offsets outside of its text": {"quote_end": 10_000},
    "has a score that is no probability": {"score": 1.5},
}

OTHERS = {
    "has a broader concept that isn't there",
    "stands where the paper's text has something else",
    "is what no mention is",
    "names a concept that isn't there",
}


@pytest.fixture
def store(tmp_path):
    with Store.open(write_store(tmp_path / "kg.sqlite")) as store:
        yield store


def test_a_store_as_it_should_be_passes(store):
    check(store)


@pytest.mark.parametrize("wrong", BROKEN)
def test_a_broken_statement_is_named(store, wrong):
    first, *others = store.statements()
    with store.transaction():
        store.replace(Statement, [replace(first, **BROKEN[wrong]), *others])
    with pytest.raises(ExportError, match=f"the statement {first.id} (is|has) "):
        check(store)


def test_a_missing_broader_concept_is_named(store):
    first, *others = store.concepts()
    with store.transaction():
        store.replace(Concept, [replace(first, broader=("none",)), *others])
    with pytest.raises(ExportError, match=f"the concept {first.id} has a broader concept that isn't there"):
        check(store)
    assert {wrong for wrong, *_ in CHECKS} == BROKEN.keys() | OTHERS


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            'UPDATE mentions SET start = start + 1, "end" = "end" + 1',
            "stands where the paper's text has something else",
        ),
        ("UPDATE links SET mention_id = mention_id || '0'", "the link .* is what no mention is"),
        ("UPDATE links SET concept_id = 'none'", "the link .* names a concept that isn't there"),
    ],
)
def test_what_a_flipped_bit_makes_of_mentions_and_links_is_named(store, change, message):
    with store.transaction():
        store.execute(change)
    with pytest.raises(ExportError, match=message):
        check(store)

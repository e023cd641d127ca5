"""A build doesn't publish what no reader could make sense of."""

from __future__ import annotations

from dataclasses import replace

import pytest
from invented import write_store

from kg.errors import ExportError
from kg.rdf.checks import CHECKS, check
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
    assert len(CHECKS) == len(BROKEN) + 1

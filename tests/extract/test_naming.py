"""Names: a term in full, lower case and singular; an artefact as it is spelt."""

from __future__ import annotations

import pytest

from kg.extract.candidates import Candidate, one_type
from kg.extract.grouping import group
from kg.extract.naming import name_of, term
from kg.extract.words import Words
from kg.vocab import ConceptType


@pytest.mark.parametrize(
    ("text", "form", "name"),
    [
        ("A\nWe train Language Models here.", "Language Models", "language model"),
        ("A\nWe introduce ProofNet-2 here.", "ProofNet-2", "ProofNet-2"),
        ("A\nWe train on Proof-Pile-2 and more.", "Proof-Pile-2", "Proof-Pile-2"),
        ("A\nWe use gradient clipping (GC). Then GC again.", "gradient clipping", "gradient clipping"),
        ("A\nWe use Amazing Open Reader (AmOR).", "Amazing Open Reader", "AmOR"),
    ],
)
def test_name(text: str, form: str, name: str) -> None:
    assert named(text, form, ConceptType.METHOD) == name


@pytest.mark.parametrize(
    ("kind", "name"),
    [(ConceptType.TASK, "implicature resolution"), (ConceptType.DATASET, "Implicature Resolution")],
)
def test_capitals_of_a_title_make_no_name_of_a_task(kind: ConceptType, name: str) -> None:
    assert named("Fine-Tuning for Implicature Resolution\nWe tune.", "Implicature Resolution", kind) == name


def test_what_is_capitals_alone_keeps_them() -> None:
    assert term("Q&A") == "Q&A"


def test_a_name_has_no_quotes() -> None:
    text = 'A\nWe study "quirky" language models here.'
    assert named(text, '"quirky" language models', ConceptType.MODEL) == "quirky language model"


def named(text: str, form: str, kind: ConceptType) -> str:
    start = text.index(form)
    candidate = Candidate(start, start + len(form), 0.9, one_type(str(kind)))
    (one,) = group(text, Words.of(text), [candidate])
    return name_of(text, one, one.places, kind)


def test_a_conjunct_gets_the_head_that_it_shares() -> None:
    assert term("tensor, sequential, and pipeline parallelism") == "tensor parallelism"
    assert term("speech and text encoders") == "speech encoder"

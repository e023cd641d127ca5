"""Names: a term in full, lower case and singular; an artefact as it is spelt."""

from __future__ import annotations

import pytest

from kg.extract.candidates import Candidate, one_type
from kg.extract.grouping import group
from kg.extract.naming import name_of, term
from kg.extract.words import Words


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
    start = text.index(form)
    found = [Candidate(start, start + len(form), 0.9, one_type("Method"))]
    (one,) = group(text, Words.of(text), found)
    assert name_of(text, one, one.places) == name


def test_a_conjunct_gets_the_head_that_it_shares() -> None:
    assert term("tensor, sequential, and pipeline parallelism") == "tensor parallelism"
    assert term("speech and text encoders") == "speech encoder"

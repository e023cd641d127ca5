"""A name ends before its class noun; a term keeps its last word."""

from __future__ import annotations

import pytest

from kg.extract.candidates import Candidate
from kg.extract.class_nouns import without_class_nouns

TYPES = (1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)


def found(text: str, *forms: tuple[str, float]) -> dict[str, float]:
    candidates = [
        Candidate(text.index(form), text.index(form) + len(form), score, TYPES) for form, score in forms
    ]
    return {text[each.start : each.end]: each.score for each in without_class_nouns(text, candidates)}


def test_readings_of_one_name_add_up() -> None:
    text = "We study the Zephyrine model suite."
    assert found(text, ("Zephyrine", 0.4), ("Zephyrine model", 0.3), ("Zephyrine model suite", 0.2)) == {
        "Zephyrine": pytest.approx(0.9)
    }


@pytest.mark.parametrize(
    "form",
    [
        "diffusion model",
        "hidden Markov model",
        "Gaussian mixture model",
        "Markov models",
        "QZX models",
        "language models",
    ],
)
def test_terms_stay_whole(form: str) -> None:
    assert list(found(f"We use {form} here.", (form, 0.8))) == [form]


def test_a_capital_that_begins_a_sentence_is_no_name() -> None:
    assert list(found("It works. Blended models win.", ("Blended models", 0.8))) == ["Blended models"]


@pytest.mark.parametrize(("form", "name"), [("LLaMA models", "LLaMA"), ("SlimPage dataset", "SlimPage")])
def test_names_with_inner_capitals_are_cut_anywhere(form: str, name: str) -> None:
    assert list(found(f"{form} win.", (form, 0.8))) == [name]

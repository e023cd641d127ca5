"""Candidates gathered to things: one key, abbreviations, repeats; no trained model."""

from __future__ import annotations

from kg.extract.candidates import Candidate, one_type
from kg.extract.grouping import Group, group
from kg.extract.words import Words


def groups(text: str, *forms: str) -> dict[str, Group]:
    """The groups of candidates at the first place of each form, by that form's own key."""
    found = [
        Candidate(text.index(form), text.index(form) + len(form), 0.9, one_type("Method")) for form in forms
    ]
    return {one.key: one for one in group(text, Words.of(text), found)}


def surfaces(text: str, one: Group) -> list[str]:
    return [text[place.start : place.end] for place in one.places]


def test_an_abbreviation_and_its_expansion_are_one() -> None:
    text = "On RS\nWe use rejection sampling (RS). Here RS is slow, for RS-based methods too."
    (one,) = groups(text, "rejection sampling").values()
    assert surfaces(text, one) == ["RS", "rejection sampling", "RS", "RS", "RS"]
    assert one.defined == ("RS", "rejection sampling")


def test_a_short_form_is_written_out_within_a_term() -> None:
    text = (
        "Graphs\nGraph neural networks (GNNs) are deep. Deep graph neural network layers or deep GNN layers."
    )
    found = groups(text, "Graph neural networks", "graph neural network layers", "GNN layers")
    assert len(found) == 2


def test_a_name_in_brackets_whose_letters_are_in_order_is_one_with_its_long_form() -> None:
    text = "Texts\nWe give LongProc (Long Procedural Generation), a test. LongProc is hard."
    (one,) = groups(text, "LongProc", "Long Procedural Generation").values()
    assert surfaces(text, one) == ["LongProc", "Long Procedural Generation", "LongProc"]


def test_repeats_in_other_spellings_are_places() -> None:
    text = "Pre-training for all\nWe study pretraining. Pre-training helps."
    (one,) = groups(text, "pretraining").values()
    assert surfaces(text, one) == ["Pre-training", "pretraining", "Pre-training"]


def test_a_name_is_not_its_lower_case_word() -> None:
    text = "MATH\nOn MATH, a data set of math problems, math is hard."
    (one,) = groups(text, "MATH").values()
    assert surfaces(text, one) == ["MATH", "MATH"]


def test_two_letters_need_their_own_case() -> None:
    text = "AL\nActive learning (AL) helps. He is al dente."
    (one,) = groups(text, "Active learning").values()
    assert surfaces(text, one) == ["AL", "Active learning", "AL"]


def test_a_candidate_across_the_title_is_dropped() -> None:
    text = "On Matching\nMatching is old."
    assert groups(text, "Matching\nMatching") == {}


def test_versions_stay_apart() -> None:
    text = "Models\nWe test GPT-3 and GPT-4 and Llama 2 and Llama 3."
    assert len(groups(text, "GPT-3", "GPT-4", "Llama 2", "Llama 3")) == 4

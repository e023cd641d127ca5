"""Sentence boundaries: where they are, and where a full stop is none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.extract.sentences import sentence_starts


def sentences(text: str) -> list[str]:
    starts = sentence_starts(text)
    return [text[a:b].strip() for a, b in zip(starts, [*starts[1:], len(text)], strict=True)]


@pytest.mark.parametrize(
    "text",
    [
        "We use models, e.g. BERT, for this.",
        "As shown by Smith et al. (2020), it works.",
        "Results in Fig. 2 and Sec. 3 differ.",
        "We gain 3.5 points over GPT-3.5 models.",
        "It was proposed by J. Smith in one paper.",
        "Models vs. Humans are compared.",
        "We improve F1, i.e. The harmonic mean.",
    ],
)
def test_one_sentence_stays_one(text: str) -> None:
    assert sentences(text) == [text]


def test_sentences_end_at_stops_and_at_the_title() -> None:
    text = "A title\nWe do this. It works! Does it? \u201cYes.\u201d 3 runs say so."
    assert sentences(text) == [
        "A title",
        "We do this.",
        "It works!",
        "Does it?",
        "\u201cYes.\u201d",
        "3 runs say so.",
    ]


def test_an_abbreviation_may_end_a_sentence() -> None:
    assert len(sentences("We compare LSTMs, CNNs, etc. We find that both work.")) == 2


@given(st.text(alphabet="aB.!? \n(\u3002", max_size=60))
def test_starts_rise_within_the_text(text: str) -> None:
    starts = sentence_starts(text)
    assert starts[0] == 0
    assert starts == sorted(set(starts))
    assert all(start < max(len(text), 1) for start in starts)


def test_what_has_no_end_is_cut_at_gaps() -> None:
    starts = sentence_starts("word " * 3000)
    assert len(starts) == 8
    assert all(start % 5 == 0 for start in starts)
    assert sentence_starts("x" * 5000) == [0, 2000, 4000]

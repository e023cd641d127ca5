"""Keys: the spellings of one term meet, different terms don't."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.extract.words import Index, Words, key, occurrences


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Pre-training", "pretraining"),
        ("language models", "Language Model"),
        ("multi-task learning", "multitask learning"),
        ("LLMs", "LLM"),
    ],
)
def test_spellings_have_one_key(one: str, other: str) -> None:
    assert key(one) == key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("GPT-3", "GPT-4"), ("GPT-3", "GPT-3.5"), ("C", "C++"), ("Llama 2", "Llama 3"), ("bias", "bia")],
)
def test_different_things_have_different_keys(one: str, other: str) -> None:
    assert key(one) != key(other)


def test_occurrences_are_runs_of_whole_words() -> None:
    words = Words.of("Reranking ranks; re-ranking reranks. A ranking.")
    found = [(first, last) for first, last, _ in occurrences(words, Index({key("reranking")}))]
    assert found == [(0, 0), (2, 3)]


@given(st.text(max_size=200))
def test_words_have_their_places(text: str) -> None:
    words = Words.of(text)
    assert [text[a:b].lower() for a, b in zip(words.starts, words.ends, strict=True)] == words.lows


@given(st.lists(st.text(alphabet="abAB1", min_size=1, max_size=6), min_size=1, max_size=12))
def test_every_word_is_found_where_it_stands(forms: list[str]) -> None:
    words = Words.of(" ".join(forms))
    assert {first for first, *_ in occurrences(words, Index(map(key, forms)))} == set(range(len(forms)))

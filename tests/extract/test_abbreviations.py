"""Abbreviations that a text defines."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.extract.abbreviations import abbreviations, fits


def pairs(text: str) -> list[tuple[str, str]]:
    return [(text[a:b], text[c:d]) for a, b, c, d in abbreviations(text)]


@pytest.mark.parametrize(
    ("text", "short", "long"),
    [
        ("We use large language models (LLMs) here.", "LLMs", "large language models"),
        ("the Low-Rank Adaptation (LoRA) of models", "LoRA", "Low-Rank Adaptation"),
        ("a case of self-supervised learning (SSL).", "SSL", "self-supervised learning"),
        (
            "vector quantization variational autoencoder (VQ-VAE)",
            "VQ-VAE",
            "vector quantization variational autoencoder",
        ),
        (
            "reinforcement learning from human feedback (RLHF; see below)",
            "RLHF",
            "reinforcement learning from human feedback",
        ),
        ("by a key-value [KV] cache", "KV", "key-value"),
    ],
)
def test_pairs_are_found(text: str, short: str, long: str) -> None:
    assert pairs(text) == [(short, long)]


@pytest.mark.parametrize(
    "text",
    [
        "It has five layers (see Fig. 2) and more (GPT-4).",
        "We gain ten points (10) in all (up to 3).",
        "The models (which are large) work.",
        "((((((((((",
        "",
    ],
)
def test_other_brackets_are_none(text: str) -> None:
    assert pairs(text) == []


def test_fits() -> None:
    assert fits("LongProc", "Long Procedural Generation")
    assert fits("MOKA", "Moral Knowledge Augmentation", initials=False)
    assert fits("RAG", "Retrieval Augmented Generation", initials=True)
    assert not fits("RAG", "Rotary Attention", initials=True)
    assert not fits("BERT", "the model")


@given(st.text(max_size=80))
def test_places_are_in_the_text(text: str) -> None:
    for a, b, c, d in abbreviations(text):
        assert 0 <= c < d <= a < b <= len(text)

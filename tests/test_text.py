"""Normal forms of names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.text import clean, encodable, is_acronym, normal_form, singular, spelling_key, visible


@pytest.mark.parametrize(
    ("name", "normal"),
    [
        ("Large Language Models", "large language model"),
        ("chain-of-thought", "chain of thought"),
        ("GPT-3.5", "gpt 3.5"),
        ("LLMs", "llm"),
        ("FPS", "fps"),
        ("NEURAL NETWORKS", "neural network"),
        ("biases", "bias"),
        ("matrices", "matrix"),
        ("training dynamics", "training dynamics"),
        ("evaluation metrics", "evaluation metric"),
        ("C++", "c++"),
        ("Alzheimer\u2019s disease", "alzheimer's disease"),
        ("k\u2013nearest neighbours", "k nearest neighbour"),
        ("", ""),
        ("--", ""),
    ],
)
def test_normal_form(name, normal):
    assert normal_form(name) == normal


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("pre-training", "pretraining"),
        ("data set", "datasets"),
        ("GPT 3", "GPT3"),
        ("optimisation", "optimization"),
        ("language modelling", "language modeling"),
        ("behaviour cloning", "behavior cloning"),
        ("mixtures of experts", "mixture-of-experts"),
        ("dialogue", "dialog"),
        ("human judgement", "human judgment"),
    ],
)
def test_one_spelling_key(left, right):
    assert spelling_key(left) == spelling_key(right)


@pytest.mark.parametrize(
    ("left", "right"), [("GPT-3", "GPT-4"), ("3 5", "35"), ("C", "C++"), ("filling", "filing"), ("FPS", "FP")]
)
def test_two_spelling_keys(left, right):
    assert spelling_key(left) != spelling_key(right)


@pytest.mark.parametrize("word", ["bias", "analysis", "class", "corpus", "series", "physics", "is"])
def test_what_only_looks_plural_stays(word):
    assert singular(word) == word


def test_acronyms():
    assert all(map(is_acronym, ["LLM", "LLMs", "LoRA", "GPT-3", "mAP"]))
    assert not any(map(is_acronym, ["Llama", "Large Language Model", "a", "model"]))


@given(st.text(max_size=60))
def test_forms_are_stable_whatever_the_text(text):
    once = normal_form(clean(text))
    assert normal_form(once) == normal_form(normal_form(once))
    assert spelling_key(text) == spelling_key(text)
    assert " " not in spelling_key(clean(text)).strip()


@given(
    st.sampled_from(["neural network", "data set", "pre-training", "GPT-4"]),
    st.sampled_from([str.upper, str.title]),
)
def test_case_plays_no_part(name, change):
    assert spelling_key(change(name)) == spelling_key(name)


def test_invisible_signs_are_shown_as_their_numbers_and_nothing_else_is():
    assert visible("a\u202eb\u2069\u061c\x1b\ufeff") == "a[U+202E]b[U+2069][U+061C][U+001B][U+FEFF]"
    kept = "tab\tline\nn\u00e9e \u0646\u0645\u06cc\u200c\u062e \U0001f469\u200d\U0001f52c soft\u00adhyphen \u77e5"
    assert visible(kept) == kept
    assert visible(visible("\u202e")) == visible("\u202e")


def test_half_characters_are_written_out():
    assert encodable("a\udcff.jsonl") == "a\\udcff.jsonl"
    assert encodable("\u77e5") == "\u77e5"

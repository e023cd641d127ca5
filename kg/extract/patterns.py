"""Candidates without a trained tagger: names by their shape, terms by how authors use their words.

A term is a run of words that authors give as keyword or define, or whose words stand in such terms and whose
last word ends some (`kg.extract.statistics`). Rules of shape and counts; no list of answers.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from spacy.language import Language

from kg.extract import statistics
from kg.extract.candidates import Candidate, set_candidates, text_of
from kg.extract.labels import labels
from kg.extract.words import Words, join

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spacy.tokens import Doc

_JOINT: Final = re.compile(r" |-|/| ?\u2013")
_ENDINGS: Final = (
    ("Dataset", re.compile(r"(?i)(dataset|data set|corpus|corpora|benchmark|bench|suite|treebank)s?$")),
    ("Metric", re.compile(r"(?i)(score|accuracy|error|rate|precision|recall|f1|bleu|rouge|perplexity)s?$")),
    ("Model", re.compile(r"(?i)(model|network|transformer|gan|autoencoder|lm|llm|net|former|bert|gpt)s?$")),
    ("Software", re.compile(r"(?i)(toolkit|library|platform|software|framework)s?$")),
    (
        "Task",
        re.compile(
            r"(?i)(answering|translation|classification|detection|recognition|generation|segmentation|retrieval"
            r"|prediction|estimation|summarization|extraction|parsing|tracking|planning|matching|captioning)$"
        ),
    ),
    ("Method", re.compile(r"(?i)(learning|training|tuning|attention|algorithm|method|search|sampling)s?$")),
)
_MAX_LENGTH: Final = 5
_GUESS: Final = 0.3


def type_by_ending(form: str) -> tuple[float, ...]:
    """Type probabilities by a form's last word: three quarters for what it says, the rest even."""
    label = next((label for label, ending in _ENDINGS if ending.search(form)), "")
    if not label:
        label = "Method" if re.search(r".[A-Z]", form) else "Topic"
    return tuple(0.25 / 7 + 0.75 * (str(each) == label) for each in labels().types)


def find(text: str) -> Iterator[Candidate]:
    """Names and terms of a text."""
    words = Words.of(text)
    for run in _runs(text, words):
        for first in run:
            for last in range(first, min(first + _MAX_LENGTH, run.stop)):
                score, origin = _score(text, words, first, last)
                if score:
                    start, end = words.starts[first], words.ends[last]
                    types = type_by_ending(text[start:end])
                    yield Candidate(start, end, score, types, origin=origin)


def _runs(text: str, words: Words) -> Iterator[range]:
    """Stretches of words with only a space or hyphen between them."""
    first = 0
    for index in range(1, len(words) + 1):
        if index == len(words) or not _JOINT.fullmatch(text[words.ends[index - 1] : words.starts[index]]):
            yield range(first, index)
            first = index


def _score(text: str, words: Words, first: int, last: int) -> tuple[float, str]:
    """How likely words `first` to `last` are a term or a name (a rough guess), and which rule says so."""
    if any(_is_name(text[words.starts[i] : words.ends[i]]) for i in {first, last}) and all(
        text[words.starts[i]].isupper() or text[words.starts[i]].isdigit() for i in range(first, last + 1)
    ):
        return 0.6, "shape"
    lows = words.lows[first : last + 1]
    term = statistics.terms().get(join(lows))
    if term and term.texts:
        return min(0.9, term.given / (term.texts + 1) * 3), "keyword"
    if last == first:
        return 0.0, ""
    known = [statistics.words().get(low, statistics.NO_WORD) for low in lows]
    inside = min((word.inside + 1) / (word.texts + 4) for word in known)
    head = (known[-1].last + 1) / (known[-1].texts + 4)
    return (min(_GUESS, inside + head / 2), "words") if inside > 0.03 and head > 0.03 else (0.0, "")


def _is_name(word: str) -> bool:
    """Whether a word's shape is a name's: a capital or a digit after its first letter, or a capital on a word
    that hardly any paper writes in lower case.
    """
    if not word[0].isalpha() or word.isdigit():
        return False
    if any(c.isupper() or c.isdigit() for c in word[1:]):
        return True
    known = statistics.words().get(word.lower(), statistics.NO_WORD)
    return len(word) > 3 and word[0].isupper() and known.lower <= known.texts / 5


@Language.factory("kg_patterns")
class Patterns:
    """Puts the candidates that the rules find on a Doc."""

    def __init__(self, nlp: Language, name: str) -> None:
        self.name = name

    def __call__(self, doc: Doc) -> Doc:
        set_candidates(doc, list(find(text_of(doc))))
        return doc

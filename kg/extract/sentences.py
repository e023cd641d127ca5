"""Sentence boundaries by rule: in one pass, and not fooled by `e.g.`, `et al.`, `Fig. 2` or decimals."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from spacy.attrs import IDX, SENT_START
from spacy.language import Language

from kg.extract.candidates import text_of
from kg.extract.context import set_context

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spacy.tokens import Doc

LONGEST: Final = 2000  # characters; evidence is to be read by people, and is kept once a statement
_END: Final = re.compile(r"[.!?]['\"”’)\]*]{0,3}\s+(?=['\"“‘(\[*]{0,3}[A-Z0-9À-ÞΑ-Ωα-ω$\\])|\n+\s*|[。！？]")  # noqa: RUF001
_LAST_WORD: Final = re.compile(r"[\w.]{1,12}$")
_NO_END: Final = re.compile(
    r"e\.g|i\.e|al|etc|cf|vs|viz|resp|figs?|eqs?|secs?|nos?|vol|pp|ch|app|dr|mrs?|ms|prof|st|approx|ca|w\.r\.t"
    r"|incl|excl|u\.s|u\.k"
)
_MAY_END: Final = frozenset({"etc", "al", "u.s", "u.k"})  # these end a sentence where a function word follows
_OPENERS: Final = re.compile(
    r"(?:We|The|This|These|Our|In|However|To|It|Here|Moreover|Furthermore|A|An|Yet)\b"
)


def sentence_starts(text: str) -> list[int]:
    """Where sentences begin (code points): 0, and after each end; the title's newline is one. None is over
    LONGEST characters.
    """
    starts = [0]
    starts.extend(
        match.end() for match in _END.finditer(text) if match.end() < len(text) and _ends(text, match)
    )
    return [cut for start, end in pairwise([*starts, len(text)]) for cut in _cuts(text, start, end)] or [0]


def _cuts(text: str, start: int, end: int) -> Iterator[int]:
    """A sentence's begin, and where it is cut at a gap because no sentence is that long: tables, noise."""
    yield start
    while end - start > LONGEST:
        gap = text.rfind(" ", start + 1, start + LONGEST)
        start = gap + 1 if gap > 0 else start + LONGEST
        yield start


def _ends(text: str, match: re.Match[str]) -> bool:
    if text[match.start()] != ".":
        return True
    before = _LAST_WORD.search(text, max(0, match.start() - 12), match.start())
    word = before.group().lower().lstrip(".") if before else ""
    if _NO_END.fullmatch(word):
        return word in _MAY_END and bool(_OPENERS.match(text, match.end()))
    return not (len(word) == 1 and word.isalpha() and text[match.start() - 1].isupper())  # J. Smith


@Language.factory("kg_sentences")
class Sentences:
    """Marks the first token of each sentence, unless the pipeline has done so already."""

    def __init__(self, nlp: Language, name: str) -> None:
        self.name = name

    def __call__(self, doc: Doc) -> Doc:
        if not len(doc) or doc.has_annotation("SENT_START"):
            return doc
        starts = sentence_starts(text_of(doc))
        first = doc.to_array([IDX])
        flags = np.full(len(doc), -1, dtype=np.int64)
        flags[np.minimum(np.searchsorted(first, starts), len(doc) - 1)] = 1
        column: Any = flags.reshape(-1, 1).astype(np.uint64)  # spaCy reads the bits of -1 as "no start"
        doc.from_array([SENT_START], column)
        set_context(doc, starts)
        return doc

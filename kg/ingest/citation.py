"""A paragraph that cites the listed paper itself: its authors, title, arXiv number and year."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

MAX_LENGTH: Final = 900  # characters; a citation is shorter than an abstract
_ARXIV = re.compile(r"\barXiv:\s?(\d{4}\.\d{4,5}|[a-z-]+/\d{7})(?:v\d+)?", re.IGNORECASE)
_DOI = re.compile(r"\b10\.\d{4,9}/[^\s\"<>]*[^\s\"<>.,;)]")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b(?!\.\d)")
_QUOTED = re.compile(
    r"^(?P<authors>[^\"]{5,400}?)[.,:]?\s+\"(?P<title>[^\"]{5,300}?)[.,]?\"[.,]?\s+(?P<rest>.+)$"
)
_APA = re.compile(
    r"^(?P<authors>[^\"()]{5,400}?)\s*\((?P<year>(?:19|20)\d\d)\)[.:,]\s+(?P<title>[^.?!]{5,300}[.?!])\s+"
    r"(?P<rest>.+)$"
)
_NAME: Final = r"[^\W\d_][\w'.-]*+"
_NAMES = re.compile(rf"^{_NAME}(?:[\s,;&]++{_NAME})*+$")  # possessive: there is one way to read it
_SENTENCE_WORDS: Final = re.compile(
    r"\b(?:is|are|was|were|we|this|that|which|the|our|have|has|in|of|to)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Citation:
    """What a citation says; empty where it doesn't."""

    authors: tuple[str, ...]
    title: str
    year: int | None
    arxiv_id: str
    doi: str


def parse_citation(paragraph: str) -> Citation | None:
    """The citation that a paragraph is as a whole, or None where it is prose.

    Two forms are known: `A, B, and C. "Title." Where, 2022.` and `A, B., & C, D. (2022). Title. Where.`; what
    stands for authors must be names alone, and the rest must have a year or a number.
    """
    if len(paragraph) > MAX_LENGTH:
        return None
    match = _QUOTED.match(paragraph) or _APA.match(paragraph)
    if match is None or not _are_names(match["authors"]):
        return None
    years = _YEAR.findall(_ARXIV.sub("", paragraph[match.end("title") :])) or match.groupdict().get("year")
    arxiv, doi = _ARXIV.search(match["rest"]), _DOI.search(match["rest"])
    if not (years or arxiv or doi):
        return None
    year = int(years if isinstance(years, str) else years[-1]) if years else None
    title = match["title"].strip().rstrip(".,")
    return Citation(_authors(match["authors"]), title, year, arxiv[1] if arxiv else "", doi[0] if doi else "")


def _are_names(text: str) -> bool:
    bare = re.sub(r"\b(?:and|et al\.?)(?=\s|$)", ",", text).strip(" ,.;&")
    return bool(_NAMES.match(bare)) and not _SENTENCE_WORDS.search(bare)


def _authors(text: str) -> tuple[str, ...]:
    """Names in order; `Surname, F.` pairs are turned into `F. Surname`."""
    parts = [part.strip(" .") for part in re.split(r",\s*(?:and\s+|&\s*)?|\s+and\s+|\s*&\s*|;\s*", text)]
    parts = [part for part in parts if part and part != "et al"]
    initials = [re.fullmatch(r"[A-Z]\.?(?:[ -]?[A-Z]\.?)*", part) is not None for part in parts]
    if len(parts) % 2 == 0 and parts and all(initials[1::2]) and not any(initials[::2]):
        return tuple(f"{first}. {last}" for last, first in zip(parts[::2], parts[1::2], strict=True))
    return tuple(parts)

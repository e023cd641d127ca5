"""Whether two records of one title are one paper.

A title alone doesn't say so: journals print an "Editorial" a year. Records of one title are one paper unless
something that both give tells them apart; where the title is short, something must also speak for it.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from kg.types import Paper

SHORT: Final = 4  # words: titles of fewer are shared by papers that have nothing to do with each other
YEARS: Final = 2  # a preprint and its publication are this far apart, hardly more
_ENOUGH: Final = 8  # words of an abstract that can be compared
_LITTLE: Final = 0.4  # share of the shorter abstract's words; two versions of one have far more in common
_WORD = re.compile(r"[^\W\d_]{2,}")
# DOIs of arXiv, PsyArXiv, OSF, SSRN, Research Square; of bioRxiv and medRxiv, whose prefix journals share
_PREPRINT = re.compile(r"10\.(?:(?:48550|31234|31219|2139|21203)/|1101/\d)", re.IGNORECASE)


def difference(one: Paper, other: Paper) -> str:
    """What tells two papers of one title apart, in words; empty where nothing does."""
    if _same_number(one, other):
        return ""
    dois = {_doi(one), _doi(other)} - {""}
    if len(dois) > 1:
        return "other DOIs"
    if one.arxiv_id and other.arxiv_id:
        return "other arXiv numbers"
    if one.authors and other.authors and not _names(one) & _names(other):
        return "no author in common"
    if one.year and other.year and abs(one.year - other.year) > YEARS:
        return "years far apart"
    if _likeness(one.abstract, other.abstract) < _LITTLE:
        return "abstracts with little in common"
    return "" if _speaks_for_one(one, other) else "a short title and nothing else in common"


def _same_number(one: Paper, other: Paper) -> bool:
    """Whether a DOI or arXiv number says that they are one."""
    dois = one.doi.casefold(), other.doi.casefold()
    return bool((dois[0] and dois[0] == dois[1]) or (one.arxiv_id and one.arxiv_id == other.arxiv_id))


def _doi(paper: Paper) -> str:
    """The DOI of a publication; a preprint's is another than that of what it became."""
    return "" if _PREPRINT.match(paper.doi) else paper.doi.casefold()


def _names(paper: Paper) -> frozenset[str]:
    """The words of the authors' names, without accents: family names among them, wherever they stand."""
    return _folded(paper.authors)


@lru_cache(maxsize=10_000)
def _folded(authors: tuple[str, ...]) -> frozenset[str]:
    folded = unicodedata.normalize("NFKD", " ".join(authors)).casefold()
    return frozenset(_WORD.findall("".join(c for c in folded if not unicodedata.combining(c))))


def _likeness(one: str, other: str) -> float:
    """The share of the shorter text's words that the longer has too; 1 where a text is too short to say."""
    words = _words(one), _words(other)
    least = min(map(len, words))
    return 1.0 if least < _ENOUGH else len(words[0] & words[1]) / least


@lru_cache(maxsize=1000)
def _words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text.casefold()))


def _speaks_for_one(one: Paper, other: Paper) -> bool:
    """Whether anything but a short title is common to both, or one of them has nothing but that."""
    if len(one.title.split()) >= SHORT or _bare(one) or _bare(other):
        return True
    same_place = bool(one.year and one.year == other.year and one.venue and one.venue == other.venue)
    same_text = bool(one.abstract and one.abstract == other.abstract)
    return same_place or same_text or bool(_names(one) & _names(other))


def _bare(paper: Paper) -> bool:
    return not (paper.abstract or paper.authors or paper.doi or paper.arxiv_id)

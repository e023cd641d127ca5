"""What a concept is called: a named artefact as it is spelt, a term in full, lower case, singular."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final

from kg.extract import statistics
from kg.extract.grouping import inner_capital
from kg.extract.words import key
from kg.text import singular
from kg.vocab import ConceptType

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.extract.grouping import Group, Place

_PROPER: Final = 0.2  # a word that fewer papers write in lower case than this keeps its capital
_PLAIN: Final = frozenset(
    (ConceptType.TASK, ConceptType.METRIC, ConceptType.TOPIC)
)  # capitals in a title say nothing
_QUOTES: Final = re.compile('["\u201c\u201d]')
_GAP: Final = re.compile(r"(\s+|-)")
_BEFORE: Final = re.compile(r"[.!?:\n]\W{0,3}$")
_RELEASE: Final = re.compile(r"(?:[A-Z][^\W_]*[\s-])+\d[\d.]*")
_SHARED: Final = re.compile(r"^([^,]+?)(?:,|\s+and\s|\s+or\s|/).*\s(\S+)$", re.S)


def name_of(text: str, one: Group, places: Sequence[Place], kind: ConceptType) -> str:
    """The name of a group: of the forms at its places, or the long form of its abbreviation; without
    quotes.
    """
    return _QUOTES.sub("", _as_written(text, one, places, kind))


def _as_written(text: str, one: Group, places: Sequence[Place], kind: ConceptType) -> str:
    title = text.find("\n")
    forms = Counter(text[place.start : place.end] for place in places)
    body = Counter(text[p.start : p.end] for p in places if p.start > title) or forms
    usual = min(body, key=lambda form: (-body[form], -len(form), form))
    if one.defined is not None:
        return _of_two(*one.defined, text)
    known = statistics.expansions().get(re.sub(r"(?<=[A-Z])s$", "", usual))
    if known and known.term:
        return known.long
    spelt_out = [form for form in sorted(forms) if key(form) == one.key]
    only_titled = kind in _PLAIN and all(place.start < title for place in places)
    opens_only = " " not in usual and _opens_only(text, places, title)
    if only_titled or opens_only or any(_is_term(form) for form in forms):
        return term(min(spelt_out or sorted(forms), key=lambda form: (-forms[form], form)))
    return usual


def _opens_only(text: str, places: Sequence[Place], title: int) -> bool:
    """Whether a word has its capital only where any word would: in the title and at sentences' beginnings."""
    forms = {text[place.start : place.end] for place in places}
    known = statistics.words().get(min(forms).lower())
    return (
        known is not None
        and known.lower > known.texts / 2
        and not any(inner_capital(form) for form in forms)
        and all(p.start < title or _BEFORE.search(text, max(0, p.start - 4), p.start) for p in places)
    )


def _of_two(short: str, long: str, text: str) -> str:
    """The short form where it names an artefact: known as one or, if unknown, with a long form in capitals,
    and letters that are more than its initials, or a place in the title.
    """
    known = statistics.expansions().get(short)
    title, _, body = text.partition("\n")
    capitals = all(word[:1].isupper() for word in long.split() if len(word) > 3) and long in body
    coined = not short.isupper() or (short in title and long.lower() not in title.lower())
    artefact = not known.term if known else capitals and coined
    return short if artefact or not _is_term(long) else term(long)


def _is_term(form: str) -> bool:
    """Whether a form is written as words rather than as a name (`Proof-Pile-2` is one)."""
    return (
        not inner_capital(form)
        and not _RELEASE.fullmatch(form)
        and (form[:1].islower() or _lower_words(form))
    )


def _lower_words(form: str) -> bool:
    words = [word for word in re.findall(r"[^\W\d_]+", form) if len(word) > 3]
    if len(words) < 2 and " " not in form:
        return False
    known = [statistics.words().get(word.lower()) for word in words]
    return bool(words) and all(each is not None and each.lower > each.texts / 2 for each in known)


def term(form: str) -> str:
    """A term's form in lower case and singular; a conjunct whose head comes later gets its head."""
    shared = _SHARED.match(form)
    if shared:
        form = f"{shared.group(1)} {shared.group(2)}"
    parts = _GAP.split(" ".join(form.split()))
    lowered = [_lower(part) for part in parts]
    lowered[-1] = singular(lowered[-1]) if lowered[-1].islower() else lowered[-1]
    return "".join(lowered)


def _lower(word: str) -> str:
    """A word in lower case, unless it is an acronym or papers write it with a capital (Bayesian)."""
    if (
        inner_capital(word) or not word[:1].isupper() or (len(word) > 1 and word.isupper())
    ):  # GPT, bagging, Q&A
        return word
    known = statistics.words().get(word.lower())
    proper = known is not None and known.lower < _PROPER * known.texts
    return word if proper else word.lower()

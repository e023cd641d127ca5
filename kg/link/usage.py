"""How the papers use names: counted once, so that linking decides over names and not over mentions."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, TypeVar

from kg.text import spelling_key

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kg.types import Mention
    from kg.vocab import ConceptType

T = TypeVar("T")


@dataclass(slots=True)
class Name:
    """One name as all papers use it: in how many papers, of which types, in which spellings and forms.

    `weights` adds up, for each type, the best extraction score of each paper; `forms` counts the papers in
    which a surface form stood for this name.
    """

    key: str
    papers: int = 0
    weights: Counter[ConceptType] = field(default_factory=Counter)
    spellings: Counter[str] = field(default_factory=Counter)
    forms: Counter[str] = field(default_factory=Counter)

    @property
    def spelling(self) -> str:
        """Its commonest spelling; of equals the first in the alphabet."""
        return most_common(self.spellings)

    @property
    def type(self) -> ConceptType:
        """The type that most of the papers' scores speak for."""
        return most_common(self.weights)


@dataclass(frozen=True, slots=True)
class Usage:
    """All names of a corpus, and the name, by key, of each mention."""

    names: dict[str, Name]
    mentions: tuple[tuple[str, str, str, float], ...]  # (mention id, surface form, key, extraction score)


def name_key(name: str) -> str:
    """The key under which spellings of a name are one: its spelling key, a common word apart from the
    abbreviation that looks like it (`MATH` is not `math`).
    """
    key = spelling_key(name)
    return key.upper() if is_capitals(name) else key


def is_capitals(name: str) -> bool:
    """Whether a name is one word all in capitals (a plural's small s aside): an abbreviation, not a word."""
    core = name[:-1] if len(name) > 2 and name.endswith("s") else name
    return len(core) > 1 and core.isalpha() and core.isupper()


def collect(mentions: Iterable[Mention]) -> Usage:
    """Count how names are used; the mentions of one paper must stand together, in any order of papers."""
    names: dict[str, Name] = {}
    places: list[tuple[str, str, str, float]] = []
    for _, group in groupby(mentions, key=attrgetter("paper_id")):
        local: defaultdict[str, list[Mention]] = defaultdict(list)
        for mention in group:
            key = name_key(mention.name)
            local[key].append(mention)
            places.append((mention.id, mention.text, key, mention.score))
        for key, same in local.items():
            _count(names.setdefault(key, Name(key)), same)
    return Usage(names, tuple(places))


def _count(name: Name, mentions: list[Mention]) -> None:
    """Add one paper's mentions of a name to it."""
    best = max(mentions, key=lambda mention: (mention.score, mention.text))
    name.papers += 1
    name.weights[best.type] += best.score  # type: ignore[assignment]  # a Counter of weights
    name.spellings.update({mention.name for mention in mentions})
    name.forms.update({mention.text for mention in mentions})


def most_common(counts: Counter[T]) -> T:
    """The commonest of the counted; of equals the first in the order of their names."""
    return min(counts, key=lambda item: (-counts[item], str(item)))

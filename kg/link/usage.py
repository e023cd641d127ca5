"""How the papers use names: counted once, so that linking decides over names and not over mentions."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from kg.text import spelling_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from kg.types import Mention
    from kg.vocab import ConceptType

T = TypeVar("T")


@dataclass(slots=True)
class Name:
    """One name as all papers use it: in how many papers, of which types, in which spellings and forms.

    `weights` adds up, for each type, the best extraction score of each paper; `forms` counts the papers in
    which a surface form stood for this name. A name that no paper uses has 0 papers.
    """

    key: str
    papers: int = 0
    weights: dict[ConceptType, float] = field(default_factory=dict)
    spellings: Counter[str] = field(default_factory=Counter)
    forms: Counter[str] = field(default_factory=Counter)
    _spelling: str = ""

    @property
    def spelling(self) -> str:
        """Its commonest spelling; of equals the first in the alphabet."""
        if not self._spelling:
            self._spelling = most_common(self.spellings)
        return self._spelling

    @property
    def type(self) -> ConceptType | None:
        """The type that most of the papers' scores speak for."""
        return most_common(self.weights) if self.weights else None


class Place(NamedTuple):
    """A mention as linking keeps it: its id, the surface form, the key of its name."""

    mention_id: str
    form: str
    key: str


class PaperUse(NamedTuple):
    """A paper's mentions and the names that they use, each with its type."""

    paper_id: str
    places: list[Place]
    types: dict[str, ConceptType]


@dataclass(frozen=True, slots=True)
class Usage:
    """All names of a corpus by key, and what each paper uses of them."""

    names: dict[str, Name]
    papers: list[PaperUse]


@lru_cache(maxsize=500_000)
def name_key(name: str) -> str:
    """The key under which spellings of a name are one: its spelling key, a common word apart from the
    abbreviation that looks like it (`MATH` is not `math`).
    """
    key = spelling_key(name)
    return key.upper() if is_capitals(name) else key


def is_capitals(name: str) -> bool:
    """Whether a name is all in capitals (a plural's small s aside) and short: an abbreviation, not a word."""
    core = name[:-1] if len(name) > 2 and name.endswith("s") else name
    letters = core.replace(" ", "").replace("-", "")
    return len(letters) > 1 and letters.isalpha() and letters.isupper() and (letters == core or len(core) < 9)


def collect(mentions: Iterable[Mention]) -> Usage:
    """Count how names are used; the mentions of one paper must stand together, in any order of papers."""
    names: dict[str, Name] = {}
    papers: list[PaperUse] = []
    for paper_id, group in groupby(mentions, key=attrgetter("paper_id")):
        places: list[Place] = []
        best: dict[str, Mention] = {}
        forms: set[tuple[str, str]] = set()
        for mention in group:
            key = name_key(mention.name)
            places.append(Place(mention.id, mention.text, key))
            forms.add((key, mention.text))
            known = best.get(key)
            if known is None or (mention.score, mention.name) > (known.score, known.name):
                best[key] = mention
        for key, mention in best.items():
            _count(names, key, mention)
        for key, form in forms:
            names[key].forms[form] += 1
        papers.append(PaperUse(paper_id, places, {key: mention.type for key, mention in best.items()}))
    return Usage(names, papers)


def _count(names: dict[str, Name], key: str, mention: Mention) -> None:
    """Add one paper's best mention of a name to the name."""
    name = names.get(key)
    if name is None:
        name = names[key] = Name(key)
    name.papers += 1
    name.weights[mention.type] = name.weights.get(mention.type, 0.0) + mention.score
    name.spellings[mention.name] += 1


def most_common(counts: Mapping[T, float]) -> T:
    """The commonest of the counted; of equals the first in the order of their names."""
    top = max(counts.values())
    return min((item for item, count in counts.items() if count == top), key=str)

"""How the papers use names: counted once, so that linking decides over names and not over mentions."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, Final, NamedTuple, TypeVar

from kg.text import initials, is_acronym, spelling_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from kg.types import Mention
    from kg.vocab import ConceptType

T = TypeVar("T")
# Words that abbreviations leave out
SMALL: Final = frozenset({"of", "the", "for", "and", "to", "in", "a", "an", "on", "by", "with", "from"})
_SHORT: Final = 6  # letters, a plural's s counted
_TERMS: Final = frozenset({"Method", "Metric", "Task", "Topic"})


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
    abbreviation that looks like it (`MATH` is not `math`, `mAP` neither `map` nor `MAP`).
    """
    key = spelling_key(name)
    if is_capitals(name):
        return key.upper()
    return name[: len(key)] if is_mixed(name) and name.casefold().startswith(key) else key


def is_capitals(name: str) -> bool:
    """Whether a name is all in capitals (a plural's small s aside) and short: an abbreviation, not a word."""
    core = name[:-1] if len(name) > 2 and name.endswith("s") else name
    letters = core.replace(" ", "").replace("-", "")
    return len(letters) > 1 and letters.isalpha() and letters.isupper() and (letters == core or len(core) < 9)


def is_mixed(name: str) -> bool:
    """Whether a name is one short word with capitals inside (`mAP`, `RoPE`): its small letters may be those
    of a common word. Longer ones (`PyTorch`) look like no common word.
    """
    return len(name) <= _SHORT and name.isalpha() and not name.islower() and name[1:] != name[1:].lower()


def collect(mentions: Iterable[Mention]) -> Usage:
    """Count how names are used; the mentions of one paper must stand together, in any order of papers."""
    names: dict[str, Name] = {}
    papers: list[PaperUse] = []
    for paper_id, group in groupby(mentions, key=attrgetter("paper_id")):
        own = list(group)
        full = _full_names(own)
        places: list[Place] = []
        best: dict[str, tuple[float, str, ConceptType]] = {}
        forms: set[tuple[str, str]] = set()
        for mention in own:
            name = full.get(mention.name, mention.name)
            key = name_key(name)
            places.append(Place(mention.id, mention.text, key))
            forms.add((key, mention.text))
            found = (mention.score, name, mention.type)
            if key not in best or found[:2] > best[key][:2]:
                best[key] = found
        for key, (score, name, type_) in best.items():
            _count(names, key, name, type_, score)
        for key, form in forms:
            names[key].forms[form] += 1
        papers.append(PaperUse(paper_id, places, {key: found[2] for key, found in best.items()}))
    return Usage(names, papers)


def _full_names(mentions: Iterable[Mention]) -> dict[str, str]:
    """What a paper's abbreviations of terms stand for, where one of its mentions gives the words.

    An artefact (a model, a data set, software) keeps its short name: it is known by it.
    """
    return {
        mention.name: mention.text
        for mention in mentions
        if " " in mention.text
        and is_acronym(mention.name)
        and str(mention.type) in _TERMS
        and spells(mention.name, mention.text)
    }


def spells(short: str, long: str) -> bool:
    """Whether an abbreviation's letters are the first letters of a phrase's words, small ones aside."""
    letters = "".join(c for c in short.removesuffix("s") if c.isalnum()).upper()
    return letters in (initials(long), initials(without_small(long)))


def without_small(name: str) -> str:
    """A name without the words that abbreviations leave out."""
    return " ".join(word for word in name.split() if word.casefold() not in SMALL)


def _count(names: dict[str, Name], key: str, spelling: str, type_: ConceptType, score: float) -> None:
    """Add one paper's best mention of a name to the name."""
    name = names.get(key)
    if name is None:
        name = names[key] = Name(key)
    name.papers += 1
    name.weights[type_] = name.weights.get(type_, 0.0) + score
    name.spellings[spelling] += 1


def most_common(counts: Mapping[T, float]) -> T:
    """The commonest of the counted; of equals the first in the order of their names."""
    top = max(counts.values())
    return min((item for item, count in counts.items() if count == top), key=str)

"""How the papers use names: counted once, so that linking decides over names and not over mentions."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, Final, NamedTuple, TypeVar

from kg.link.within import full_names
from kg.text import spelling_key

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from kg.types import Mention
    from kg.vocab import ConceptType

T = TypeVar("T")
SCALE: Final = 10**6  # scores are added in whole units: sums of fractions depend on their order
_SHORT: Final = 6  # letters, a plural's s counted


class Use(NamedTuple):
    """How one paper uses a name: spelling, type and score (in units of 1 / SCALE) of its surest mention, and
    the surface forms that stand for it, sorted.
    """

    spelling: str
    type: ConceptType
    score: int
    forms: tuple[str, ...]


class Place(NamedTuple):
    """A mention as linking keeps it: its id, the key of its name."""

    mention_id: str
    key: str


class PaperUse(NamedTuple):
    """A paper's mentions and the names that they use, by key."""

    paper_id: str
    places: list[Place]
    uses: dict[str, Use]


@dataclass(slots=True)
class Name:
    """One name as all papers use it: in how many papers, of which types, in which spellings and forms.

    `weights` adds up, for each type, the best extraction score of each paper, in whole units, so that the
    order of papers changes nothing; `forms` counts the papers in which a surface form stood for this name. A
    name that no paper uses has 0 papers.
    """

    key: str
    papers: int = 0
    weights: dict[ConceptType, int] = field(default_factory=dict)
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

    def add(self, use: Use, sign: int = 1) -> None:
        """Count one paper's use of it, or take it back (`sign` -1)."""
        self.papers += sign
        _add(self.weights, use.type, sign * use.score)
        _add(self.spellings, use.spelling, sign)
        for form in use.forms:
            _add(self.forms, form, sign)
        self._spelling = ""


def _add(counts: dict[T, int], item: T, number: int) -> None:
    """Add to a count; one that comes to nothing is taken out, as if it had never been."""
    counts[item] = counts.get(item, 0) + number
    if not counts[item]:
        del counts[item]


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
    papers = list(read_uses(mentions))
    for paper in papers:
        for key, use in paper.uses.items():
            names.setdefault(key, Name(key)).add(use)
    return Usage(names, papers)


def read_uses(
    mentions: Iterable[Mention], apart: Collection[frozenset[str]] = frozenset()
) -> Iterator[PaperUse]:
    """What each paper uses; the mentions of one paper must stand together.

    Two names (`unordered`) that a person keeps `apart` aren't short and full name of one thing in any paper.
    """
    for paper_id, group in groupby(mentions, key=attrgetter("paper_id")):
        own = list(group)
        full = {short: name for short, name in full_names(own).items() if unordered(short, name) not in apart}
        places: list[Place] = []
        best: dict[str, tuple[float, str, ConceptType]] = {}
        forms: dict[str, set[str]] = {}
        for mention in own:
            name = full.get(mention.name, mention.name)
            key = name_key(name)
            places.append(Place(mention.id, key))
            forms.setdefault(key, set()).add(mention.text)
            found = (mention.score, name, mention.type)
            if key not in best or found[:2] > best[key][:2]:
                best[key] = found
        uses = {
            key: Use(name, type_, max(1, round(score * SCALE)), tuple(sorted(forms[key])))
            for key, (score, name, type_) in best.items()
        }
        yield PaperUse(paper_id, places, uses)


def unordered(left: str, right: str) -> frozenset[str]:
    """Two names, whichever comes first and however they are spelled."""
    return frozenset((name_key(left).casefold(), name_key(right).casefold()))


def most_common(counts: Mapping[T, float]) -> T:
    """The commonest of the counted; of equals the first in the order of their names."""
    top = max(counts.values())
    return min((item for item, count in counts.items() if count == top), key=str)

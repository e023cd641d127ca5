"""What abbreviations stand for: how many papers define which long form for which short one."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

from kg.link.forms import content_key
from kg.link.usage import most_common, name_key
from kg.text import is_acronym, spelling_key

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kg.link.usage import Name
    from kg.link.vocabulary import Vocabulary

_BRACKETS = re.compile(r"\s*\([^()]*\)\s*")
_GAPS = re.compile(r"[\s\-\u2010-\u2015/]+")
DOMINANT: Final = 0.85
_CUT: Final = 4  # letters
_UNSEEN: Final = {2: 4, 3: 2}  # by an abbreviation's letters: short ones stand for many things


class Sense(NamedTuple):
    """A long form of an abbreviation: its key, the papers that define it so, all papers that define it, and
    how many definitions are thought to be unseen.
    """

    long: str
    papers: int
    total: int
    unseen: int = 1

    @property
    def share(self) -> float:
        """Share of the definitions, drawn towards one half where there are few (half of the unseen ones)."""
        return (self.papers + self.unseen / 2) / (self.total + self.unseen)


class Corpus(Protocol):
    """What some papers show of abbreviations."""

    def definitions(self, short: str) -> Mapping[str, int]:
        """In how many papers an abbreviation (by key) stands for each longer name (by key)."""

    def spelling(self, long: str) -> str:
        """How papers spell a long form (by key); empty where no abbreviation stands for it."""


class Abbreviations:
    """Definitions that a corpus' papers give, on top of the vocabulary's and of those counted once in a large
    corpus (shipped with us).
    """

    def __init__(self, corpus: Corpus, base: Base) -> None:
        self._corpus = corpus
        self._base = base
        self._counted: dict[str, Counter[str]] = {}
        self._spellings: dict[str, str] = {}
        self._expanded: dict[str, str] = {}
        self._senses: dict[str, list[Sense]] = {}

    def _counts(self, short: str) -> Counter[str]:
        if short not in self._counted:
            self._counted[short] = self._base.counts.get(short, Counter()) + Counter(
                self._corpus.definitions(short)
            )
        return self._counted[short]

    def spelling(self, long: str) -> str:
        """How a long form (by key) is spelled; empty where it is none."""
        if long not in self._spellings:
            base = self._base
            self._spellings[long] = (
                base.shipped.get(long) or self._corpus.spelling(long) or base.labels.get(long, "")
            )
        return self._spellings[long]

    def senses(self, short: str) -> list[Sense]:
        """The long forms of an abbreviation (by key), commonest first; one that begins like a commoner one
        (`chain of thought`, `chain of thought prompting`) or has its stems is counted with it.
        """
        if short not in self._senses:
            counts = self._counts(short)
            total = sum(counts.values())
            merged: dict[str, int] = {}
            for long in sorted(counts, key=lambda key: (-counts[key], key)):
                same = next((key for key in merged if self._alike(key, long)), long)
                merged[same] = merged.get(same, 0) + counts[long]
            found = sorted(merged.items(), key=lambda item: (-item[1], item[0]))
            self._senses[short] = [
                Sense(long, papers, total, _UNSEEN.get(len(short), 1)) for long, papers in found
            ]
        return self._senses[short]

    def _alike(self, sense: str, long: str) -> bool:
        """Whether a long form is another wording of a sense: the same stems, or more words or letters after
        it, or (`net`, `network`) a few letters less.
        """
        if long.startswith(sense) or (sense.startswith(long) and len(sense) - len(long) <= _CUT):
            return True
        return content_key(self.spelling(sense)) == content_key(self.spelling(long))

    def overlap(self, first: str, second: str) -> float:
        """The share of two abbreviations' definitions (by key) that is the same."""
        others = self.senses(second)
        common = 0.0
        for sense in self.senses(first):
            same = next((other for other in others if self._alike(sense.long, other.long)), None)
            common += min(sense.papers / sense.total, same.papers / same.total) if same else 0.0
        return common

    def defines(self, short: str, long: Name) -> Sense | None:
        """The sense of the abbreviation (by key) that a name is or is another wording of."""
        if short == long.key or not self._counts(short):
            return None
        if not self.spelling(long.key):
            self._spellings[long.key] = long.spelling
        return next((sense for sense in self.senses(short) if self._alike(sense.long, long.key)), None)

    def dominant(self, short: str) -> Sense | None:
        """What an abbreviation stands for where no text says: the sense of nearly all definitions, if any."""
        senses = self.senses(short)
        return senses[0] if senses and senses[0].papers > 1 and senses[0].share >= DOMINANT else None

    def expand(self, name: str) -> str:
        """The key of a name of several words with its abbreviations written out: `LLM agent` and `large
        language model (LLM) agents` have one.
        """
        if name.islower() and "(" not in name:
            return spelling_key(name)
        if name not in self._expanded:
            self._expanded[name] = spelling_key(" ".join(map(self._full, parts(name))))
        return self._expanded[name]

    def _full(self, word: str) -> str:
        return (self.long(name_key(word)) if is_acronym(word) else "") or word

    def long(self, short: str) -> str:
        """What `expand` writes for an abbreviation (by key); empty where it leaves it."""
        sense = self.dominant(short)
        return self.spelling(sense.long) if sense else ""

    def shown(self, short: str) -> list[tuple[Sense, str]]:
        """All that is to be seen of an abbreviation (by key) from outside: its senses and their spellings."""
        return [(sense, self.spelling(sense.long)) for sense in self.senses(short)]


def parts(name: str) -> list[str]:
    """The words of a name in which abbreviations are looked for, without what stands in brackets."""
    return [word for word in _GAPS.split(_BRACKETS.sub(" ", name).strip()) if word]


def shorts(name: str) -> set[str]:
    """The abbreviations (by key) that `Abbreviations.expand` would write out in a name."""
    if name.islower() and "(" not in name:
        return set()
    return {name_key(word) for word in parts(name) if is_acronym(word)}


def definitions(name: Name) -> Counter[str]:
    """The abbreviations (by key) that stand for a longer name, each with the papers in which one does."""
    found: Counter[str] = Counter()
    if not is_acronym(name.spelling):
        for form, papers in name.forms.items():
            if is_acronym(form) and (short := name_key(form)) != name.key:
                found[short] += papers
    return found


@dataclass(frozen=True, slots=True)
class Base:
    """Definitions known beforehand: how often each abbreviation (by key) stands for each long form; the long
    forms' spellings, those that outweigh the papers' and those of a vocabulary's labels, that don't; and the
    abbreviations of each long form.
    """

    counts: Mapping[str, Counter[str]]
    shipped: Mapping[str, str]
    labels: Mapping[str, str]
    shorts: Mapping[str, set[str]]


def base(vocabulary: Vocabulary) -> Base:
    """What the shipped table and a vocabulary's abbreviations (each like three papers) say."""
    table, spellings = shipped()
    counts = defaultdict(Counter, {short: Counter(longs) for short, longs in table.items()})
    labels: dict[str, str] = {}
    for entry in vocabulary.entries.values():
        for form in entry.alternatives:
            if is_acronym(form) and not is_acronym(entry.label):
                counts[name_key(form)][name_key(entry.label)] += 3
                labels.setdefault(name_key(entry.label), entry.label)
    longs: defaultdict[str, set[str]] = defaultdict(set)
    for short, found in counts.items():
        for long in found:
            longs[long].add(short)
    return Base(dict(counts), spellings, labels, dict(longs))


class _Names:
    """The definitions that names at hand show."""

    def __init__(self, names: Mapping[str, Name]) -> None:
        self._counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self._spellings: dict[str, str] = {}
        for name in names.values():
            for short, papers in definitions(name).items():
                self._counts[short][name.key] += papers
                self._spellings[name.key] = name.spelling

    def definitions(self, short: str) -> Mapping[str, int]:
        return self._counts.get(short, {})

    def spelling(self, long: str) -> str:
        return self._spellings.get(long, "")


def count(names: Mapping[str, Name], vocabulary: Vocabulary) -> Abbreviations:
    """What some names (by key) show of abbreviations, with what is known beforehand."""
    return Abbreviations(_Names(names), base(vocabulary))


@lru_cache(maxsize=1)
def shipped() -> tuple[dict[str, Counter[str]], dict[str, str]]:
    """The counts of abbreviations.tsv (made by training/link_abbreviations.py) and the long forms'
    spellings, by key.
    """
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    spellings: dict[str, Counter[str]] = {}
    text = files("kg.link").joinpath("abbreviations.tsv").read_text(encoding="utf-8")
    for line in text.splitlines():
        short, long, papers = line.split("\t")
        counts[name_key(short)][name_key(long)] += int(papers)
        spellings.setdefault(name_key(long), Counter())[long] += int(papers)
    return dict(counts), {key: most_common(longs) for key, longs in spellings.items()}

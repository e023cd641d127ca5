"""What abbreviations stand for: how many papers define which long form for which short one."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final, NamedTuple

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


class Abbreviations:
    """Definitions counted in a corpus, on top of those counted once in a large one (shipped with us)."""

    def __init__(self, counts: Mapping[str, Mapping[str, int]], spellings: dict[str, str]) -> None:
        self._counts = counts
        self._spellings = spellings
        self._expanded: dict[str, str] = {}
        self._senses: dict[str, list[Sense]] = {}

    def senses(self, short: str) -> list[Sense]:
        """The long forms of an abbreviation (by key), commonest first; one that begins like a commoner one
        (`chain of thought`, `chain of thought prompting`) or has its stems is counted with it.
        """
        if short not in self._senses:
            counts = self._counts.get(short, {})
            total = sum(counts.values())
            merged: dict[str, int] = {}
            for long in sorted(counts, key=lambda key: (-counts[key], key)):
                same = next((key for key in merged if self._alike(key, long)), long)
                merged[same] = merged.get(same, 0) + counts[long]
            found = sorted(merged.items(), key=lambda item: (-item[1], item[0]))
            self._senses[short] = [Sense(long, papers, total, _UNSEEN.get(len(short), 1)) for long, papers in found]
        return self._senses[short]

    def _alike(self, sense: str, long: str) -> bool:
        """Whether a long form is another wording of a sense: the same stems, or more words or letters after
        it, or (`net`, `network`) a few letters less.
        """
        if long.startswith(sense) or (sense.startswith(long) and len(sense) - len(long) <= _CUT):
            return True
        return content_key(self._spellings[sense]) == content_key(self._spellings[long])

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
        if short not in self._counts or short == long.key:
            return None
        self._spellings.setdefault(long.key, long.spelling)
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
            words = [self._full(word) for word in _GAPS.split(_BRACKETS.sub(" ", name).strip()) if word]
            self._expanded[name] = spelling_key(" ".join(words))
        return self._expanded[name]

    def _full(self, word: str) -> str:
        sense = self.dominant(name_key(word)) if is_acronym(word) else None
        return self._spellings.get(sense.long, word) if sense else word


def count(names: Mapping[str, Name], vocabulary: Vocabulary) -> Abbreviations:
    """What the corpus' papers define (a short form that stood for a longer name), the vocabulary's
    abbreviations, and the shipped counts.
    """
    table = shipped()
    counts = defaultdict(Counter, {short: Counter(longs) for short, longs in table[0].items()})
    spellings = dict(table[1])
    for name in names.values():
        for form, papers in name.forms.items():
            if is_acronym(form) and (short := name_key(form)) != name.key and not is_acronym(name.spelling):
                counts[short][name.key] += papers
                spellings.setdefault(name.key, name.spelling)
    for entry in vocabulary.entries.values():
        for form in entry.alternatives:
            if is_acronym(form) and not is_acronym(entry.label):
                counts[name_key(form)][name_key(entry.label)] += 3
                spellings.setdefault(name_key(entry.label), entry.label)
    return Abbreviations(counts, spellings)


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

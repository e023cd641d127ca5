"""The names of a corpus as a table: looked up by key, counted anew where papers have changed."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

from kg.link import tables
from kg.link.abbreviations import definitions, shorts
from kg.link.skos import TYPES
from kg.link.usage import Name, Use, name_key
from kg.records import encode_json
from kg.text import is_acronym

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from kg.link.usage import PaperUse
    from kg.store import Store


class Names:
    """Names by key, as the store's tables have them; behind these, names that no paper uses (`unused`: a
    vocabulary's labels).
    """

    def __init__(self, store: Store, unused: Mapping[str, Name]) -> None:
        self._store = store
        self._unused = unused
        self._known: dict[str, Name | None] = {}

    def get(self, key: str) -> Name | None:
        """The name with this key, or None."""
        if key not in self._known:
            self.load([key])
        return self._known[key]

    def __getitem__(self, key: str) -> Name:
        name = self.get(key)
        if name is None:
            raise KeyError(key)
        return name

    def __contains__(self, key: object) -> bool:
        return isinstance(key, str) and self.get(key) is not None

    def load(self, keys: Iterable[str]) -> None:
        """Have these at hand, with one query."""
        wanted = [key for key in keys if key not in self._known]
        self._known.update((key, self._unused.get(key)) for key in wanted)
        self._known.update((row[0], _name(row)) for row in tables.among(self._store, _SELECT, wanted))

    def definitions(self, short: str) -> dict[str, int]:
        """In how many papers an abbreviation (by key) stands for each longer name (by key)."""
        statement = "SELECT key, sum(papers) FROM link_forms WHERE short = ? GROUP BY key"
        return dict(self._store.query(statement, (short,)))

    def spelling(self, long: str) -> str:
        """How papers spell a name for which an abbreviation stands; empty where none does."""
        name = self.get(long)
        return name.spelling if name and definitions(name) else ""

    def by_form(self, texts: Iterable[str]) -> dict[str, dict[str, int]]:
        """For surface forms that spell another name or none: in how many papers each stands for which."""
        found: dict[str, dict[str, int]] = {}
        statement = "SELECT form, key, papers FROM link_forms WHERE form IN (?)"
        for form, key, papers in tables.among(self._store, statement, list(texts)):
            found.setdefault(form, {})[key] = papers
        return found

    def abbreviations(self, changed: Collection[Name]) -> set[str]:
        """The abbreviations (by key) that stood for some names, and those that will, as these now are."""
        found = {short for name in changed if name.papers for short in definitions(name)}
        statement = "SELECT DISTINCT short FROM link_forms WHERE key IN (?) AND short <> ''"
        rows = tables.among(self._store, statement, [name.key for name in changed])
        return found | {short for (short,) in rows}

    def spelled_with(self, abbreviations: Collection[str]) -> set[str]:
        """The names (by key) in which one of some abbreviations (by key) is written."""
        if not abbreviations:
            return set()
        rows = self._store.query(_CAPITALS)
        names = {key: name.spelling for key, name in self._unused.items()} | dict(rows)
        return {key for key, spelling in names.items() if shorts(spelling) & {*abbreviations}}

    def recount(self, papers: Collection[PaperUse], gone: Iterable[str]) -> dict[str, Name]:
        """The names that change when these papers take the place of their older selves and others are gone,
        as they will be; nothing is written.
        """
        ids = [*(paper.paper_id for paper in papers), *gone]
        before = [(row[0], _use(row)) for row in tables.among(self._store, _USES, ids)]
        after = [pair for paper in papers for pair in paper.uses.items()]
        keys = {key for key, _ in (*before, *after)}
        old = {row[0]: row for row in tables.among(self._store, _SELECT, keys)}
        found = {key: _name(old[key]) if key in old else Name(key) for key in keys}
        for sign, uses in ((-1, before), (1, after)):
            for key, use in uses:
                found[key].add(use, sign)
        return {key: name for key, name in found.items() if not name.papers or _row(name) != old.get(key)}

    def write(self, changed: Mapping[str, Name], papers: Collection[PaperUse], gone: Iterable[str]) -> None:
        """Keep what `recount` found, and the papers' uses."""
        store = self._store
        tables.remove(store, "link_uses", "paper_id", [*(paper.paper_id for paper in papers), *gone])
        tables.put(
            store,
            "link_uses",
            ((p.paper_id, key, *_plain(use)) for p in papers for key, use in p.uses.items()),
        )
        used = {key: name for key, name in changed.items() if name.papers}
        tables.remove(store, "link_names", "key", changed.keys() - used.keys())
        tables.put(store, "link_names", map(_row, used.values()))
        tables.remove(store, "link_forms", "key", changed)
        tables.put(store, "link_forms", (row for name in used.values() for row in _other_forms(name)))
        tables.index(store, "link_uses")
        tables.index(store, "link_forms")
        self._known.update((key, used.get(key, self._unused.get(key))) for key in changed)


_SELECT = "SELECT key, papers, spelling, weights, spellings, forms FROM link_names WHERE key IN (?)"
# An abbreviation has a capital, and SQLite knows those of ASCII only
_CAPITALS = (
    "SELECT key, spelling FROM link_names WHERE spelling <> lower(spelling) OR spelling GLOB '*[^ -~]*'"
)
_USES = "SELECT key, spelling, type, score, forms FROM link_uses WHERE paper_id IN (?)"


def _row(name: Name) -> tuple[Any, ...]:
    weights = {str(type_): weight for type_, weight in name.weights.items()}
    return name.key, name.papers, name.spelling, *map(encode_json, (weights, name.spellings, name.forms))


def _name(row: tuple[Any, ...]) -> Name:
    key, papers, spelling, weights, spellings, forms = row
    typed = {TYPES[type_]: weight for type_, weight in json.loads(weights).items()}
    return Name(key, papers, typed, Counter(json.loads(spellings)), Counter(json.loads(forms)), spelling)


def _other_forms(name: Name) -> Iterator[tuple[str, str, int, str]]:
    """The forms that stand for a name and are spellings of another: `short` is set where it is defined so."""
    short = is_acronym(name.spelling)
    for form, papers in name.forms.items():
        if (key := name_key(form)) != name.key:
            yield form, name.key, papers, key if is_acronym(form) and not short else ""


def _use(row: tuple[Any, ...]) -> Use:
    _, spelling, type_, score, forms = row
    return Use(spelling, TYPES[type_], score, tuple(json.loads(forms)))


def _plain(use: Use) -> tuple[Any, ...]:
    return use.spelling, str(use.type), use.score, encode_json(use.forms)

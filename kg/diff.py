"""What changed between two builds: papers, concepts and links gained, lost, renamed, merged, split.

A build is its store, or the tables that were exported from it. Concepts are followed through their names: one
whose name is another's by now was renamed, or merged where the other had been there before.
"""

from __future__ import annotations

import csv
import json
import sys
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, fields
from typing import TYPE_CHECKING, Any, Final

from kg import published
from kg.errors import SourceError
from kg.store import FILE_NAME, Store
from kg.vocab import Role

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Set
    from pathlib import Path

TABLES: Final = ("papers.csv", "concepts.csv", "statements.csv")
_ROLES: Final = frozenset(map(str, Role))
TITLES: Final = {
    "papers_gained": "Papers gained",
    "papers_lost": "Papers lost",
    "papers_renamed": "Papers under another title",
    "concepts_gained": "Concepts gained",
    "concepts_lost": "Concepts lost",
    "concepts_renamed": "Concepts renamed",
    "concepts_retyped": "Concepts of another type",
    "concepts_merged": "Concepts merged into another",
    "concepts_split": "Concepts split off another",
    "links_gained": "Links gained",
    "links_lost": "Links lost",
}


@dataclass(frozen=True, slots=True)
class Named:
    """A concept as a build has it: what it is called, its type, its other names."""

    name: str
    type: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Build:
    """What there is to compare: titles by paper, concepts by id, and links (subject, predicate, object)."""

    papers: Mapping[str, str]
    concepts: Mapping[str, Named]
    links: frozenset[tuple[str, str, str]]


@dataclass(frozen=True, slots=True)
class Diff:
    """Changes, each kind a sorted list; a pair is (old, new), of a merge (what was merged, into what), of a
    split (from what, what was split off).
    """

    papers_gained: list[str] = field(default_factory=list)
    papers_lost: list[str] = field(default_factory=list)
    papers_renamed: list[tuple[str, str]] = field(default_factory=list)
    concepts_gained: list[str] = field(default_factory=list)
    concepts_lost: list[str] = field(default_factory=list)
    concepts_renamed: list[tuple[str, str]] = field(default_factory=list)
    concepts_retyped: list[tuple[str, str]] = field(default_factory=list)
    concepts_merged: list[tuple[str, str]] = field(default_factory=list)
    concepts_split: list[tuple[str, str]] = field(default_factory=list)
    links_gained: list[tuple[str, str, str]] = field(default_factory=list)
    links_lost: list[tuple[str, str, str]] = field(default_factory=list)

    def __bool__(self) -> bool:
        return any(getattr(self, each.name) for each in fields(self))

    def summary(self) -> str:
        """One line: how many changes of each kind there are."""
        counts = [(title.lower(), len(getattr(self, name))) for name, title in TITLES.items()]
        return ", ".join(f"{count} {title}" for title, count in counts if count) or "nothing has changed"


def read_build(path: Path) -> Build:
    """The build in a folder of exports or in a store's file.

    Raises SourceError where there is neither, StoreError for a store that can't be read.
    """
    file = path / FILE_NAME if path.is_dir() else path
    if file.is_file():
        with Store.open(file, readonly=True) as store:
            return of_store(store)
    if all((path / name).is_file() for name in TABLES):
        return of_tables(path)
    raise SourceError(f"{path}: no build here: give a store ({FILE_NAME}) or a folder with {TABLES[0]}")


def of_store(store: Store) -> Build:
    """What a store holds."""
    return Build(
        {paper.id: paper.title for paper in store.papers()},
        {each.id: Named(each.name, str(each.type), each.aliases) for each in store.concepts()},
        frozenset((each.subject, each.predicate, each.object) for each in store.statements()),
    )


def of_tables(folder: Path) -> Build:
    """What the tables of a folder hold. Raises SourceError for tables that can't be read."""
    papers, concepts, statements = (_rows(folder / name) for name in TABLES)
    try:
        return Build(
            {row["id"]: row["title"] for row in papers},
            {
                row["id"]: Named(row["name"], row["type"], tuple(filter(None, row["aliases"].split("; "))))
                for row in concepts
            },
            frozenset((row["subject"], row["predicate"], row["object"]) for row in statements),
        )
    except KeyError as error:
        raise SourceError(f"{folder}: its tables have no column {error}: were they written by kg?") from error


def _rows(path: Path) -> list[dict[str, str]]:
    """A table's rows; the apostrophe that shields a cell from spreadsheets is taken off."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file, _long_cells():
            return [
                {key: _unshielded(value or "") for key, value in row.items() if key}
                for row in csv.DictReader(file)
            ]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise SourceError(f"{path}: {error}") from error


@contextmanager
def _long_cells() -> Iterator[None]:
    """Let cells be as long as a text may be; the limit is one for all of Python's csv."""
    before = csv.field_size_limit(min(sys.maxsize, 2**31 - 1))
    try:
        yield
    finally:
        csv.field_size_limit(before)


def _unshielded(cell: str) -> str:
    return cell[1:] if cell[:1] == "'" and cell[1:2] in ("=", "+", "-", "@", "\t", "\r") else cell


def diff(old: Build, new: Build) -> Diff:
    """What it takes to make the new build of the old one; the order of what is in them plays no part."""
    found = Diff()
    _papers(old, new, found)
    fate = _concepts(old, new, found)
    before = {_moved(link, fate) for link in old.links}
    papers, lost = old.papers.keys() ^ new.papers.keys(), old.concepts.keys() - new.concepts.keys()
    found.links_gained.extend(sorted(link for link in new.links - before if _stays(link, papers, lost)))
    found.links_lost.extend(sorted(link for link in before - new.links if _stays(link, papers, lost)))
    return found


def since_published(store: Store) -> Diff:
    """What has changed in a store since its exports were last published; costs what has changed."""
    old_papers, new_papers = published.rows(store, "papers")
    old_concepts, new_concepts = map(_all_named, published.rows(store, "concepts"))
    others = _namesakes(store, old_concepts, new_concepts)
    before, now = published.links(store)
    old = Build(
        {id_: title for id_, (title,) in old_papers.items()}, old_concepts | others, frozenset(before)
    )
    new = Build({id_: title for id_, (title,) in new_papers.items()}, new_concepts | others, frozenset(now))
    found = diff(old, new)
    found.links_lost[:] = [link for link in found.links_lost if not _is_stated(store, link)]
    return found


def of_published(store: Store) -> Build:
    """What a store held when its exports were last published."""
    now, papers, concepts = of_store(store), *(published.rows(store, name) for name in ("papers", "concepts"))
    before, since = published.links(store)
    titles = {id_: title for id_, (title,) in papers[0].items()}
    return Build(
        {id_: title for id_, title in now.papers.items() if id_ not in papers[1]} | titles,
        {id_: each for id_, each in now.concepts.items() if id_ not in concepts[1]} | _all_named(concepts[0]),
        (now.links - since) | before,
    )


def _all_named(rows: Mapping[str, tuple[Any, ...]]) -> dict[str, Named]:
    return {
        id_: Named(name, type_, tuple(json.loads(aliases))) for id_, (name, type_, aliases) in rows.items()
    }


def _namesakes(store: Store, *changed: Mapping[str, Named]) -> dict[str, Named]:
    """The concepts without a change that have a name of one with a change: what that was merged into or split
    off.
    """
    names = json.dumps(sorted({concept.name for concepts in changed for concept in concepts.values()}))
    if names == "[]":
        return {}
    rows = store.query(
        "SELECT id, name, type, aliases FROM concepts WHERE id NOT IN (SELECT id FROM was_concepts)"
        " AND (name IN (SELECT value FROM json_each(?1))"
        " OR EXISTS (SELECT 1 FROM json_each(aliases) a WHERE a.value IN (SELECT value FROM json_each(?1))))",
        (names,),
    )
    return _all_named({id_: tuple(values) for id_, *values in rows})


def _is_stated(store: Store, link: tuple[str, str, str]) -> bool:
    return any(
        store.query(
            "SELECT 1 FROM statements WHERE subject = ? AND predicate = ? AND object = ? LIMIT 1", link
        )
    )


def _papers(old: Build, new: Build, found: Diff) -> None:
    found.papers_gained.extend(sorted(new.papers.keys() - old.papers.keys()))
    found.papers_lost.extend(sorted(old.papers.keys() - new.papers.keys()))
    both = sorted(old.papers.keys() & new.papers.keys())
    changed = ((old.papers[key], new.papers[key]) for key in both)
    found.papers_renamed.extend(pair for pair in changed if pair[0] != pair[1])


def _concepts(old: Build, new: Build, found: Diff) -> dict[str, str]:
    """Note the changes of concepts; returns what became of each old id that is gone."""
    fate: dict[str, str] = {}
    heirs = _by_name(new.concepts)
    for key in sorted(old.concepts.keys() - new.concepts.keys()):
        was = old.concepts[key]
        heir = heirs.get(was.name, "")
        if not heir:
            found.concepts_lost.append(was.name)
            continue
        fate[key] = heir
        now = new.concepts[heir]
        if heir in old.concepts or heir in list(fate.values())[:-1]:
            found.concepts_merged.append((was.name, now.name))
        elif was.name != now.name:
            found.concepts_renamed.append((was.name, now.name))
        if was.type != now.type and heir not in old.concepts:
            found.concepts_retyped.append((f"{was.name} ({was.type})", f"{now.name} ({now.type})"))
    _renamed_in_place(old, new, found)
    _gained(old, new, set(fate.values()), found)
    return fate


def _renamed_in_place(old: Build, new: Build, found: Diff) -> None:
    for key in sorted(old.concepts.keys() & new.concepts.keys()):
        names = old.concepts[key].name, new.concepts[key].name
        if names[0] != names[1]:
            found.concepts_renamed.append(names)


def _gained(old: Build, new: Build, heirs: set[str], found: Diff) -> None:
    """New concepts: split off an old one that had their name and is still there, or gained."""
    sources = _by_name(old.concepts)
    for key in sorted(new.concepts.keys() - old.concepts.keys() - heirs):
        name = new.concepts[key].name
        source = sources.get(name, "")
        if source in new.concepts:
            found.concepts_split.append((new.concepts[source].name, name))
        else:
            found.concepts_gained.append(name)


def _by_name(concepts: Mapping[str, Named]) -> dict[str, str]:
    """The concept of each name, a concept's main name before another's alias."""
    index: dict[str, str] = {}
    for key in sorted(concepts):
        index.setdefault(concepts[key].name, key)
    for key in sorted(concepts):
        for alias in concepts[key].aliases:
            index.setdefault(alias, key)
    return index


def _moved(link: tuple[str, str, str], fate: Mapping[str, str]) -> tuple[str, str, str]:
    subject, predicate, object_ = link
    return (
        subject if predicate in _ROLES else fate.get(subject, subject),
        predicate,
        fate.get(object_, object_),
    )


def _stays(link: tuple[str, str, str], papers: Set[str], lost: Set[str]) -> bool:
    """Whether a link is no mere consequence of a paper that came or went, or of a concept that was lost."""
    subject, predicate, object_ = link
    return subject not in (papers if predicate in _ROLES else lost) and object_ not in lost


def to_record(changes: Diff) -> dict[str, Any]:
    """The changes as plain data, with their counts."""
    found = asdict(changes)
    return {"counts": {name: len(items) for name, items in found.items()}, **found}

"""What changed between two builds: papers, concepts and links gained, lost, renamed, merged, split.

A build is its store, or the tables that were exported from it. Concepts are followed through their names: one
whose name is another's by now was renamed, or merged where the other had been there before.
"""

from __future__ import annotations

import csv
from dataclasses import asdict, dataclass, field, fields
from typing import TYPE_CHECKING, Any, Final

from kg.errors import SourceError
from kg.store import FILE_NAME, Store

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

TABLES: Final = ("papers.csv", "concepts.csv", "statements.csv")
SHOWN: Final = 20  # changes of a kind that text and Markdown list
_TITLES: Final = {
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
        counts = [(title.lower(), len(getattr(self, name))) for name, title in _TITLES.items()]
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
        with path.open(encoding="utf-8-sig", newline="") as file:
            return [
                {key: _unshielded(value or "") for key, value in row.items() if key}
                for row in csv.DictReader(file)
            ]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise SourceError(f"{path}: {error}") from error


def _unshielded(cell: str) -> str:
    return cell[1:] if cell[:1] == "'" and cell[1:2] in ("=", "+", "-", "@", "\t", "\r") else cell


def diff(old: Build, new: Build) -> Diff:
    """What it takes to make the new build of the old one; the order of what is in them plays no part."""
    found = Diff()
    _papers(old, new, found)
    fate = _concepts(old, new, found)
    before = {_moved(link, fate) for link in old.links}
    shared = old.papers.keys() & new.papers.keys()
    found.links_gained.extend(sorted(link for link in new.links - before if _stays(link, shared, new)))
    found.links_lost.extend(sorted(link for link in before - new.links if _stays(link, shared, new)))
    return found


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
    return fate.get(link[0], link[0]), link[1], fate.get(link[2], link[2])


def _stays(link: tuple[str, str, str], papers: Iterable[str], new: Build) -> bool:
    """Whether a link is no mere consequence of a paper or concept that came or went."""
    subject, _, object_ = link
    return (subject in papers or subject in new.concepts) and object_ in new.concepts


def to_record(changes: Diff) -> dict[str, Any]:
    """The changes as plain data, with their counts."""
    found = asdict(changes)
    return {"counts": {name: len(items) for name, items in found.items()}, **found}


def to_lines(changes: Diff, *, markdown: bool = False) -> list[str]:
    """The changes as text or Markdown, the first of each kind."""
    lines: list[str] = []
    for name, title in _TITLES.items():
        items = getattr(changes, name)
        if items:
            lines.append(f"## {title} ({len(items)})\n" if markdown else f"{title} ({len(items)})")
            lines += [("- " if markdown else "  ") + _said(item, markdown) for item in items[:SHOWN]]
            lines += [f"{'- ' if markdown else '  '}... and {len(items) - SHOWN} more"] * (len(items) > SHOWN)
            lines += [""] if markdown else []
    return lines or ["Nothing has changed."]


def _said(item: str | tuple[str, ...], markdown: bool) -> str:
    parts = (item,) if isinstance(item, str) else item
    clean = [_escaped(part) if markdown else part for part in parts]
    return f"{clean[0]} {clean[1]} {clean[2]}" if len(clean) == 3 else " -> ".join(clean)


def _escaped(text: str) -> str:
    """Text that Markdown and the HTML made of it show as it is."""
    shown = "".join(f"\\{c}" if c in "\\`*_[]#|" else c for c in text)
    return " ".join(shown.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").split())

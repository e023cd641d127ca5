"""One paper, one record: the same id or the same normalised title is the same paper, whatever lists it."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

from kg.ids import digest, normal_title
from kg.types import Issue, Paper

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kg.ingest.record import Record


def merge(records: Iterable[Record]) -> tuple[tuple[Paper, ...], tuple[Issue, ...]]:
    """The papers of all records, sorted by id, and what to tell of them; any order of records gives the same.

    A record with an id of its own joins those of the same id; records of one normalised title join too. An id
    made of a title gives way to a source's own: where another paper has that id, eight digits of the title's
    hash are appended.
    """
    papers = tuple(paper for paper, _ in merge_groups(records))
    return papers, tuple(issue for paper in papers if (issue := without_abstract(paper)))


def merge_groups(records: Iterable[Record], given: Iterable[str] = ()) -> list[tuple[Paper, list[Record]]]:
    """Each paper, sorted by id, with its records; `given` are ids that other sources' records have as their
    own.
    """
    groups = _groups(sorted(records, key=_order))
    taken = {record.paper.id for group in groups for record in group if record.given} | {*given}
    return sorted(((_one(group, taken), group) for group in groups), key=lambda pair: pair[0].id)


def title_key(paper: Paper) -> str:
    """What papers with one title share."""
    return normal_title(paper.title) or paper.title


def _order(record: Record) -> tuple[Any, ...]:
    paper = record.paper
    return (
        not record.given,
        paper.id,
        -len(paper.abstract),
        paper.title,
        paper.abstract,
        paper.sources,
        repr(paper),
    )


def _groups(records: list[Record]) -> list[list[Record]]:
    """Records that are one paper, by union over (own id) and (normalised title)."""
    parent = list(range(len(records)))

    def root(index: int) -> int:
        while parent[index] != index:
            parent[index] = index = parent[parent[index]]
        return index

    first: dict[tuple[str, str], int] = {}
    for index, record in enumerate(records):
        keys = [("title", title_key(record.paper))]
        keys += [("id", record.paper.id)] if record.given else []
        for key in keys:
            left, right = sorted((root(first.setdefault(key, index)), root(index)))
            parent[right] = left
    groups: dict[int, list[Record]] = {}
    for index, record in enumerate(records):
        groups.setdefault(root(index), []).append(record)
    return list(groups.values())


def _one(group: list[Record], given: set[str]) -> Paper:
    """One paper of its records: the first has the word, the others fill what it leaves empty."""
    best = group[0].paper
    longest = max(group, key=lambda record: len(record.paper.abstract)).paper
    merged: dict[str, Any] = {
        field.name: next((value for record in group if (value := getattr(record.paper, field.name))), None)
        for field in fields(Paper)
        if field.name not in ("id", "title", "abstract", "sources", "listed_by", "extra")
    }
    extra = {key: value for record in reversed(group) for key, value in record.paper.extra.items()}
    return replace(
        best,
        id=_id(group, given),
        abstract=longest.abstract,
        sources=_union(record.paper.sources for record in group),
        listed_by=_union(record.paper.listed_by for record in group),
        extra=extra | _other_ids(group),
        **{key: value for key, value in merged.items() if value is not None},
    )


def _id(group: list[Record], given: set[str]) -> str:
    paper, own = group[0].paper, group[0].given
    return (
        paper.id
        if own or paper.id not in given
        else f"{paper.id}-{digest(normal_title(paper.title), length=8)}"
    )


def _other_ids(group: list[Record]) -> dict[str, Any]:
    ids = sorted({record.paper.id for record in group if record.given} - {group[0].paper.id})
    return {"other_ids": ids} if ids else {}


def _union(tuples: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(sorted({item for items in tuples for item in items}))


def without_abstract(paper: Paper) -> Issue | None:
    """What to tell of a paper that has no abstract."""
    if paper.abstract:
        return None
    return Issue("warning", "ingest", f"no abstract: {paper.title}", paper.id, ", ".join(paper.sources))

"""One paper, one record: records of one title are the same paper, unless something tells them apart.

Fields of records whose titles differ are never mixed, whatever ids they have.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import fields, replace
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from kg.ids import digest, normal_title
from kg.ingest.identity import difference
from kg.types import Issue, Paper

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kg.ingest.record import Record


PAPERS: Final = 100  # of one title, with which a record is compared; there are thousands called "Editorial"
RECORDS: Final = 20  # of one paper, that say different things


def merge(records: Iterable[Record]) -> tuple[tuple[Paper, ...], tuple[Issue, ...]]:
    """The papers of all records, sorted by id, and what to tell of them; any order of records gives the same.

    Records of one normalised title join where nothing that they give speaks against it. An id that papers of
    different titles have been given stays with one of them, and an id made of a title gives way to a source's
    own: the others get eight digits of a hash appended.
    """
    merged = merge_groups(records)
    papers = tuple(paper for paper, _ in merged)
    bare = (issue for paper in papers if (issue := without_abstract(paper)))
    return papers, (*bare, *kept_apart((paper.id, record) for paper, group in merged for record in group))


def merge_groups(records: Iterable[Record], given: Iterable[str] = ()) -> list[tuple[Paper, list[Record]]]:
    """Each paper, sorted by id, with its records; `given` are ids that other sources' records have as their
    own.
    """
    groups = _groups(sorted(records, key=_order))
    taken = {record.paper.id for group in groups for record in group if record.given} | {*given}
    ids = _ids(groups, taken)
    return sorted(
        ((_one(group, id_), group) for group, id_ in zip(groups, ids, strict=True)),
        key=lambda pair: pair[0].id,
    )


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
    """Records that are one paper: each joins the first paper of its title, of the first PAPERS, that it fits
    to.
    """
    of_title: defaultdict[str, list[_Group]] = defaultdict(list)
    for record in records:
        groups = of_title[title_key(record.paper)]
        group = next((group for group in groups[:PAPERS] if group.fits(record.paper)), None)
        if group is None:
            group = _Group()
            groups.append(group)
        group.add(record)
    return [group.records for groups in of_title.values() for group in groups]


class _Group:
    """The records of one paper; what several say alike is compared once."""

    def __init__(self) -> None:
        self.records: list[Record] = []
        self._said: dict[tuple[Any, ...], Paper] = {}

    def fits(self, paper: Paper) -> bool:
        """Whether nothing tells a paper apart from this one, by what its first records say."""
        first = islice(self._said.values(), RECORDS)
        return _facts(paper) in self._said or all(not difference(paper, other) for other in first)

    def add(self, record: Record) -> None:
        self.records.append(record)
        self._said.setdefault(_facts(record.paper), record.paper)


def _ids(groups: list[list[Record]], given: set[str]) -> list[str]:
    """An id for each paper; the order of the groups decides which of several keeps one."""
    used: set[str] = set()
    found = []
    for group in groups:
        first = group[0]
        id_ = first.paper.id
        if id_ in used or (id_ in given and not first.given):
            id_ = _another(group, used | given)
        used.add(id_)
        found.append(id_)
    return found


def _another(group: list[Record], taken: set[str]) -> str:
    """An id with digits of a hash: of the title alone where that will do, else of all that the paper has."""
    paper = group[0].paper
    for told in ((normal_title(paper.title),), (normal_title(paper.title), *_facts(paper))):
        if (id_ := f"{paper.id}-{digest(*told, length=8)}") not in taken:
            return id_
    return f"{paper.id}-{digest(repr(paper), length=32)}"


def _facts(paper: Paper) -> tuple[Any, ...]:
    return paper.doi, paper.arxiv_id, paper.authors, paper.year, paper.venue, paper.abstract


def _one(group: list[Record], id_: str) -> Paper:
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
        id=id_,
        abstract=longest.abstract,
        sources=_union(record.paper.sources for record in group),
        listed_by=_union(record.paper.listed_by for record in group),
        extra=extra | _other_ids(group),
        **{key: value for key, value in merged.items() if value is not None},
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


def kept_apart(records: Iterable[tuple[str, Record]]) -> Iterator[Issue]:
    """What to tell of papers (id, record) that were given one id, or have one title, and are kept apart."""
    of_id: defaultdict[str, dict[str, Record]] = defaultdict(dict)
    of_title: defaultdict[str, dict[str, Record]] = defaultdict(dict)
    for paper_id, record in sorted(records, key=lambda pair: (pair[0], _order(pair[1]), pair[1].where)):
        of_title[title_key(record.paper)].setdefault(paper_id, record)
        if record.given:
            of_id[record.paper.id].setdefault(paper_id, record)
    for papers in of_id.values():
        for one, other in _apart(papers):
            if title_key(papers[one].paper) != title_key(papers[other].paper):
                yield _told(papers, one, other, "given one id, but of other titles")
    for papers in of_title.values():
        for one, other in _apart(papers):
            why = difference(papers[one].paper, papers[other].paper)
            yield _told(papers, one, other, f"of one title, but with {why or 'other versions that differ'}")


def _apart(papers: dict[str, Record]) -> Iterator[tuple[str, str]]:
    """The first of some papers with each of the others."""
    first, *others = papers
    return ((first, other) for other in others)


def _told(papers: dict[str, Record], one: str, other: str, why: str) -> Issue:
    left, right = papers[one], papers[other]
    said = f"{left.paper.title!r} ({left.where}) and {right.paper.title!r} ({right.where})"
    return Issue(
        "warning", "ingest", f"{said} are {why}: kept apart as {one} and {other}", other, right.where
    )

"""Tables for spreadsheets: papers, concepts and statements as CSV.

A cell that a spreadsheet would take for a formula is preceded by an apostrophe (OWASP's advice on CSV
injection).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kg.cells import csv_row
from kg.link import confidence

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from kg.export import Source
    from kg.store import Store


def write_papers(source: Source, path: Path) -> None:
    """A line a paper: id, title, authors, venue, ..., abstract."""
    fields = (
        "id",
        "title",
        "authors",
        "venue",
        "track",
        "repository",
        "year",
        "url",
        "doi",
        "arxiv_id",
        "keywords",
        "listed_by",
        "sources",
        "abstract",
    )
    _write(path, fields, ([getattr(paper, field) for field in fields] for paper in source.store.papers()))


def write_concepts(source: Source, path: Path) -> None:
    """A line a concept: id, name, type, the number of papers that speak of it, aliases, broader,
    the same elsewhere, its pages, definition.
    """
    papers = source.store.papers_per_concept()
    fields = ("id", "name", "type", "papers", "aliases", "broader", "same_as", "see_also", "definition")
    rows = (
        [c.id, c.name, c.type, papers.get(c.id, 0), c.aliases, c.broader, c.same_as, c.see_also, c.definition]
        for c in source.store.concepts()
    )
    _write(path, fields, rows)


def write_statements(source: Source, path: Path) -> None:
    """A line a statement: who says what of what, in which sentence, how sure; how many papers state the same
    of two concepts, and how sure that is by all of them.
    """
    fields = (
        "id",
        "subject",
        "predicate",
        "object",
        "paper",
        "score",
        "support",
        "confidence",
        "origin",
        "quote",
        "begin",
        "end",
        "sentence",
    )
    _write(path, fields, _statements(source.store))


def _statements(store: Store) -> Iterator[list[Any]]:
    texts = {paper.id: paper.text for paper in store.papers()}
    supported = confidence.shared(store)
    for item in store.statements():
        text = texts[item.paper_id]
        quote, sentence = text[item.quote_start : item.quote_end], text[item.start : item.end]
        says = [item.id, item.subject, item.predicate, item.object, item.paper_id, item.score]
        sure = supported.get((item.subject, item.predicate, item.object), (1, item.score))
        yield [*says, *sure, item.origin, quote, item.quote_start, item.quote_end, sentence]


def _write(path: Path, fields: Iterable[str], rows: Iterable[Iterable[Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(csv_row(fields) + "\n")
        file.writelines(csv_row(map(_cell, row)) + "\n" for row in rows)


def _cell(value: Any) -> str:
    text = "; ".join(value) if isinstance(value, tuple) else "" if value is None else str(value)
    return "'" + text if text[:1] in ("=", "+", "-", "@", "\t", "\r") and not _is_number(text) else text


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True

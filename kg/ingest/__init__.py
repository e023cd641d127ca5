"""Readers: each turns one kind of source into papers; `READERS` names them all.

A reader is `read(file, notes)`: it yields the records of an open source and adds to `notes` what it left out.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from kg.errors import SourceError, UnknownNameError
from kg.ingest.jsonl import read_jsonl
from kg.ingest.merge import merge
from kg.ingest.page import read_page
from kg.ingest.record import Notes, Reading, Record
from kg.ingest.source import guess_format, open_source, peek

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

__all__ = ["READERS", "Reading", "read_papers", "read_records"]

READERS: Final[dict[str, Callable[..., Iterator[Record]]]] = {"page": read_page, "jsonl": read_jsonl}


def read_papers(paths: Iterable[Path], *, format: str | None = None, strict: bool = False) -> Reading:
    """The papers of all sources, each once, sorted by id; `-` is standard input.

    Raises SourceError where a source can't be read or holds no paper, and, if `strict`, where anything in it
    had to be left out; UnknownNameError for a format that no reader has.
    """
    records: list[Record] = []
    issues = []
    for path in paths:
        found, notes = read_records(path, format=format, strict=strict)
        records += found
        issues += notes.issues
    papers, told = merge(records)
    return Reading(papers, (*issues, *told))


def read_records(
    path: Path, *, format: str | None = None, strict: bool = False
) -> tuple[list[Record], Notes]:
    """The records of one source as they stand in it, and what its reader left out or aside; errors as
    above.
    """
    name = "standard input" if str(path) == "-" else Path(path).name
    notes = Notes(name)
    if format is not None and format not in READERS:
        raise UnknownNameError(f"no reader for the format {format!r}: there are {', '.join(sorted(READERS))}")
    with open_source(path) as file:
        reader = READERS[_format(file, name, format)]
        records = list(reader(file, notes))
    errors = [issue for issue in notes.issues if issue.level == "error"]
    if errors and (strict or not records):
        raise SourceError(str(errors[0]))
    if not records:
        raise SourceError(f"{name}: no paper found in it")
    return records, notes


def _format(file: object, name: str, format: str | None) -> str:
    import io

    assert isinstance(file, io.BufferedReader)
    guessed = guess_format(peek(file), name) if format is None else format
    if format is not None and not peek(file).strip():
        raise SourceError(f"{name}: empty: there is no paper in it")
    return guessed

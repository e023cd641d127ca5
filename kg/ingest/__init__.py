"""Readers: each turns one kind of source into papers; `READERS` names them all.

A reader is `read(file, notes)`: it yields the records of an open source and adds to `notes` what it left out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.ingest.merge import merge
from kg.ingest.readers import READERS, read_records
from kg.ingest.record import Reading, Record
from kg.ingest.source import refuse_missing
from kg.ingest.update import Updated, update

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

__all__ = ["READERS", "Reading", "Updated", "read_papers", "refuse_missing", "update"]


def read_papers(
    paths: Iterable[Path],
    *,
    format: str | None = None,
    strict: bool = False,
    max_unpacked: int | None = None,
) -> Reading:
    """The papers of all sources, each once, sorted by id; `-` is standard input.

    A packed source may unpack to `max_unpacked` bytes (None: to 64 MiB and a hundred times its size).

    Raises SourceError where a source can't be read or holds no paper, and, if `strict`, where anything in it
    had to be left out; UnknownNameError for a format that no reader has.
    """
    records: list[Record] = []
    issues = []
    for path in paths:
        found, notes = read_records(
            path, format=format, strict=strict, max_unpacked=max_unpacked, readers=READERS
        )
        records += found
        issues += notes.issues
    papers, told = merge(records)
    return Reading(papers, (*issues, *told))

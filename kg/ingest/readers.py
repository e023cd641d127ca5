"""Readers by format, and one source read by the reader of its format."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Final, TypeVar

from kg.errors import SourceError, UnknownNameError
from kg.ingest.jsonl import read_jsonl
from kg.ingest.page import read_page
from kg.ingest.record import Notes, Record
from kg.ingest.source import guess_format, name_of, open_source, peek

if TYPE_CHECKING:
    from pathlib import Path

T = TypeVar("T")
Readers = Mapping[str, Callable[..., Iterator[T]]]
READERS: Final[Readers[Record]] = {"page": read_page, "jsonl": read_jsonl}


def read_records(
    path: Path,
    *,
    format: str | None = None,
    strict: bool = False,
    max_unpacked: int | None = None,
    readers: Readers[T],
) -> tuple[list[T], Notes]:
    """The records of one source as they stand in it, and what its reader left out or aside; errors as
    above.
    """
    name = name_of(path)
    notes = Notes(name)
    if format is not None and format not in readers:
        raise UnknownNameError(f"no reader for the format {format!r}: there are {', '.join(sorted(readers))}")
    with open_source(path, max_unpacked) as file:
        records = list(readers[_format(file, name, format)](file, notes))
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

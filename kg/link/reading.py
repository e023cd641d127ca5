"""Vocabulary files: SKOS and OWL in any RDF syntax, and CSV.

A file is read whole from the disk and parsed; nothing that it names (an import, a context, an entity) is
fetched.
"""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kg.errors import VocabularyError
from kg.ids import iri_segment
from kg.link.apart import parse_apart
from kg.link.depth import XML, refuse_depth
from kg.link.skos import TYPES, entries_of
from kg.link.vocabulary import MINTED, Entry, Vocabulary, refuse_cycles
from kg.text import clean, nameable, shown

if TYPE_CHECKING:
    from collections.abc import Iterable

MAX_BYTES: Final = 64 * 2**20
_OWN: Final = "vocabulary.ttl"
APART: Final = (
    128 * 1024
)  # characters from which a process of its own pays for its start, a seventh of a second
_FORMATS: Final = (".jsonld", ".n3", ".nq", ".nt", ".trig", ".ttl", *XML)
_REST: Final = "\0"  # the key of cells beyond the columns; no column is called so
_COLUMNS: Final = ("label", "altLabels", "broader", "type", "uri")


def packaged() -> Path:
    """The package's own vocabulary: inside the package when installed, beside it in a checkout."""
    package = Path(str(files("kg")))
    inside = package / "data" / _OWN
    return inside if inside.is_file() else package.parent / "data" / _OWN


def read_all(paths: Iterable[Path]) -> Vocabulary:
    """The concepts of several files, those of the first asked first."""
    sources = list(paths)
    entries = [
        replace(entry, source=number) for number, path in enumerate(sources) for entry in read_entries(path)
    ]
    return Vocabulary.of(entries, tuple(nameable(path.name) for path in sources))


def read_entries(path: Path) -> list[Entry]:
    """The concepts of one vocabulary file, by the ending of its name."""
    suffix, where = path.suffix.lower(), shown(path)
    if suffix not in (".csv", *_FORMATS):
        known = f".csv {' '.join(_FORMATS)}"
        raise VocabularyError(f"{where}: unknown ending {shown(suffix, 20)!r}: use one of {known}")
    text = _text(path, where)
    if suffix == ".csv":
        entries = _rows(text, where)
    else:
        refuse_depth(text, suffix, where)
        apart = len(text) > APART and path != packaged()
        entries = (parse_apart if apart else entries_of)(text, suffix, where)
    if not entries:
        raise VocabularyError(f"{where}: no concept with a label found: is it SKOS, OWL or CSV?")
    try:
        refuse_cycles({entry.iri: entry.broader for entry in entries})
    except VocabularyError as error:
        raise VocabularyError(f"{where}: {error}") from error
    return entries


def _text(path: Path, where: str) -> str:
    """A file's text, refused if too large or not UTF-8."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:  # ValueError: a NUL in its name
        reason = shown(getattr(error, "strerror", "") or error)
        raise VocabularyError(f"{where}: can't be read ({reason})") from error
    if len(data) > MAX_BYTES:
        raise VocabularyError(f"{where}: more than {MAX_BYTES // 2**20} MiB: a vocabulary must be smaller")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise VocabularyError(f"{where}: byte {error.start} is not UTF-8: save it in UTF-8") from error
    if "\0" in text:
        raise VocabularyError(f"{where}: is a binary file, not a vocabulary")
    return text


def _rows(text: str, where: str) -> list[Entry]:
    """The concepts of a table with the columns label, altLabels, broader, type, uri; altLabels are separated
    by `|` or `;`, broader is another row's label or uri.
    """
    reader = csv.DictReader(io.StringIO(text), strict=True, restkey=_REST)
    try:
        rows = [(reader.line_num, row) for row in reader]
    except csv.Error as error:
        raise VocabularyError(f"{where}:{reader.line_num}: {shown(error)}") from error
    columns = list(reader.fieldnames or ())
    if "label" not in columns or (odd := sorted({*columns} - {*_COLUMNS})) or len({*columns}) < len(columns):
        wrong = "no column label" if "label" not in columns else "a column twice"
        wrong = f"unknown column {shown(odd[0], 40)!r}" if "label" in columns and odd else wrong
        raise VocabularyError(f"{where}:1: {wrong}: the first line names the columns {', '.join(_COLUMNS)}")
    if line := next((line for line, row in rows if _REST in row), 0):
        raise VocabularyError(f"{where}:{line}: more cells than columns: quote a label that has a comma")
    known = {row["label"].strip(): _iri(row) for _, row in rows if row["label"]}
    return [_entry(row, known, f"{where}:{line}") for line, row in rows if (row["label"] or "").strip()]


def _iri(row: dict[str, str]) -> str:
    return clean(row.get("uri") or "").strip() or MINTED + iri_segment(row["label"].strip())


def _entry(row: dict[str, str], known: dict[str, str], where: str) -> Entry:
    type_ = (row.get("type") or "").strip().capitalize()
    if type_ and type_ not in TYPES:
        raise VocabularyError(f"{where}: unknown type {shown(type_, 40)!r}: use {', '.join(TYPES)}")
    broader = [part.strip() for part in (row.get("broader") or "").split("|") if part.strip()]
    others = (row.get("altLabels") or "").replace(";", "|").split("|")
    return Entry(
        iri=_iri(row),
        label=clean(row["label"].strip()),
        type=TYPES.get(type_),
        alternatives=tuple(sorted({clean(other.strip()) for other in others if other.strip()})),
        broader=tuple(sorted(known.get(name, name) for name in broader)),
    )

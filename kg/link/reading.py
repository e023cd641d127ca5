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
from kg.link.skos import TYPES, entries_of
from kg.link.vocabulary import MINTED, Entry, Vocabulary, refuse_cycles
from kg.text import clean

if TYPE_CHECKING:
    from collections.abc import Iterable

MAX_BYTES: Final = 64 * 2**20
_OWN: Final = "vocabulary.ttl"
_XML: Final = (".owl", ".rdf", ".xml")
_FORMATS: Final = (".jsonld", ".n3", ".nq", ".nt", ".trig", ".ttl", *_XML)
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
    return Vocabulary.of(entries, tuple(path.name for path in sources))


def read_entries(path: Path) -> list[Entry]:
    """The concepts of one vocabulary file, by the ending of its name."""
    suffix = path.suffix.lower()
    if suffix not in (".csv", *_FORMATS):
        raise VocabularyError(f"{path}: unknown ending {suffix!r}: use one of .csv {' '.join(_FORMATS)}")
    text = _text(path)
    if suffix in _XML and ("<!DOCTYPE" in text or "<!ENTITY" in text):
        raise VocabularyError(f"{path}: has a DOCTYPE, which is refused: save it as Turtle (.ttl)")
    entries = _rows(text, path) if suffix == ".csv" else entries_of(text, suffix, path)
    if not entries:
        raise VocabularyError(f"{path}: no concept with a label found: is it SKOS, OWL or CSV?")
    try:
        refuse_cycles({entry.iri: entry.broader for entry in entries})
    except VocabularyError as error:
        raise VocabularyError(f"{path}: {error}") from error
    return entries


def _text(path: Path) -> str:
    """A file's text, refused if too large or not UTF-8."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise VocabularyError(f"{path}: can't be read ({error.strerror})") from error
    if len(data) > MAX_BYTES:
        raise VocabularyError(f"{path}: more than {MAX_BYTES // 2**20} MiB: a vocabulary must be smaller")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise VocabularyError(f"{path}: byte {error.start} is not UTF-8: save it in UTF-8") from error
    if "\0" in text:
        raise VocabularyError(f"{path}: is a binary file, not a vocabulary")
    return text


def _rows(text: str, path: Path) -> list[Entry]:
    """The concepts of a table with the columns label, altLabels, broader, type, uri; altLabels are separated
    by `|` or `;`, broader is another row's label or uri.
    """
    reader = csv.DictReader(io.StringIO(text), strict=True)
    try:
        rows = [(reader.line_num, row) for row in reader]
    except csv.Error as error:
        raise VocabularyError(f"{path}:{reader.line_num}: {error}") from error
    columns = list(reader.fieldnames or ())
    if "label" not in columns or (odd := sorted({*columns} - {*_COLUMNS})):
        wrong = f"unknown column {odd[0]!r}" if "label" in columns else "no column label"
        raise VocabularyError(f"{path}:1: {wrong}: the first line names the columns {', '.join(_COLUMNS)}")
    known = {row["label"].strip(): _iri(row) for _, row in rows if row["label"]}
    return [_entry(row, known, f"{path}:{line}") for line, row in rows if (row["label"] or "").strip()]


def _iri(row: dict[str, str]) -> str:
    return (row.get("uri") or "").strip() or MINTED + iri_segment(row["label"].strip())


def _entry(row: dict[str, str], known: dict[str, str], where: str) -> Entry:
    type_ = (row.get("type") or "").strip().capitalize()
    if type_ and type_ not in TYPES:
        raise VocabularyError(f"{where}: unknown type {type_!r}: use {', '.join(TYPES)}")
    broader = [part.strip() for part in (row.get("broader") or "").split("|") if part.strip()]
    others = (row.get("altLabels") or "").replace(";", "|").split("|")
    return Entry(
        iri=_iri(row),
        label=clean(row["label"].strip()),
        type=TYPES.get(type_),
        alternatives=tuple(sorted({clean(other.strip()) for other in others if other.strip()})),
        broader=tuple(sorted(known.get(name, name) for name in broader)),
    )

"""JSON lines: one paper an object, fields of the wrong kind kept aside rather than lost."""

from __future__ import annotations

import json
import re
from codecs import BOM_UTF8
from typing import TYPE_CHECKING, Any, Final

from kg.ids import slug
from kg.ingest.record import Notes, Record
from kg.ingest.source import lines
from kg.ingest.strict import strict_json
from kg.ingest.venue import parse_venue
from kg.text import clean, shown
from kg.types import Paper

if TYPE_CHECKING:
    import io
    from collections.abc import Callable, Iterator

_YEAR = re.compile(r"^\s*(1[5-9]\d\d|2[01]\d\d)(?:\.0*)?\s*$")
_WHOLE: Final = 2**53  # up to here every whole number is a float of its own
_WEB = re.compile(r"^https?://[^\s<>\"{}|\\^`]+$", re.IGNORECASE)


def read_jsonl(file: io.BufferedReader, notes: Notes) -> Iterator[Record]:
    """The papers of the lines; a line that is no paper is an error of `notes`, with its number, and
    skipped.
    """
    for number, raw in written_lines(file, notes.source):
        if record := read_line(raw, number, notes):
            yield record


def written_lines(file: io.BufferedReader, name: str) -> Iterator[tuple[int, bytes]]:
    """(number from 1, bytes) of each line in which anything stands, without a byte order mark."""
    for number, raw in lines(file, name):
        line = raw.removeprefix(BOM_UTF8) if number == 1 else raw
        if line.strip(BOM_UTF8 + b" \t\r\n"):
            yield number, line


def read_line(raw: bytes, number: int, notes: Notes) -> Record | None:
    """The paper of a line; None, and a note, where there is none."""
    try:
        found, missing = strict_json(raw.decode())
    except ValueError as error:
        notes.add("error", f"not JSON ({_reason(error)}): mend the line, or it is left out", number)
        return None
    record = _record(found, number, notes)
    for key in missing if record else ():
        notes.add("warning", f"{shown(key, 60)} holds NaN or an infinity, which counts as missing", number)
    return record


def _reason(error: ValueError) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg}, column {error.colno}"
    return error.reason if isinstance(error, UnicodeDecodeError) else str(error)


def _record(found: Any, number: int, notes: Notes) -> Record | None:
    title = (
        clean(found["title"]).strip()
        if isinstance(found, dict) and isinstance(found.get("title"), str)
        else ""
    )
    if not title:
        notes.add(
            "error",
            "no title: mend the line, or it is left out; a paper is an object with id, title, abstract",
            number,
        )
        return None
    fields, extra = _fields(found, number, notes)
    given = fields.pop("id", "")
    if venue := fields.pop("venue", ""):
        place = parse_venue(venue)
        fields = {"venue": place.venue, "track": place.track, "repository": place.repository} | fields
    paper = Paper(id=given or slug(title), title=title, sources=(notes.source,), extra=extra, **fields)
    return Record(paper, given=bool(given), where=f"{notes.source}:{number}")


def _fields(found: dict[str, Any], number: int, notes: Notes) -> tuple[dict[str, Any], dict[str, Any]]:
    """Known fields as a paper has them, and all others; a known one with an unusable value goes to the
    others.
    """
    fields, extra = {}, {}
    for key, value in found.items():
        if key == "title" or value in (None, "", []):
            continue
        usable = _FIELDS[key](value) if key in _FIELDS else None
        if usable is None:
            extra[clean(key)] = _cleaned(value)
        else:
            fields[key] = usable
        if usable is None and key in _FIELDS:
            notes.add(
                "warning", f"{key} can't be used as it is and was kept aside: {str(value)[:60]!r}", number
            )
    return fields, extra


def _cleaned(value: Any) -> Any:
    """A JSON value with every text in it fit to be stored and written."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, list):
        return [_cleaned(item) for item in value]
    if isinstance(value, dict):
        return {clean(key): _cleaned(item) for key, item in value.items()}
    return value


def _id(value: Any) -> str | None:
    """An id as one line of text; a number that a table with gaps has made a fraction (7.0) is whole."""
    if isinstance(value, float) and value.is_integer() and abs(value) < _WHOLE:
        value = int(value)
    if not isinstance(value, str | int) or isinstance(value, bool):
        return None
    return " ".join(clean(str(value)).split())


def _text(value: Any) -> str | None:
    return clean(value).strip() if isinstance(value, str) else None


def _texts(value: Any) -> tuple[str, ...] | None:
    """A list of texts, of objects with a name, or one text with semicolons."""
    if isinstance(value, str):
        value = value.split(";")
    if not isinstance(value, list):
        return None
    found = [item.get("name") if isinstance(item, dict) else item for item in value if item is not None]
    names = [name for name in found if isinstance(name, str)]
    if len(names) < len(found):
        return None
    return tuple(dict.fromkeys(text for name in names if (text := clean(name).strip())))


def _year(value: Any) -> int | None:
    number = isinstance(value, str | int | float) and not isinstance(value, bool)
    match = _YEAR.match(str(value)) if number else None
    return int(match[1]) if match else None


def _url(value: Any) -> str | None:
    text = _text(value)
    return text if text and _WEB.match(text) else None


def _doi(value: Any) -> str | None:
    text = re.sub(r"^(?:https?://(?:dx\.)?doi\.org/|doi:)\s*", "", _text(value) or "", flags=re.IGNORECASE)
    return text if re.match(r"^10\.\d{4,9}/\S+$", text) else None


def _arxiv(value: Any) -> str | None:
    text = re.sub(
        r"^(?:https?://arxiv\.org/(?:abs|pdf)/|arxiv:)\s*", "", _text(value) or "", flags=re.IGNORECASE
    )
    match = re.match(r"^(\d{4}\.\d{4,5}|[a-z.-]+/\d{7})(?:v\d+)?(?:\.pdf)?$", text, flags=re.IGNORECASE)
    return match[1] if match else None


_FIELDS: Final[dict[str, Callable[[Any], Any]]] = {
    "id": _id,
    "abstract": _text,
    "authors": _texts,
    "venue": _text,
    "track": _text,
    "repository": _text,
    "year": _year,
    "keywords": _texts,
    "listed_by": _texts,
    "url": _url,
    "doi": _doi,
    "arxiv_id": _arxiv,
}

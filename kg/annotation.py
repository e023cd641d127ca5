"""Annotated papers as JSON lines: what a paper speaks of, checked when it is read."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from kg.errors import SourceError
from kg.text import shown

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def read(path: Path) -> dict[str, Mapping[str, Any]]:
    """The records of a file of JSON lines by id. Raises SourceError with the line at fault."""
    where = shown(path)
    records: dict[str, Mapping[str, Any]] = {}
    number = 0
    try:
        with path.open(encoding="utf-8") as lines:
            for line in lines:
                number += 1
                if line.strip():
                    record = _record(line)
                    records[record["id"]] = record
    except (UnicodeDecodeError, OSError) as error:
        raise SourceError(f"{where}: can't be read ({shown(error)})") from error
    except (ValueError, RecursionError) as error:  # json's own too; a NUL in the path before the first line
        reason = "nested too deep" if isinstance(error, RecursionError) else shown(error)
        raise SourceError(
            f"{where}, line {number}: not an annotation ({reason}): see the guidelines' format"
        ) from error
    return records


def _record(line: str) -> dict[str, Any]:
    """A line's record, with all that the measure asks for. Raises ValueError."""
    record = json.loads(line)
    _expect(isinstance(record, dict) and _is_text(record.get("id")), "no object with an id")
    concepts, relations = record.get("concepts"), record.setdefault("relations", [])
    _expect(isinstance(concepts, list), "no list of concepts")
    names = {_checked(concept) for concept in concepts}
    _expect(isinstance(relations, list), "relations are no list")
    for relation in relations:
        fine = isinstance(relation, list) and len(relation) == 3 and all(map(_is_text, relation))
        _expect(fine, "a relation is not [name, relation, name]")
        unknown = next((name for name in (relation[0], relation[2]) if name not in names), None)
        _expect(unknown is None, f"a relation names {shown(unknown, 60)!r}, which is none of the concepts")
    return dict(record)


def _checked(concept: Any) -> str:
    """A concept's name; its role is empty where none is given."""
    _expect(isinstance(concept, dict) and _is_text(concept.get("name")), "a concept has no name")
    name, mentions = str(concept["name"]), concept.get("mentions")
    fine = isinstance(mentions, list) and all(map(_is_text, mentions))
    _expect(fine, f"the mentions of {shown(name, 60)!r} are no list of texts")
    fine = _is_text(concept.get("type")) and _is_text(concept.setdefault("role", ""))
    _expect(fine, f"the type or role of {shown(name, 60)!r} is no text")
    return name


def _expect(fine: bool, otherwise: str) -> None:
    if not fine:
        raise ValueError(otherwise)


def _is_text(value: Any) -> bool:
    """Whether a value is text that can be written: no half of a surrogate pair in it."""
    return isinstance(value, str) and (value.isascii() or not any("\ud800" <= c <= "\udfff" for c in value))

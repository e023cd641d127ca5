"""People's decisions: a file of JSON lines, one decision a line, obeyed by every build.

    {"verdict": "same", "left": "GPT-NeoX-20B", "right": "GPT-NeoX", "by": "Ada", "at": "2026-02-01"}
    {"verdict": "block", "left": "results", "by": "Ada", "at": "2026-02-01"}

Empty lines and lines that begin with # are for people.
"""

from __future__ import annotations

import json
import os
import time
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from kg.errors import CurationError, advice
from kg.link.contradictions import refuse_contradictions
from kg.link.skos import TYPES
from kg.link.usage import name_key
from kg.text import shown
from kg.types import Judgement

if TYPE_CHECKING:
    from pathlib import Path

    from kg.store import Store

VERDICTS: Final = ("same", "different", "rename", "retype", "broader", "block")
_FIELDS: Final = {"verdict", "left", "right", "by", "at", "why"}
_MAX_BYTES: Final = 16 * 2**20
_MAX_LENGTH: Final = 500


def load_judgements(path: Path | None, *, missing: bool = False) -> tuple[Judgement, ...]:
    """The decisions of a curation file, in its order, checked one by one and against each other; none for no
    path, and with `missing` for a file that isn't there (yet).

    Raises CurationError, one line that names the file's line.
    """
    if path is None or (missing and not path.exists()):
        return ()
    text = _text(path)
    lines = [(number, line.strip()) for number, line in enumerate(text.split("\n"), 1)]
    found = tuple(
        _judgement(line, number, f"{path}:{number}")
        for number, line in lines
        if line and not line.startswith("#")
    )
    refuse_contradictions(found, str(path))
    return found


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            data = file.read(_MAX_BYTES + 1)
        if len(data) > _MAX_BYTES:
            raise CurationError(f"{path}: more than {_MAX_BYTES // 2**20} MiB: is it a curation file?")
        return data.decode("utf-8-sig")
    except FileNotFoundError as error:
        raise CurationError(
            f"{path}: no such file: mend the name, or make it with `kg curate`, or an empty file"
        ) from error
    except OSError as error:
        raise CurationError(f"{path}: can't be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise CurationError(f"{path}: byte {error.start} is not UTF-8: save it in UTF-8") from error


def _judgement(line: str, number: int, where: str) -> Judgement:
    """One line's decision."""
    try:
        raw = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise CurationError(f"{where}: no JSON object: mend or delete the line") from error
    if not isinstance(raw, dict) or not all(isinstance(value, str) for value in raw.values()):
        raise CurationError(f"{where}: must be an object whose values are texts")
    if unknown := sorted(raw.keys() - _FIELDS):
        raise CurationError(
            f"{where}: unknown field {shown(unknown[0], 40)!r}: known are {', '.join(sorted(_FIELDS))}"
        )
    judgement = Judgement(
        left=raw.get("left", "").strip(),
        right=raw.get("right", "").strip(),
        verdict=raw.get("verdict", ""),
        by=raw.get("by", ""),
        at=raw.get("at", ""),
        why=raw.get("why", ""),
        line=number,
    )
    check(judgement, where)
    return judgement


def check(judgement: Judgement, where: str) -> None:
    """Raise CurationError for a decision that can't be meant."""
    texts = (judgement.left, judgement.right, judgement.by, judgement.at, judgement.why)
    if judgement.verdict not in VERDICTS:
        raise CurationError(
            f"{where}: unknown verdict {shown(judgement.verdict, 40)!r}: use {', '.join(VERDICTS)}"
        )
    if any(len(text) > _MAX_LENGTH or not text.isprintable() for text in texts):
        raise CurationError(f"{where}: texts must be of printable characters, at most {_MAX_LENGTH}")
    if not name_key(judgement.left):
        raise CurationError(f"{where}: left must be a name")
    if judgement.verdict == "block":
        if judgement.right:
            raise CurationError(f"{where}: block takes one name, not {shown(judgement.right, 80)!r} too")
    elif judgement.verdict == "retype":
        if judgement.right not in TYPES:
            raise CurationError(
                f"{where}: unknown type {shown(judgement.right, 40)!r}: use {', '.join(TYPES)}"
            )
    elif not name_key(judgement.right):
        raise CurationError(f"{where}: right must be a name")


def append(path: Path, judgement: Judgement) -> None:
    """Add a decision to the end of the file, after checking it against those that are there.

    Raises CurationError, and leaves the file as it is, if it contradicts one or can't be written.
    """
    check(judgement, str(path))
    known = load_judgements(path, missing=True)
    text = _text(path) if path.exists() else ""
    gap = "\n" if text and not text.endswith("\n") else ""
    line = (text + gap).count("\n") + 1
    refuse_contradictions((*known, replace(judgement, line=line)), str(path))
    size = path.stat().st_size if path.exists() else 0
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8", newline="\n") as file:
            file.write(f"{gap}{to_line(judgement)}\n")
    except OSError as error:
        with suppress(OSError):  # half a line, on a full disk
            os.truncate(path, size)
        raise CurationError(f"{path}: can't be written ({error.strerror}): {advice(error)}") from error


def now() -> str:
    """Today's date (UTC) as a decision has it; SOURCE_DATE_EPOCH stands in for the clock where it is set."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    moment = int(epoch) if epoch.isdigit() else time.time()
    return time.strftime("%Y-%m-%d", time.gmtime(moment))


def to_record(judgement: Judgement) -> dict[str, str]:
    """A decision's fields that aren't empty."""
    fields = {name: getattr(judgement, name) for name in ("verdict", "left", "right", "by", "at", "why")}
    return {name: value for name, value in fields.items() if value}


def to_line(judgement: Judgement) -> str:
    """A decision as the file has it."""
    return json.dumps(to_record(judgement), ensure_ascii=False)


def unused_lines(store: Store) -> set[int]:
    """The lines of the decisions that matched nothing at the last build."""
    decisions = json.loads(store.get_meta("decisions") or "[]")
    return {each["judgement"]["line"] for each in decisions if not each["concepts"]}

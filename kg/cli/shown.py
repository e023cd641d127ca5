"""Texts of papers, files and people as lines for a terminal, and as JSON for any program's pipe."""

from __future__ import annotations

import json
import re
import sys
from typing import Any, Final

BRIEF: Final = 300  # characters of what is told about data
_UNSEEN: Final = re.compile(
    "[\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]"
)


def printable(text: str) -> str:
    """A text without what would act on a terminal: escape and control codes, marks that turn direction."""
    return "".join(c for c in text if c.isprintable() or c in "\n\t")


def brief(text: str, most: int = BRIEF) -> str:
    """One printable line of a text; of a long one its beginning and its end, which says what to do."""
    return _cut(" ".join(printable(_cut(text, 100 * most)).split()), most)


def _cut(text: str, most: int) -> str:
    tail = most // 3
    return text if len(text) <= most else f"{text[: most - tail - 1].rstrip()}\u2026{text[-tail:].lstrip()}"


def to_json(value: Any, indent: int | None = None) -> str:
    """A value as JSON in whatever script its text is in, or in ASCII where standard output can't have that;
    characters that can't be seen are written as escapes.
    """
    text = json.dumps(value, ensure_ascii=False, indent=indent, allow_nan=False)
    try:
        text.encode(getattr(sys.stdout, "encoding", None) or "utf-8")
    except (UnicodeEncodeError, LookupError):
        return json.dumps(value, ensure_ascii=True, indent=indent, allow_nan=False)
    return _UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", text)

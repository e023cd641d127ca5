"""Data inside an HTML file: JSON that no parser takes for markup, compressed where it is long."""

from __future__ import annotations

import base64
import json
import zlib
from typing import Any, Final

LONG: Final = 1_000_000  # characters of JSON; longer blocks are compressed, to a third or so
_ESCAPES: Final = str.maketrans(
    {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
)


def to_json(data: Any) -> str:
    """JSON in which no character can end the script element it stands in."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.encode("utf-8", "replace").decode().translate(_ESCAPES)


def deflated(text: str) -> str:
    """The text deflated (zlib, level 9), as base64: the page inflates it by the browser's own means."""
    return base64.b64encode(zlib.compress(text.encode(), 9)).decode()


def block(name: str, data: Any) -> str:
    """A data block of the page: a script element that browsers don't run."""
    text = to_json(data)
    if len(text) <= LONG:
        return f'<script type="application/json" id="{name}">{text}</script>\n'
    return f'<script type="application/octet-stream" id="{name}">{deflated(text)}</script>\n'

"""Text of papers and people as HTML: signs that act on what stands around them are shown as what they are.

A title may hold a control code, or a sign that turns the direction of the text after it (U+202E); unseen, it
would make a page say what it doesn't.
"""

from __future__ import annotations

import re
from html import escape
from urllib.parse import quote

_ACTING = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb]"
)


def shown(text: str) -> str:
    """Text between tags."""
    return _ACTING.sub(lambda match: f'<span class="sign">{_name(match[0])}</span>', escape(text))


def plain(text: str) -> str:
    """Text where no tags may be: in an attribute, or the title of a page."""
    return escape(_ACTING.sub(lambda match: _name(match[0]), text))


def address(text: str) -> str:
    """An address in an attribute, where such signs are written as the web writes them."""
    return escape(_ACTING.sub(lambda match: quote(match[0]), text))


def _name(sign: str) -> str:
    return f"[U+{ord(sign):04X}]"

"""Text of papers and people as HTML: signs that act on what stands around them are shown as what they are.

A title may hold a control code, or a sign that turns the direction of the text after it (U+202E); unseen, it
would make a page say what it doesn't.
"""

from __future__ import annotations

import re
from html import escape
from urllib.parse import quote

from kg.text import INVISIBLE, visible

_ACTING = re.compile(f"[{INVISIBLE}]")


def shown(text: str) -> str:
    """Text between tags."""
    return _ACTING.sub(lambda match: f'<span class="sign">{visible(match[0])}</span>', escape(text))


def plain(text: str) -> str:
    """Text where no tags may be: in an attribute, or the title of a page."""
    return escape(visible(text))


def address(text: str) -> str:
    """An address in an attribute, where such signs are written as the web writes them."""
    return escape(_ACTING.sub(lambda match: quote(match[0]), text))

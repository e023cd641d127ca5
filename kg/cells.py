"""Rows of CSV as every reader takes them (RFC 4180): Python's own writer leaves a lone CR unquoted."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_SPECIAL = re.compile(r'[,"\r\n]')


def csv_row(cells: Iterable[str]) -> str:
    """The cells with commas between them, quoted where needed; without the line's end.

    A row of one empty cell is quoted too, or it would be an empty line, which readers skip.
    """
    return ",".join([_quoted(cell) if _SPECIAL.search(cell) else cell for cell in cells]) or '""'


def _quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"'

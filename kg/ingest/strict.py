"""JSON as its standard has it, from what programs write: Python and pandas print missing numbers as NaN."""

from __future__ import annotations

import json
import math
from typing import Any, Final

MAX_DEPTH: Final = 100  # levels; papers have three or four
_MISSING: Final = object()
_TOO_DEEP: Final = f"nested over {MAX_DEPTH} levels deep"


def _number(digits: str) -> object:
    value = float(digits)
    return value if math.isfinite(value) else _MISSING


_DECODER: Final = json.JSONDecoder(parse_float=_number, parse_constant=lambda name: _MISSING)


def strict_json(text: str) -> tuple[Any, list[str]]:
    """The value of a JSON text, with None for every number that is none (NaN, an infinity, `1e999`), and the
    names of the fields that had one.

    Raises ValueError for what is no JSON, is nested over MAX_DEPTH levels deep, or has a whole number of more
    digits than Python reads.
    """
    try:
        found = _DECODER.decode(text)
    except json.JSONDecodeError:
        raise
    except RecursionError as error:
        raise ValueError(_TOO_DEEP) from error
    except ValueError as error:
        raise ValueError("a whole number of thousands of digits") from error
    if not isinstance(found, dict):
        return (None if found is _MISSING else found), []
    fields = {key: _filled(value, 1) for key, value in found.items()}
    return {key: value for key, (value, _) in fields.items()}, [key for key in fields if fields[key][1]]


def _filled(value: Any, depth: int) -> tuple[Any, bool]:
    """A value with None in place of missing numbers, and whether it had any."""
    if depth > MAX_DEPTH:
        raise ValueError(_TOO_DEEP)
    if isinstance(value, list):
        items = [_filled(item, depth + 1) for item in value]
        return [item for item, _ in items], any(odd for _, odd in items)
    if isinstance(value, dict):
        fields = {key: _filled(item, depth + 1) for key, item in value.items()}
        return {key: item for key, (item, _) in fields.items()}, any(odd for _, odd in fields.values())
    return (None, True) if value is _MISSING else (value, False)

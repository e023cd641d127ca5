"""Sizes as people write them: `2GB`, `500 MB`, `64 MiB`."""

from __future__ import annotations

import re
from typing import Final

from kg.errors import ConfigError

_SIZE = re.compile(r"\s*(\d{1,12}(?:\.\d{1,6})?)\s*([kmgt]?)(i?)b?\s*", re.IGNORECASE | re.ASCII)
_POWERS: Final = {"": 0, "k": 1, "m": 2, "g": 3, "t": 4}


def bytes_of(text: str) -> int:
    """The number of bytes that a size says; units are of 1000, with an i (`MiB`) of 1024.

    Raises ConfigError for what is no size, or none above zero.
    """
    match = _SIZE.fullmatch(text)
    unit = 1024 if match and match[3] else 1000
    number = int(float(match[1]) * unit ** _POWERS[match[2].lower()]) if match else 0
    if not number:
        raise ConfigError(f"{text[:40]!r} is no size: write one like 500MB or 2GB")
    return number


def told(number: int) -> str:
    """A number of bytes for a message: `64 MiB`, `2 GB`."""
    units = [(1000**power, name) for power, name in enumerate(("kB", "MB", "GB", "TB"), 1)]
    units += [(1024**power, name) for power, name in enumerate(("KiB", "MiB", "GiB", "TiB"), 1)]
    whole = [(number // size, name) for size, name in units if number and number % size == 0]
    return "{:,} {}".format(*min(whole, default=(number, "bytes")))

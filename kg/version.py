"""The version of the package, for what is written into exports and fingerprints."""

from __future__ import annotations

from typing import Final

VERSION: Final = "0.1.0"

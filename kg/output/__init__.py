"""The folder that a build writes to: one writer at a time, people's own files safe, files that change at
once.
"""

from __future__ import annotations

from kg.output.folder import ROOM, Output
from kg.output.lock import locked

__all__ = ["ROOM", "Output", "locked"]

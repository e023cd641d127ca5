"""paperkg: a knowledge graph of research papers, from their titles and abstracts, with the sentence behind
every link.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kg.version import VERSION as __version__

if TYPE_CHECKING:
    from pathlib import Path

    from kg.opened import Opened
    from kg.pipeline import build


__all__ = ["Opened", "__version__", "build", "open"]


def open(folder: Path | str = "exports") -> Opened:
    """The graph that `kg build` has written into a folder. Raises StoreError where there is none."""
    from kg.opened import Opened

    return Opened(folder)


def __getattr__(name: str) -> Any:
    """`kg.build` and `kg.Opened`, imported when first asked for: what they need takes a second to import."""
    if name == "build":
        from kg.pipeline import build

        return build
    if name == "Opened":
        from kg.opened import Opened

        return Opened
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

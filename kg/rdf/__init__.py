"""RDF: the store as triples, the files they are written to, and SPARQL over them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from kg.rdf.graphs import Dataset


def open(folder: Path | str, *, seconds: float | None = 60.0) -> Dataset:
    """The exports in a folder, to be queried; a query may take so many seconds."""
    from kg.rdf.graphs import Dataset

    return Dataset(folder, seconds=seconds)

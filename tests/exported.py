"""The invented corpus with its exports in a folder, for tests of what reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from invented import write_store

from kg.config import Config
from kg.export import Source, exporter
from kg.graph import build
from kg.store import Store

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from kg.types import Concept

RDF = ("kg.ttl", "kg.nt", "kg.jsonld", "kg.rdf", "kg.trig", "void.ttl")


def write_exports(
    folder: Path, names: Sequence[str] = RDF, extra: Sequence[Concept] = (), **fields: object
) -> Path:
    """Make a store of the invented corpus and its RDF files in a folder."""
    with Store.open(write_store(folder / "kg.sqlite", extra=extra, **fields), readonly=True) as store:
        source = Source(store, build(store), Config(title="Toy"))
        for name in names:
            exporter(name)(source, folder / name)
    return folder

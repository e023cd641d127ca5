"""Exporters: each writes one file from the store and the graph; `EXPORTERS` names them all.

An exporter is `write(source, path)`: it writes the file at `path`, all of it, from what `source` holds, and
raises rather than leave out what it can't write. The pipeline gives it a path in a folder of its own and
moves the files into place when all are whole.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Final

from kg.errors import UnknownNameError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from kg.config import Config
    from kg.graph import KnowledgeGraph
    from kg.store import Store


@dataclass(frozen=True, slots=True)
class Source:
    """What exporters write from."""

    store: Store
    graph: KnowledgeGraph
    config: Config


# file name -> "module:function", imported when it is written: pyvis and rdflib take their time
EXPORTERS: Final = {
    "papers.csv": "kg.export.tables:write_papers",
    "concepts.csv": "kg.export.tables:write_concepts",
    "statements.csv": "kg.export.tables:write_statements",
    "graph.graphml": "kg.export.graphml:write",
    "graph.html": "kg.export.html:write",
    "graph.svg": "kg.export.stills:write_svg",
    "graph.png": "kg.export.stills:write_png",
    "kg.ttl": "kg.export.rdf:write_turtle",
    "kg.nt": "kg.export.rdf:write_ntriples",
    "kg.jsonld": "kg.export.rdf:write_jsonld",
    "kg.rdf": "kg.export.rdf:write_rdfxml",
    "kg.trig": "kg.export.rdf:write_trig",
    "void.ttl": "kg.export.rdf:write_void",
}


def exporter(file_name: str) -> Callable[[Source, Path], None]:
    """The function that writes a file of this name."""
    module, _, function = EXPORTERS[file_name].partition(":")
    write: Callable[[Source, Path], None] = getattr(import_module(module), function)
    return write


def chosen(exports: Sequence[str]) -> tuple[str, ...]:
    """The names of the files that a setting asks for, in the order in which they are written.

    Raises UnknownNameError for what is no export's name, and no `all` or `none` by itself.
    """
    if tuple(exports) in (("all",), ("none",)):
        return tuple(EXPORTERS) if exports[0] == "all" else ()
    if unknown := sorted(set(exports) - EXPORTERS.keys()):
        known = ", ".join(EXPORTERS)
        raise UnknownNameError(f"no export {unknown[0]!r}: name some of {known}, or only `all` or `none`")
    return tuple(name for name in EXPORTERS if name in exports)

"""A built graph in Python and in notebooks: `kg.open("exports")`."""

from __future__ import annotations

from functools import cached_property
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from kg import lookup, view
from kg.rdf import open as open_rdf
from kg.store import FILE_NAME, Store
from kg.types import Paper

if TYPE_CHECKING:
    from collections.abc import Mapping

    import networkx
    import rdflib

    from kg.graph import KnowledgeGraph
    from kg.rdf.graphs import Dataset, Rows
    from kg.types import Concept


class Opened:
    """The exports of a build, to read; use as a context manager, or `close` it.

    `store` gives papers, concepts and statements as records, `graph` what links them. Raises StoreError where
    the folder holds no graph.
    """

    def __init__(self, folder: Path | str) -> None:
        self.folder = Path(folder)
        self.store = Store.open(self.folder / FILE_NAME, readonly=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self.store.close()
        if "_rdf" in self.__dict__:
            self._rdf.close()

    @cached_property
    def graph(self) -> KnowledgeGraph:
        """Papers, concepts, links and communities, built once from the store."""
        from kg.graph import build

        return build(self.store)

    @cached_property
    def _rdf(self) -> Dataset:
        return open_rdf(self.folder)

    def find(self, name: str) -> Paper | Concept:
        """The paper or concept of this id or name. Raises UnknownNameError, with what comes near."""
        return lookup.find(self.store, name)

    def show(self, name: str) -> dict[str, Any]:
        """All that is known of a paper or concept, with its sentences; as `kg show --json`."""
        found = self.find(name)
        if isinstance(found, Paper):
            return view.show_paper(self.store, found)
        return view.show_concept(self.store, found)

    def query(
        self, text: str = "", params: Mapping[str, object] | None = None, *, name: str = ""
    ) -> Rows | bool | rdflib.Graph:
        """The result of a SPARQL query, by text or by the name of one of ours. Raises QueryError."""
        return self._rdf.query(text, params, name=name)

    def rdflib(self) -> rdflib.Graph:
        """The data as an rdflib Graph; needs the extra `rdflib`."""
        return self._rdf.rdflib()

    def to_networkx(self) -> networkx.Graph:
        """Papers and concepts as a networkx graph of one's own, with typed, weighted edges and their
        evidence.
        """
        return self.graph.to_networkx()

    def _repr_html_(self) -> str:
        """The page itself, where it is among the exports, in a frame that can reach nothing outside of it,
        below the counts.
        """
        counts = view.stats(self.store)
        told = f"<p>{counts['papers']} papers, {counts['concepts']} concepts</p>"
        page = self.folder / "graph.html"
        if not page.is_file():
            return told
        framed = escape(page.read_text(encoding="utf-8"))
        return f'{told}<iframe sandbox="allow-scripts" srcdoc="{framed}" width="100%" height="640"></iframe>'

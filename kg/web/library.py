"""What the server reads from the store: papers, concepts, search; opened and closed by each call, which ends
at its deadline.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from kg import view
from kg.rdf import jsonld
from kg.rdf.describe import MOST as DESCRIBED
from kg.rdf.describe import describe_concept, describe_paper
from kg.rdf.terms import Names
from kg.rdf.turtle import Turtle
from kg.store import FILE_NAME, Store
from kg.types import Concept, Paper

if TYPE_CHECKING:
    from pathlib import Path

    from kg.database import Deadline
    from kg.rdf.describe import Description

MOST: Final = 100  # search results at once


def everything(kind: str, identifier: str) -> str:
    """Where the query for all that is said of a paper or concept is to be had."""
    return f"/queries/describe-{kind}.rq?{urlencode({kind: identifier})}"


def told(kind: str, identifier: str, left_out: int) -> str:
    """That a document doesn't hold everything, and how to get it."""
    return (
        f"The surest {DESCRIBED:,} statements; {left_out:,} more are left out. To get all, ask /sparql the"
        f" query that is at {everything(kind, identifier)}, with LIMIT and OFFSET where they are very many."
    )


class Library:
    """The store in a folder of exports. Every method raises StoreError where there is none, EndedError among
    them at the deadline.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE_NAME
        self._stats: tuple[str, dict[str, Any]] | None = None

    def _open(self, deadline: Deadline) -> Store:
        return Store.open(self._path, readonly=True, deadline=deadline)

    def entry(self, kind: str, identifier: str, deadline: Deadline) -> dict[str, Any] | None:
        """What is known of a paper or concept, as plain data; None where there is none of that id. Where
        statements are left out, `all` is the address of the query that gives every one.
        """
        with self._open(deadline) as store:
            found = store.paper(identifier) if kind == "paper" else store.concept(identifier)
            if found is None:
                return None
            if isinstance(found, Paper):
                entry = view.show_paper(store, found, DESCRIBED)
            else:
                entry = view.show_concept(store, found, DESCRIBED)
        return entry | ({"all": everything(kind, identifier)} if "left_out" in entry else {})

    def has(self, kind: str, identifier: str, deadline: Deadline) -> bool:
        """Whether there is a paper or concept of that id."""
        with self._open(deadline) as store:
            return bool(store.paper(identifier) if kind == "paper" else store.concept(identifier))

    def turtle(self, kind: str, identifier: str, base: str, deadline: Deadline) -> str | None:
        """The description of a paper or concept in Turtle."""
        found = self._described(kind, identifier, base, deadline)
        if found is None:
            return None
        turtle = Turtle(base)
        comment = f"# {told(kind, identifier, found.left_out)}\n" if found.left_out else ""
        return comment + turtle.head() + "".join(map(turtle.paragraph, found.nodes))

    def jsonld(self, kind: str, identifier: str, base: str, deadline: Deadline) -> dict[str, Any] | None:
        """The description of a paper or concept in JSON-LD, one object with our context."""
        found = self._described(kind, identifier, base, deadline)
        if found is None:
            return None
        graph = jsonld.nested(found.nodes, base)
        if found.left_out:  # a key that the context doesn't know says nothing in RDF
            graph[0]["leftOut"] = told(kind, identifier, found.left_out)
        return {"@context": jsonld.context(base), "@graph": graph}

    def _described(self, kind: str, identifier: str, base: str, deadline: Deadline) -> Description | None:
        names = Names(base)
        with self._open(deadline) as store:
            found = store.paper(identifier) if kind == "paper" else store.concept(identifier)
            if isinstance(found, Paper):
                return describe_paper(store, found, names)
            return describe_concept(store, found, names) if isinstance(found, Concept) else None

    def search(self, words: str, limit: int, deadline: Deadline) -> list[dict[str, str]]:
        """Papers and concepts that hold all the words, best first."""
        with self._open(deadline) as store:
            found = store.search(words, MOST)
        called = " ".join(words.split()).casefold()
        found.sort(key=lambda row: row[2].casefold() != called)  # what is called just so comes first
        found = found[: min(max(limit, 1), MOST)]
        return [{"kind": kind, "id": id_, "name": name} for kind, id_, name in found]

    def count(self, deadline: Deadline) -> int:
        """How many papers there are."""
        with self._open(deadline) as store:
            return store.count(Paper)

    def stats(self, deadline: Deadline) -> dict[str, Any]:
        """Counts of what there is, made once for each state of the store."""
        with self._open(deadline) as store:
            made = store.get_meta("published")
            if self._stats is None or self._stats[0] != made:
                self._stats = (made, view.stats(store))
            return self._stats[1]

"""Which concepts stand in the same papers, read from the tables as it is asked for."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from kg.link import tables

if TYPE_CHECKING:
    from kg.link.sets import Sets
    from kg.store import Store


class Contexts:
    """What papers speak of, by the names that they use; a concept is told by the key of its set."""

    def __init__(self, store: Store, sets: Sets) -> None:
        self._store = store
        self._sets = sets
        self._speaks: dict[str, frozenset[str]] = {}
        self._papers: dict[str, frozenset[str]] = {}

    @cached_property
    def total(self) -> int:
        """How many papers have any mention."""
        return int(next(self._store.query("SELECT count(DISTINCT paper_id) FROM link_uses"))[0])

    def find(self, key: str) -> str:
        """The set that a name is in."""
        return self._sets.find(key)

    def users(self, key: str) -> list[str]:
        """The ids of the papers that use a name, sorted."""
        statement = "SELECT paper_id FROM link_uses WHERE key = ? ORDER BY paper_id"
        return [paper for (paper,) in self._store.query(statement, (key,))]

    def speaks(self, paper_id: str) -> frozenset[str]:
        """The concepts that a paper speaks of."""
        if paper_id not in self._speaks:
            rows = self._store.query("SELECT key FROM link_uses WHERE paper_id = ?", (paper_id,))
            self._speaks[paper_id] = frozenset(self.find(key) for (key,) in rows)
        return self._speaks[paper_id]

    def papers(self, head: str) -> frozenset[str]:
        """The ids of the papers that speak of a concept."""
        if head not in self._papers:
            statement = "SELECT paper_id FROM link_uses WHERE key IN (?)"
            rows = tables.among(self._store, statement, self._sets.members(head))
            self._papers[head] = frozenset(paper for (paper,) in rows)
        return self._papers[head]

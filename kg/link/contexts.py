"""Which concepts stand in the same papers, read from the tables as it is asked for."""

from __future__ import annotations

import json
from functools import cached_property
from typing import TYPE_CHECKING, Final

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
            self._speaks[paper_id] = self._all(_SPEAKS, paper_id)
        return self._speaks[paper_id]

    def papers(self, head: str) -> frozenset[str]:
        """The ids of the papers that speak of a concept."""
        if head not in self._papers:
            self._papers[head] = self._all(_PAPERS, head)
        return self._papers[head]

    def _all(self, statement: str, value: str) -> frozenset[str]:
        return frozenset(json.loads(next(self._store.query(statement, (value,)))[0]))


# As one text each, for there are hundreds of thousands
_JOINED: Final = "FROM link_uses u JOIN link_sets s ON s.key = u.key"
_SPEAKS: Final = f"SELECT json_group_array(s.head) {_JOINED} WHERE u.paper_id = ?"
_PAPERS: Final = f"SELECT json_group_array(u.paper_id) {_JOINED} WHERE s.head = ?"

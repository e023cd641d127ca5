"""Which names are one concept, as a table: each name's set, told by the first of its keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.link import tables
from kg.link.anchors import HEAD

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from kg.store import Store


class Sets:
    """The sets of names and of a vocabulary's anchors; a key that none has is a set of its own."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._heads: dict[str, str] = {}

    def find(self, key: str) -> str:
        """The key that stands for a name's set."""
        if key not in self._heads:
            self.load([key])
        return self._heads[key]

    def load(self, keys: Iterable[str]) -> None:
        """Have these at hand, with one query."""
        wanted = [key for key in keys if key not in self._heads]
        self._heads.update((key, key) for key in wanted)
        self._heads.update(
            tables.among(self._store, "SELECT key, head FROM link_sets WHERE key IN (?)", wanted)
        )

    def members(self, head: str) -> list[str]:
        """The keys of a set, sorted."""
        statement = "SELECT key FROM link_sets WHERE head = ? ORDER BY key"
        return [key for (key,) in self._store.query(statement, (head,))] or [head]

    def anchors(self) -> dict[str, str]:
        """The set of every vocabulary concept, by its anchor."""
        statement = "SELECT key, head FROM link_sets WHERE key >= ? AND key < ? ORDER BY key"
        return dict(self._store.query(statement, (HEAD, HEAD[:-1] + "!")))

    def replace(self, keys: Collection[str], heads: Mapping[str, str]) -> set[str]:
        """Make these the sets of the names that there are among some keys; returns the sets that they were
        in.
        """
        statement = "SELECT DISTINCT head FROM link_sets WHERE key IN (?)"
        before = {head for (head,) in tables.among(self._store, statement, keys)}
        tables.remove(self._store, "link_sets", "key", set(keys) - heads.keys())
        tables.put(self._store, "link_sets", heads.items())
        tables.index(self._store, "link_sets")
        self._heads.update((key, heads.get(key, key)) for key in keys)
        return before

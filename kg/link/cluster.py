"""Names joined into concepts by the proposals that are sure enough, best first."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


@dataclass(frozen=True, slots=True)
class Edge:
    """The proposal that two names, by key, are one concept: how sure, and why."""

    left: str
    right: str
    score: float
    detail: str


class Clusters:
    """Disjoint sets of names.

    Names that a person keeps `apart` never come into one set; nor do names with different `marks` of one kind
    (two concepts of one vocabulary, two releases). Each name keeps the proposals that joined it.
    """

    def __init__(
        self, apart: Iterable[tuple[str, str]] = (), marks: Mapping[str, tuple[str, str]] | None = None
    ) -> None:
        self._parent: dict[str, str] = {}
        self._apart: defaultdict[str, set[str]] = defaultdict(set)
        self._marks: dict[str, dict[str, str]] = {key: dict([mark]) for key, mark in (marks or {}).items()}
        self.edges: defaultdict[str, list[Edge]] = defaultdict(list)
        for left, right in apart:
            self._apart[left].add(right)
            self._apart[right].add(left)

    def find(self, key: str) -> str:
        """The set's representative, whatever the order of joins: its first key in the alphabet."""
        path = []
        while (parent := self._parent.get(key, key)) != key:
            path.append(key)
            key = parent
        for step in path:
            self._parent[step] = key
        return key

    def join(self, edge: Edge) -> bool:
        """Make the two names one concept, unless they must stay apart."""
        left, right = self.find(edge.left), self.find(edge.right)
        if right in self._apart[left] or self._clash(left, right):
            return False
        self.edges[edge.left].append(edge)
        self.edges[edge.right].append(edge)
        if left != right:
            low, high = sorted((left, right))
            self._parent[high] = low
            self._marks[low] = self._marks.pop(high, {}) | self._marks.get(low, {})
            for other in self._apart.pop(high, set()):
                self._apart[other].discard(high)
                self._apart[other].add(low)
                self._apart[low].add(other)
        return True

    def _clash(self, left: str, right: str) -> bool:
        mine, theirs = self._marks.get(left, {}), self._marks.get(right, {})
        return any(theirs.get(kind, value) != value for kind, value in mine.items())

    def groups(self, keys: Iterable[str]) -> dict[str, list[str]]:
        """The sets' members, sorted, by representative."""
        members: defaultdict[str, list[str]] = defaultdict(list)
        for key in sorted(keys):
            members[self.find(key)].append(key)
        return dict(members)


def cluster(edges: Iterable[Edge], threshold: float, clusters: Clusters) -> Clusters:
    """Join by all proposals of at least the threshold, the surest first."""
    for edge in sorted(edges, key=lambda edge: (-edge.score, edge.left, edge.right)):
        if edge.score >= threshold:
            clusters.join(edge)
    return clusters

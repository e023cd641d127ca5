"""Names joined into concepts by the proposals that are sure enough, best first."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kg.link.edges import Edge


class Clusters:
    """Disjoint sets of names; two names that must stay apart never come into one set.

    Each name keeps the proposal that joined it (`reasons`).
    """

    def __init__(self, apart: Iterable[tuple[str, str]] = ()) -> None:
        self._parent: dict[str, str] = {}
        self._apart: defaultdict[str, set[str]] = defaultdict(set)
        self.reasons: dict[str, Edge] = {}
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
        if right in self._apart[left]:
            return False
        self.reasons.setdefault(edge.left, edge)
        if left != right:
            low, high = sorted((left, right))
            self._parent[high] = low
            for other in self._apart.pop(high, ()):
                self._apart[other].discard(high)
                self._apart[other].add(low)
                self._apart[low].add(other)
        return True

    def groups(self, keys: Iterable[str]) -> dict[str, list[str]]:
        """The sets' members, sorted, by representative."""
        members: defaultdict[str, list[str]] = defaultdict(list)
        for key in sorted(keys):
            members[self.find(key)].append(key)
        return dict(members)


def cluster(
    edges: Iterable[Edge], threshold: float, apart: Iterable[tuple[str, str]] = ()
) -> Clusters:
    """Join by all proposals of at least the threshold, the surest first."""
    clusters = Clusters(apart)
    for edge in sorted(edges, key=lambda edge: (-edge.score, edge.left, edge.right)):
        if edge.score >= threshold:
            clusters.join(edge)
    return clusters

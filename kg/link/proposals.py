"""Which names are proposed as one concept: blocks of names worth comparing, and the pairs that are alike, as
tables.

A block is kept with the pairs that it proposes, so that a name that changes costs its own blocks and no
others.
"""

from __future__ import annotations

from collections import defaultdict
from hashlib import blake2b
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING

from kg.link import anchors, tables
from kg.link.candidates import MAX_BLOCK, blocks, star
from kg.link.cluster import Edge
from kg.link.scoring import THRESHOLD, compare, reason

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from kg.link.features import Evidence
    from kg.link.names import Names
    from kg.store import Store

    Row = tuple[int, str, str, float, str]


def block_id(text: str) -> int:
    """A block as a number: eight bytes of its hash."""
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big", signed=True)


def index(store: Store, keys: Collection[str], names: Names, evidence: Evidence) -> set[int]:
    """Put some names into the blocks in which they now are; returns the blocks that they are or were in."""
    touched = {
        block for (block,) in tables.among(store, "SELECT block FROM link_blocks WHERE key IN (?)", keys)
    }
    tables.remove(store, "link_blocks", "key", keys)
    names.load(keys)
    rows = {
        (key, block_id(block))
        for key in keys
        if (name := names.get(key)) is not None
        for block in blocks(name, evidence)
    }
    tables.put(store, "link_blocks", rows)
    tables.index(store, "link_blocks")
    return touched | {block for _, block in rows}


def propose(
    store: Store, keys: Collection[str], touched: Collection[int], names: Names, evidence: Evidence
) -> set[str]:
    """Bring the proposals of some blocks, and the ties of some names to the vocabulary, up to date; returns
    the keys whose proposals have changed.
    """
    ties = {block_id(f"tie {key}"): key for key in keys}
    concerned = [*touched, *ties]
    before = set(
        tables.among(
            store, "SELECT block, left, right, score, detail FROM link_edges WHERE block IN (?)", concerned
        )
    )
    after = {*_alike(store, touched, names, evidence), *_tied(ties, names, evidence)}
    gone, new = before - after, after - before
    store.write(
        "DELETE FROM link_edges WHERE block = ? AND left = ? AND right = ?", (row[:3] for row in gone)
    )
    tables.put(store, "link_edges", new)
    tables.index(store, "link_edges")
    return {key for row in (*gone, *new) for key in row[1:3]}


def _alike(store: Store, touched: Collection[int], names: Names, evidence: Evidence) -> Iterator[Row]:
    """The pairs of some blocks that are likely enough one concept."""
    compared: dict[tuple[str, str], tuple[float, str] | None] = {}
    for block, members in groupby(tables.among(store, _MEMBERS, touched), key=itemgetter(0)):
        keys = [key for _, key in members]
        names.load(keys)
        for pair in star(keys, names):
            if pair not in compared:
                compared[pair] = _compare(names, *pair, evidence)
            if (said := compared[pair]) is not None:
                yield (block, *pair, *said)


_MEMBERS = f"""SELECT block, key FROM link_blocks WHERE block IN (
    SELECT block FROM link_blocks WHERE block IN (?) GROUP BY block
    HAVING count(*) BETWEEN 2 AND {MAX_BLOCK}
    ) ORDER BY block, key"""


def _compare(names: Names, left: str, right: str, evidence: Evidence) -> tuple[float, str] | None:
    """The score of a pair and why it is one concept; None where it isn't."""
    first, second = names[left], names[right]
    compared = compare(first, second, evidence)
    if compared.score < THRESHOLD:
        return None
    return compared.score, reason(first, second, compared, evidence)


def _tied(ties: dict[int, str], names: Names, evidence: Evidence) -> Iterator[Row]:
    for block, key in ties.items():
        if (name := names.get(key)) is not None:
            for edge in anchors.ties(name, evidence.vocabulary):
                yield block, edge.left, edge.right, edge.score, edge.detail


def connected(store: Store, keys: Iterable[str], decided: Iterable[Edge]) -> tuple[set[str], list[Edge]]:
    """All keys that any chain of proposals joins to some, and these proposals, people's first."""
    by_people: defaultdict[str, list[Edge]] = defaultdict(list)
    for edge in decided:
        by_people[edge.left].append(edge)
        by_people[edge.right].append(edge)
    seen: set[str] = set()
    found: dict[tuple[str, str], Edge] = {}
    frontier = set(keys)
    while frontier:
        seen |= frontier
        rows = {row for side in _EDGES for row in tables.among(store, side, frontier)}
        found.update({row[:2]: Edge(*row) for row in rows})
        ends = {key for row in rows for key in row[:2]}
        ends |= {
            key for each in frontier for edge in by_people.get(each, ()) for key in (edge.left, edge.right)
        }
        frontier = ends - seen
    people = [edge for edge in decided if edge.left in seen]
    return seen, [*people, *(found[pair] for pair in sorted(found))]


_EDGES = tuple(
    f'SELECT DISTINCT left, right, score, detail FROM link_edges WHERE "{side}" IN (?)'
    for side in ("left", "right")
)

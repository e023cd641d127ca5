"""Communities of papers, and the concepts that name them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from kg.graph.model import Community
from kg.graph.projection import rarity

if TYPE_CHECKING:
    from kg.graph.projection import Incidence
    from kg.types import Concept

MAX_PASSES: Final = 20
MORE: Final = 1e-10  # what a move must gain, so that rounding moves nothing
NAMING: Final = 3  # concepts in a name


def communities(links: Any) -> np.ndarray:
    """The community of each node of a symmetric weight matrix, by the Louvain method.

    Blondel, Guillaume, Lambiotte and Lefebvre (2008), Fast unfolding of communities in large networks, J.
    Stat. Mech. P10008. Nodes move in their order and ties go to the first neighbour, so the result depends on
    nothing but the matrix. A community that fell apart is split into its components, as the method doesn't
    promise that they hold together (Traag et al. 2019).
    """
    if not links.shape[0]:
        return np.empty(0, dtype=int)
    member = np.arange(links.shape[0])
    level = sparse.csr_array(links)
    while True:
        found = _moves(level)
        count = int(found.max()) + 1 if len(found) else 0
        member = found[member]
        if count == level.shape[0]:
            return _connected(links, member)
        join = sparse.csr_array((np.ones(len(found)), (found, np.arange(len(found)))))
        level = sparse.csr_array(join @ level @ join.T)


def _moves(level: Any) -> np.ndarray:
    """One level: nodes move to the neighbouring community with the most gain until none moves."""
    bounds, columns, values = level.indptr.tolist(), level.indices.tolist(), level.data.tolist()
    strength = np.asarray(level.sum(axis=1)).tolist()
    total = sum(strength)
    member, mass = list(range(level.shape[0])), list(strength)
    for _ in range(MAX_PASSES if total else 0):
        moved = False
        for node, own in enumerate(member):
            pull = {own: 0.0}
            for at in range(bounds[node], bounds[node + 1]):
                if columns[at] != node:
                    there = member[columns[at]]
                    pull[there] = pull.get(there, 0.0) + values[at]
            mass[own] -= strength[node]
            share = strength[node] / total
            best, most = own, pull[own] - mass[own] * share + MORE
            for there, strong in pull.items():
                if strong - mass[there] * share > most:
                    best, most = there, strong - mass[there] * share + MORE
            mass[best] += strength[node]
            moved |= best != own
            member[node] = best
        if not moved:
            break
    return np.unique(member, return_inverse=True)[1] if member else np.empty(0, dtype=int)


def _connected(links: Any, member: np.ndarray) -> np.ndarray:
    pairs = sparse.coo_array(links)
    inside = member[pairs.row] == member[pairs.col]
    kept = sparse.csr_array((pairs.data[inside], (pairs.row[inside], pairs.col[inside])), shape=links.shape)
    return np.asarray(connected_components(kept, directed=False)[1])


def describe(
    grid: Incidence, member: np.ndarray, concepts: dict[str, Concept]
) -> tuple[tuple[Community, ...], np.ndarray]:
    """Communities as records, and the community's number of each concept by column: the one whose papers hold
    most of it.

    A name is made of the concepts for which (weight that the community's papers hold) * rarity * (share of
    the concept's whole weight that they hold) is greatest. Communities are numbered as `member` numbers them.
    """
    count = int(member.max(initial=-1)) + 1
    join = sparse.csr_array((np.ones(len(member)), (member, np.arange(len(member)))), (count, len(member)))
    held = sparse.coo_array(join @ grid.matrix)
    home = _homes(held)
    whole = np.maximum(np.asarray(grid.matrix.sum(axis=0)), 1e-12)
    telling = held.data * rarity(grid.matrix)[held.col] * held.data / whole[held.col]
    order = np.lexsort((held.col, -telling.round(9), held.row))
    best: list[list[str]] = [[] for _ in range(count)]
    for row, column in zip(held.row[order].tolist(), held.col[order].tolist(), strict=True):
        best[row].append(grid.concepts[column])
    papers: list[list[str]] = [[] for _ in range(count)]
    for paper, number in zip(grid.papers, member.tolist(), strict=True):
        papers[number].append(paper)
    mine: list[list[str]] = [[] for _ in range(count)]
    for concept, number in zip(grid.concepts, home.tolist(), strict=True):
        if number >= 0:
            mine[number].append(concept)
    return tuple(
        Community(number, _name(best[number], concepts), tuple(papers[number]), tuple(mine[number]))
        for number in range(count)
    ), home


def by_size(member: np.ndarray) -> np.ndarray:
    """The same communities numbered from the largest, equal ones by their first node."""
    _, first, inverse, size = np.unique(member, return_index=True, return_inverse=True, return_counts=True)
    rank = np.empty(len(size), dtype=int)
    rank[np.lexsort((first, -size))] = np.arange(len(size))
    return np.asarray(rank[inverse])


def _homes(held: Any) -> np.ndarray:
    home = np.full(held.shape[1], -1)
    order = np.lexsort((-held.row, held.data.round(9), held.col))  # the last one written for a column stays
    home[held.col[order]] = held.row[order]
    return home


def _name(best: list[str], concepts: dict[str, Concept]) -> str:
    names = dict.fromkeys(concepts[concept].name for concept in best[: 3 * NAMING])
    return ", ".join([*names][:NAMING]) or "no concepts"

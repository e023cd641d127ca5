"""Links of one kind of node through the other, as sparse matrix products.

Papers become vectors over concepts, so the likeness of all pairs is one product; above a size it is taken in
blocks of rows of which only the strongest neighbours are kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from scipy import sparse

from kg.graph.model import ConceptLink, Edge, PaperLink, Share

if TYPE_CHECKING:
    from collections.abc import Sequence

NEIGHBOURS: Final = 10  # links kept of each node above a size; at or below it all are
KEEP_ALL: Final = 300  # nodes
COMMON: Final = 500  # papers; above KEEP_ALL papers a concept in more makes no link by itself
BLOCK: Final = 4096  # rows of a product held at once
Matrix = Any  # scipy.sparse.csr_array, which scipy doesn't annotate


@dataclass(frozen=True, slots=True)
class Incidence:
    """Which paper has which concept: `matrix` is papers x concepts, of edge weights; ids name rows and
    columns.
    """

    papers: tuple[str, ...]
    concepts: tuple[str, ...]
    matrix: Matrix


def incidence(papers: Sequence[str], concepts: Sequence[str], edges: Sequence[Edge]) -> Incidence:
    """The edges as a matrix over the given papers and concepts."""
    rows = {paper: row for row, paper in enumerate(papers)}
    columns = {concept: column for column, concept in enumerate(concepts)}
    place = ([rows[e.paper_id] for e in edges], [columns[e.concept_id] for e in edges])
    weights = np.array([edge.weight for edge in edges], dtype=float)
    matrix = sparse.csr_array((weights, place), shape=(len(rows), len(columns)))
    return Incidence(tuple(papers), tuple(concepts), matrix)


def rarity(matrix: Matrix) -> np.ndarray:
    """Inverse document frequency of each concept, ln(N / n): 0 for what every paper has.

    Spärck Jones (1972), A statistical interpretation of term specificity, Journal of Documentation 28(1).
    """
    count = np.maximum((matrix != 0).sum(axis=0), 1)
    return np.asarray(np.log(max(matrix.shape[0], 1) / count))


def paper_links(grid: Incidence, among: Sequence[int] | None = None) -> tuple[PaperLink, ...]:
    """Links of papers through shared concepts: the cosine of their concepts' weights times rarity.

    weight(p, q) = sum over shared concepts c of v(p, c) v(q, c), with v(p, c) = w(p, c) ln(N / n_c), each
    paper's v scaled to length 1; w is the edge's weight, n_c of N papers have c. A share is one term of the
    sum. Salton and Buckley (1988), Term-weighting approaches in automatic text retrieval, Information
    Processing & Management 24(5). Above KEEP_ALL papers, links through nothing but concepts in more than
    COMMON papers aren't looked for (such a concept still counts in the links that others make), and each
    paper keeps its NEIGHBOURS strongest; a link is there if either end keeps it. `among` are the rows of the
    papers to link, where not all are wanted; they are sorted.
    """
    wanted = np.arange(len(grid.papers)) if among is None else np.asarray(among)
    whole = sparse.csr_array(vectors(grid)[wanted])
    candidates = whole
    if len(wanted) > KEEP_ALL:
        rare = (grid.matrix != 0).sum(axis=0) <= COMMON
        candidates = sparse.csr_array(whole * rare[np.newaxis, :])
    left, right = _pairs(candidates)
    parts = sparse.csr_array(whole[left].multiply(whole[right]))
    return tuple(_links(grid, wanted[left], wanted[right], parts))


def vectors(grid: Incidence) -> Matrix:
    """Each paper's concepts by weight times rarity, scaled to length 1 (papers x concepts)."""
    weighted = sparse.csr_array(grid.matrix * rarity(grid.matrix)[np.newaxis, :])
    length = np.sqrt(weighted.multiply(weighted).sum(axis=1))
    scale = np.divide(1.0, length, out=np.zeros_like(length), where=length > 0)
    scaled = sparse.csr_array(weighted * scale[:, np.newaxis])
    scaled.sort_indices()
    return scaled


def likeness(rows: Matrix) -> Matrix:
    """The cosines of a matrix's rows as a symmetric matrix; above KEEP_ALL rows, of the strongest pairs."""
    length = np.sqrt(rows.multiply(rows).sum(axis=1))
    scale = np.divide(1.0, length, out=np.zeros_like(length), where=length > 0)
    unit = sparse.csr_array(rows * scale[:, np.newaxis])
    left, right = _pairs(unit)
    weight = unit[left].multiply(unit[right]).sum(axis=1)
    place = np.concatenate((left, right)), np.concatenate((right, left))
    return sparse.csr_array((np.tile(weight, 2), place), shape=(rows.shape[0],) * 2)


def _links(grid: Incidence, left: np.ndarray, right: np.ndarray, parts: Matrix) -> list[PaperLink]:
    bounds, columns, values = parts.indptr.tolist(), parts.indices.tolist(), parts.data.round(6).tolist()
    links = []
    for row, (i, j) in enumerate(zip(left.tolist(), right.tolist(), strict=True)):
        span = range(bounds[row], bounds[row + 1])
        terms = sorted((-values[at], grid.concepts[columns[at]]) for at in span if values[at] > 0)
        if terms:
            weight = round(-sum(value for value, _ in terms), 6)
            shares = tuple(Share(concept, -value) for value, concept in terms)
            links.append(PaperLink(grid.papers[i], grid.papers[j], weight, shares))
    return links


def concept_links(grid: Incidence) -> tuple[ConceptLink, ...]:
    """Links of concepts that stand in the same papers beyond chance.

    weight = npmi * n/(n+1) * m/(m+1): normalised pointwise mutual information ln(p(a,b) / p(a)p(b)) /
    -ln p(a,b) (Bouma 2009, GSCL) times the discount for rare events of Pantel and Lin (2002, KDD), n papers
    with both, m with the rarer of the two. Only what is above 0 is a link. Above KEEP_ALL concepts, pairs of
    one paper aren't counted and each concept keeps its NEIGHBOURS strongest.
    """
    present = sparse.csr_array((grid.matrix != 0).astype(float).T)
    large = len(grid.concepts) > KEEP_ALL
    left, right, count = _together(present, least=2 if large else 1)
    weight = _beyond_chance(count, left, right, present.sum(axis=1), len(grid.papers))
    keep = weight > 0
    if large:
        keep &= _strongest_of_each(left, right, weight, len(grid.concepts))
    chosen = zip(*(column[keep].tolist() for column in (left, right, count, weight)), strict=True)
    names = grid.concepts
    return tuple(ConceptLink(names[i], names[j], int(n), round(w, 6)) for i, j, n, w in chosen)


def _beyond_chance(
    count: np.ndarray, left: np.ndarray, right: np.ndarray, papers_of: np.ndarray, total: int
) -> np.ndarray:
    one, other = papers_of[left], papers_of[right]
    together = np.minimum(count / max(total, 1), 1 - 1e-9)
    npmi = np.log(count * total / (one * other)) / -np.log(together)
    rarer = np.minimum(one, other)
    return np.asarray(npmi * count / (count + 1) * rarer / (rarer + 1))


def _pairs(vectors: Matrix) -> tuple[np.ndarray, np.ndarray]:
    """Pairs of rows (i < j) with a product above 0: all, or those among the strongest of either."""
    n = vectors.shape[0]
    keep = n if n <= KEEP_ALL else NEIGHBOURS
    turned = sparse.csc_array(vectors.T)
    keys = [_top(vectors[at : at + BLOCK] @ turned, at, n, keep) for at in range(0, n, BLOCK)]
    both = np.unique(np.concatenate(keys)) if keys else np.empty(0, dtype=np.int64)
    return both // n, both % n


def _top(product: Matrix, offset: int, n: int, keep: int) -> np.ndarray:
    """The `keep` strongest of each row of a block as keys `smaller * n + larger`; ties in their order."""
    product.sort_indices()
    chosen = [
        (row + offset, product.indices[begin:end][_strongest(product.data[begin:end].round(9), keep)])
        for row, (begin, end) in enumerate(pairwise(product.indptr.tolist()))
    ]
    rows = np.repeat([row for row, _ in chosen], [len(columns) for _, columns in chosen])
    columns = np.concatenate([columns for _, columns in chosen]).astype(np.int64)
    other = rows != columns
    return np.asarray(np.minimum(rows, columns)[other] * n + np.maximum(rows, columns)[other])


def _strongest(values: np.ndarray, keep: int) -> np.ndarray:
    """Where a row's strongest values above 0 are, one more than `keep` as the row itself is among them."""
    if len(values) <= keep + 1:
        return np.flatnonzero(values > 0)
    least = max(np.partition(values, -keep - 1)[-keep - 1], 1e-9)
    above, equal = np.flatnonzero(values > least), np.flatnonzero(values == least)
    return np.concatenate((above, equal[: keep + 1 - len(above)]))


def _together(present: Matrix, least: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Concept pairs (i < j) that at least so many papers share, and how many do, in blocks of rows."""
    found = [np.empty((3, 0))]
    for at in range(0, present.shape[0], BLOCK):
        block = sparse.coo_array(present[at : at + BLOCK] @ present.T)
        rows = block.row.astype(np.int64) + at
        keep = (rows < block.col) & (block.data >= least)
        found.append(np.vstack((rows[keep], block.col[keep], block.data[keep])))
    left, right, count = np.hstack(found)
    order = np.lexsort((right, left))
    return left[order].astype(np.int64), right[order].astype(np.int64), count[order]


def _strongest_of_each(left: np.ndarray, right: np.ndarray, weight: np.ndarray, n: int) -> np.ndarray:
    """Which pairs are among the NEIGHBOURS strongest of one of their ends."""
    ends = np.concatenate((left, right))
    pair = np.tile(np.arange(len(left)), 2)
    order = np.lexsort((pair, -weight[pair].round(9), ends))
    first = np.searchsorted(ends[order], ends[order])
    best = pair[order][np.arange(len(ends)) - first < NEIGHBOURS]
    keep = np.zeros(len(left), dtype=bool)
    keep[best] = True
    return keep

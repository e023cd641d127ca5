"""From the store to the graph: edges, projections, communities, importance."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import sparse

from kg.graph.community import by_size, communities, describe
from kg.graph.edges import relation_edges, role_edges
from kg.graph.model import KnowledgeGraph, concept_key, paper_key
from kg.graph.picture import Picture
from kg.graph.projection import concept_links, incidence, paper_links
from kg.graph.rank import pagerank

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from kg.graph.model import PaperLink
    from kg.store import Store
    from kg.types import Concept, Paper, Statement


def build(store: Store) -> KnowledgeGraph:
    """The graph of what the store holds; equal stores give equal graphs."""
    return build_from(store.papers(), store.concepts(), store.statements(), store.presence())


def build_from(
    papers: Iterable[Paper],
    concepts: Iterable[Concept],
    statements: Iterable[Statement],
    presence: Mapping[tuple[str, str], float] | None = None,
) -> KnowledgeGraph:
    """The graph of papers, concepts and statements, in whatever order they come; `presence` as in
    `role_edges`.

    Statements about papers or concepts that aren't given are no part of it.
    """
    by_id = {paper.id: paper for paper in sorted(papers, key=lambda paper: paper.id)}
    concept_by_id = {concept.id: concept for concept in sorted(concepts, key=lambda concept: concept.id)}
    known = [s for s in statements if s.object in concept_by_id and s.paper_id in by_id]
    edges = role_edges(known, presence or {})
    grid = incidence(list(by_id), list(concept_by_id), edges)
    links = paper_links(grid)
    alike = _matrix(links, grid.papers)
    member = by_size(communities(alike))
    named, home = describe(grid, member, concept_by_id)
    importance = np.concatenate((pagerank(alike), pagerank(_two_way(grid.matrix))[len(by_id) :]))
    keys = [*map(paper_key, grid.papers), *map(concept_key, grid.concepts)]
    whole = np.concatenate((member, home))
    return KnowledgeGraph(
        papers=by_id,
        concepts=concept_by_id,
        edges=edges,
        relations=relation_edges(s for s in known if s.subject in concept_by_id),
        paper_links=links,
        concept_links=concept_links(grid),
        communities=named,
        community=dict(zip(keys, whole.tolist(), strict=True)),
        importance=dict(zip(keys, importance.round(9).tolist(), strict=True)),
        picture=Picture(tuple(keys), grid, alike, importance, whole),
    )


def _matrix(links: Sequence[PaperLink], papers: Sequence[str]) -> Any:
    rows = {paper: row for row, paper in enumerate(papers)}
    left, right = [rows[link.left] for link in links], [rows[link.right] for link in links]
    weight = [link.weight for link in links]
    return sparse.csr_array((weight * 2, (left + right, right + left)), shape=(len(rows), len(rows)))


def _two_way(matrix: Any) -> Any:
    return sparse.csr_array(sparse.block_array([[None, matrix], [matrix.T, None]]))

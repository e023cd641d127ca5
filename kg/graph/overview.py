"""What a picture shows at once: all of a small graph, the representatives of a large one."""

from __future__ import annotations

from dataclasses import dataclass
from math import log
from typing import TYPE_CHECKING, Final, TypeVar

import numpy as np

from kg.graph.backbone import representatives, significance
from kg.graph.model import concept_key, paper_key
from kg.graph.projection import Incidence, concept_links, incidence, paper_links

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from kg.graph.model import ConceptLink, Edge, KnowledgeGraph, PaperLink

LIMIT: Final = 1500  # nodes: what a browser still drags smoothly (benchmarks/page.py)
DENSE: Final = 2.5  # links per node; where there are more, those that matter are kept
ALPHA: Final = 0.05  # significance of a link that is kept
Linked = TypeVar("Linked")


@dataclass(frozen=True, slots=True)
class Overview:
    """Ids of the papers and concepts to show, sorted, and the links to draw between them."""

    papers: tuple[str, ...]
    concepts: tuple[str, ...]
    paper_links: tuple[PaperLink, ...]
    concept_links: tuple[ConceptLink, ...]
    edges: tuple[Edge, ...]


def overview(graph: KnowledgeGraph, limit: int = LIMIT) -> Overview:
    """The graph's backbone, at most `limit` nodes: representatives of its communities, and of their links
    those that the disparity filter keeps (see `kg.graph.backbone`) or that are the strongest of an end.

    A graph within the limit keeps all its nodes, and all links unless they are dense.
    """
    used = [concept for concept in graph.concepts if graph.edges_of_concept(concept)]
    room = max(limit // 2, limit - len(used))
    papers = _chosen(graph, list(graph.papers), paper_key, room)
    concepts = _chosen(graph, used, concept_key, limit - len(papers))
    grid = incidence(list(graph.papers), used, graph.edges)
    return Overview(
        papers=tuple(papers),
        concepts=tuple(concepts),
        paper_links=_paper_links(graph, grid, papers),
        concept_links=_concept_links(graph, grid, concepts),
        edges=_edges(graph, set(papers), set(concepts)),
    )


def _chosen(graph: KnowledgeGraph, ids: list[str], key: Callable[[str], str], limit: int) -> list[str]:
    importance = np.array([graph.importance[key(i)] for i in ids])
    member = np.array([graph.community[key(i)] for i in ids], dtype=int)
    return [ids[at] for at in representatives(importance, member, limit).tolist()]


def _paper_links(graph: KnowledgeGraph, grid: Incidence, papers: list[str]) -> tuple[PaperLink, ...]:
    links = graph.paper_links
    if len(papers) < len(grid.papers):
        row = {paper: at for at, paper in enumerate(grid.papers)}
        links = paper_links(grid, [row[paper] for paper in papers])
    return _thinned(links, [(link.left, link.right, link.weight) for link in links])


def _concept_links(graph: KnowledgeGraph, grid: Incidence, concepts: list[str]) -> tuple[ConceptLink, ...]:
    links = graph.concept_links
    if len(concepts) < len(grid.concepts):
        column = {concept: at for at, concept in enumerate(grid.concepts)}
        part = Incidence(grid.papers, tuple(concepts), grid.matrix[:, [column[c] for c in concepts]])
        links = concept_links(part)
    return _thinned(links, [(link.left, link.right, link.weight) for link in links])


def _edges(graph: KnowledgeGraph, papers: set[str], concepts: set[str]) -> tuple[Edge, ...]:
    edges = [edge for edge in graph.edges if edge.paper_id in papers and edge.concept_id in concepts]
    if len(edges) <= DENSE * (len(papers) + len(concepts)):
        return tuple(edges)
    rarity = {c: log(len(graph.papers) / len(graph.edges_of_concept(c))) for c in concepts}
    ends = [
        (paper_key(edge.paper_id), concept_key(edge.concept_id), edge.weight * rarity[edge.concept_id])
        for edge in edges
    ]
    return _thinned(edges, ends)


def _thinned(links: Sequence[Linked], ends: list[tuple[str, str, float]]) -> tuple[Linked, ...]:
    """The links (given with their ends and weights) that matter, all of them where they aren't dense."""
    keys = {left for left, _, _ in ends} | {right for _, right, _ in ends}
    number = {key: at for at, key in enumerate(sorted(keys))}
    if len(links) <= DENSE * len(number):
        return tuple(links)
    left = np.array([number[end] for end, _, _ in ends])
    right = np.array([number[end] for _, end, _ in ends])
    weight = np.array([w for _, _, w in ends])
    keep = significance(left, right, weight, len(number)) <= ALPHA
    keep |= _strongest_of_an_end(left, right, weight)
    return tuple(links[at] for at in np.flatnonzero(keep).tolist())


def _strongest_of_an_end(left: np.ndarray, right: np.ndarray, weight: np.ndarray) -> np.ndarray:
    ends, pair = np.concatenate((left, right)), np.tile(np.arange(len(left)), 2)
    order = np.lexsort((pair, -weight[pair].round(9), ends))
    _, first = np.unique(ends[order], return_index=True)
    keep = np.zeros(len(left), dtype=bool)
    keep[pair[order][first]] = True
    return keep

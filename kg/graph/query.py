"""What people ask of the graph: what is like this paper, and how do two things hang together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import dijkstra

from kg.errors import UnknownNameError
from kg.graph.model import concept_key, paper_key

if TYPE_CHECKING:
    from kg.graph.model import Edge, KnowledgeGraph, PaperLink


def related(graph: KnowledgeGraph, paper_id: str, n: int = 10) -> list[PaperLink]:
    """The papers most like a paper, strongest first, the paper asked for as `left`.

    Raises UnknownNameError for an id that no paper has.
    """
    if paper_id not in graph.papers:
        raise UnknownNameError(f"{paper_id}: no paper has this id: try `kg show WORDS`")
    return list(graph.links_of(paper_id)[:n])


def path(graph: KnowledgeGraph, a: str, b: str) -> list[Edge]:
    """How two papers or concepts (by id) hang together: edges from `a` to `b`, empty where nothing joins
    them.

    The path is the one of least cost, an edge to a concept in n papers costing 1 + ln n: short, and through
    what few share. Raises UnknownNameError for an id that nothing has.
    """
    keys = [*map(paper_key, graph.papers), *map(concept_key, graph.concepts)]
    number = {key: at for at, key in enumerate(keys)}
    start, end = number[_key(graph, a)], number[_key(graph, b)]
    costs, edge_at = _costs(graph, number)
    _, before = dijkstra(costs, directed=False, indices=start, return_predecessors=True)
    steps: list[Edge] = []
    while end != start and before[end] >= 0:
        previous = int(before[end])
        steps.append(edge_at[min(previous, end), max(previous, end)])
        end = previous
    return steps[::-1]


def _key(graph: KnowledgeGraph, identifier: str) -> str:
    if identifier in graph.papers:
        return paper_key(identifier)
    if identifier in graph.concepts:
        return concept_key(identifier)
    raise UnknownNameError(f"{identifier}: no paper or concept has this id: try `kg show WORDS`")


def _costs(graph: KnowledgeGraph, number: dict[str, int]) -> tuple[Any, dict[tuple[int, int], Edge]]:
    edge_at = {
        (number[paper_key(edge.paper_id)], number[concept_key(edge.concept_id)]): edge for edge in graph.edges
    }
    rows, columns = np.array(list(edge_at), dtype=int).reshape(-1, 2).T
    degree = np.bincount(columns, minlength=len(number))
    cost = 1 + np.log(degree[columns])
    return sparse.csr_array((cost, (rows, columns)), shape=(len(number), len(number))), edge_at

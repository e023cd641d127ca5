"""`graph.graphml`: the graph for Gephi, Cytoscape, yEd and the like, with a sentence at every edge."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kg.graph import concept_key, paper_key
from kg.text import clean, visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from kg.export import Source
    from kg.graph import KnowledgeGraph
    from kg.types import Statement

_Edge = tuple[str, str, dict[str, Any]]


def write(source: Source, path: Path) -> None:
    """Write papers, concepts and all links; several links of two concepts are edges beside each other.

    Nodes have kind, label, type, community, importance, x and y; edges kind (a role, a relation, "shares" or
    "together"), weight, and the surest sentence or the shared concepts that are the reason.
    """
    import networkx

    graph = source.graph
    out = networkx.MultiGraph(name=_shown(source.config.title))
    out.add_nodes_from(_nodes(graph))
    for left, right, facts in (*_roles(graph), *_relations(graph), *_links(graph)):
        out.add_edge(left, right, key=facts["kind"], **facts)
    networkx.write_graphml_xml(out, path, encoding="utf-8", prettyprint=True)


def _nodes(graph: KnowledgeGraph) -> Iterator[tuple[str, dict[str, Any]]]:
    for paper in graph.papers.values():
        facts = {"kind": "paper", "label": _shown(paper.title), "type": "Paper", "year": paper.year or 0}
        yield paper_key(paper.id), facts | {"venue": _shown(paper.venue)} | _place(graph, paper_key(paper.id))
    for concept in graph.concepts.values():
        facts = {"kind": "concept", "label": _shown(concept.name), "type": str(concept.type)}
        yield concept_key(concept.id), facts | _place(graph, concept_key(concept.id))


def _place(graph: KnowledgeGraph, key: str) -> dict[str, Any]:
    x, y = graph.position[key]
    return {"community": graph.community[key], "importance": graph.importance[key], "x": x, "y": y}


def _roles(graph: KnowledgeGraph) -> Iterator[_Edge]:
    for edge in graph.edges:
        facts = {"kind": str(edge.role), "weight": edge.weight, "why": _sentence(graph, edge.evidence)}
        yield paper_key(edge.paper_id), concept_key(edge.concept_id), facts


def _relations(graph: KnowledgeGraph) -> Iterator[_Edge]:
    for edge in graph.relations:
        facts = {"kind": str(edge.relation), "weight": edge.weight, "why": _sentence(graph, edge.evidence)}
        yield concept_key(edge.subject), concept_key(edge.object), facts


def _links(graph: KnowledgeGraph) -> Iterator[_Edge]:
    for link in graph.paper_links:
        why = _names(graph, (share.concept_id for share in link.shared))
        facts = {"kind": "shares", "weight": link.weight, "why": why}
        yield paper_key(link.left), paper_key(link.right), facts
    for other in graph.concept_links:
        facts = {"kind": "together", "weight": other.weight, "why": f"papers: {other.count}"}
        yield concept_key(other.left), concept_key(other.right), facts


def _names(graph: KnowledgeGraph, concepts: Iterable[str]) -> str:
    return _shown("; ".join(graph.concepts[concept].name for concept in concepts))


def _sentence(graph: KnowledgeGraph, evidence: Sequence[Statement]) -> str:
    return _shown(graph.sentence(evidence[0]))


def _shown(text: str) -> str:
    """Text that XML can carry, with what can't be seen written out."""
    return visible(clean(text))

"""The graph for networkx."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from kg.graph.model import concept_key, paper_key

if TYPE_CHECKING:
    import networkx

    from kg.graph.model import KnowledgeGraph


_UNSAID: Final[dict[str, Any]] = {"kind": "relates", "relations": (), "evidence": ()}


def to_networkx(graph: KnowledgeGraph) -> networkx.Graph:
    """Papers and concepts as nodes, every link as an edge with its kind, weight and evidence.

    Nodes are keys ("paper/..." or "concept/...") with id, kind, label, type, community, importance. Edges
    have kind "role" (with role and evidence, the statements), "shares" (papers; shared is a tuple of concept
    ids) or "relates" (concepts; count of papers with both, relations and their evidence). A subgraph of one
    kind of edge is `nx.Graph.edge_subgraph`.
    """
    import networkx

    out = networkx.Graph()
    out.add_nodes_from(_nodes(graph))
    for edge in graph.edges:
        facts = {"kind": "role", "role": str(edge.role), "weight": edge.weight, "evidence": edge.evidence}
        out.add_edge(paper_key(edge.paper_id), concept_key(edge.concept_id), **facts)
    for link in graph.paper_links:
        shared = tuple(share.concept_id for share in link.shared)
        out.add_edge(
            paper_key(link.left), paper_key(link.right), kind="shares", weight=link.weight, shared=shared
        )
    _add_concept_links(graph, out)
    return out


def _nodes(graph: KnowledgeGraph) -> list[tuple[str, dict[str, Any]]]:
    papers: list[tuple[str, dict[str, Any]]] = [
        (paper_key(p.id), {"id": p.id, "kind": "paper", "label": p.title, "type": "Paper", "year": p.year})
        for p in graph.papers.values()
    ]
    concepts: list[tuple[str, dict[str, Any]]] = [
        (concept_key(c.id), {"id": c.id, "kind": "concept", "label": c.name, "type": str(c.type)})
        for c in graph.concepts.values()
    ]
    whole = [*papers, *concepts]
    return [
        (key, facts | {"community": graph.community[key], "importance": graph.importance[key]})
        for key, facts in whole
    ]


def _add_concept_links(graph: KnowledgeGraph, out: networkx.Graph) -> None:
    for link in graph.concept_links:
        facts = {"count": link.count, "weight": link.weight, **_UNSAID}
        out.add_edge(concept_key(link.left), concept_key(link.right), **facts)
    for relation in graph.relations:
        left, right = concept_key(relation.subject), concept_key(relation.object)
        if not out.has_edge(left, right):
            out.add_edge(left, right, count=0, weight=relation.weight, **_UNSAID)
        facts = out.edges[left, right]
        facts["relations"] += ((relation.subject, str(relation.relation), relation.object),)
        facts["evidence"] += relation.evidence

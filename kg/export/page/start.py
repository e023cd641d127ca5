"""What the page needs at once: the vocabulary, the communities, the gaps, and what was left out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from kg.graph import gaps
from kg.text import INVISIBLE
from kg.version import VERSION
from kg.vocab import ONTOLOGY, PAPER_COLOUR, RELATIONS, ROLES, TYPES, ConceptType

if TYPE_CHECKING:
    from kg.export import Source
    from kg.export.page.tables import Rows
    from kg.graph import KnowledgeGraph
    from kg.graph.overview import Overview

GAPS: Final = 50
SHAPES: Final = {  # names of shapes of vis-network; types are told apart without colour too
    ConceptType.MODEL: "dot",
    ConceptType.DATASET: "diamond",
    ConceptType.METHOD: "triangle",
    ConceptType.TASK: "star",
    ConceptType.METRIC: "triangleDown",
    ConceptType.SOFTWARE: "hexagon",
    ConceptType.TOPIC: "cross",
}
PAPER_SHAPE: Final = "square"


def start(source: Source, known: Rows, shown: Overview) -> dict[str, Any]:
    """The page's first block of data, but the picture."""
    graph = source.graph
    return {
        "title": source.config.title,
        "version": VERSION,
        "base": source.config.base_iri,
        "ontology": ONTOLOGY,
        "invisible": INVISIBLE,
        "counts": {"papers": len(graph.papers), "concepts": len(graph.concepts), "edges": len(graph.edges)},
        "left_out": _left_out(graph, known, shown),
        "paper": {"colour": PAPER_COLOUR, "shape": PAPER_SHAPE},
        "types": [
            {
                "name": str(t),
                "label": t.label,
                "definition": t.definition,
                "colour": t.colour,
                "shape": SHAPES[t],
            }
            for t in TYPES
        ],
        "roles": [
            {"name": str(r), "label": r.label, "definition": r.definition, "iri": r.iri} for r in ROLES
        ],
        "relations": [{"name": str(r), "label": r.label} for r in RELATIONS],
        "communities": [
            {"name": c.name, "papers": len(c.papers)} for c in graph.communities if len(c.papers) > 1
        ],
        "gaps": _gaps(graph, known),
    }


def _left_out(graph: KnowledgeGraph, known: Rows, shown: Overview) -> dict[str, int]:
    """How many are in the graph and not in the picture, or not in the file at all."""
    used = sum(bool(graph.edges_of_concept(concept)) for concept in graph.concepts)
    return {
        "papers_in_picture": len(shown.papers),
        "concepts_in_picture": len(shown.concepts),
        "concepts_in_file": sum(bool(graph.edges_of_concept(concept)) for concept in known.concepts),
        "concepts_used": used,
    }


def _gaps(graph: KnowledgeGraph, known: Rows) -> list[dict[str, Any]]:
    return [
        {
            "left": known.concepts[gap.left],
            "right": known.concepts[gap.right],
            "score": round(gap.score, 3),
            "via": [known.concepts[c] for c in gap.via if c in known.concepts],
        }
        for gap in gaps(graph, GAPS)
        if gap.left in known.concepts and gap.right in known.concepts
    ]

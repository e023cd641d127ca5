"""The graph of papers and concepts: built from the store, asked by commands, drawn by exporters."""

from __future__ import annotations

from kg.graph.build import build, build_from
from kg.graph.gaps import Gap, gaps
from kg.graph.model import (
    Community,
    ConceptLink,
    Edge,
    KnowledgeGraph,
    PaperLink,
    RelationEdge,
    Share,
    concept_key,
    paper_key,
)
from kg.graph.query import path, related

__all__ = [
    "Community",
    "ConceptLink",
    "Edge",
    "Gap",
    "KnowledgeGraph",
    "PaperLink",
    "RelationEdge",
    "Share",
    "build",
    "build_from",
    "concept_key",
    "gaps",
    "paper_key",
    "path",
    "related",
]

"""The graph as columns of numbers and names, the form in which the page holds it.

Papers and concepts are named by their row. Evidence is offsets in a paper's text, counted in UTF-16 units as
scripts count them, so a sentence stands in the file once.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from math import log
from typing import TYPE_CHECKING, Any, Final

from kg.graph import concept_key, paper_key
from kg.vocab import RELATIONS, ROLES, TYPES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from kg.graph import Edge, KnowledgeGraph
    from kg.types import Concept, Mention, Paper, Statement

SCALE: Final = 60  # pixels between neighbours at zoom 1
_ROLE: Final = {str(role): number for number, role in enumerate(ROLES)}
_RELATION: Final = {str(relation): number for number, relation in enumerate(RELATIONS)}
_TYPE: Final = {type_: number for number, type_ in enumerate(TYPES)}


@dataclass(frozen=True, slots=True)
class Rows:
    """Which row each paper and each concept of the page has."""

    papers: Mapping[str, int]
    concepts: Mapping[str, int]


def rows(graph: KnowledgeGraph, least: int = 1, also: Iterable[str] = ()) -> Rows:
    """All papers, and the concepts in at least so many papers, those asked for, and what is above them."""
    used = {c for c in graph.concepts if len(graph.edges_of_concept(c)) >= least} | {*also}
    above = set(used)
    while above:
        above = {b for c in above for b in graph.concepts[c].broader if b in graph.concepts} - used
        used |= above
    return Rows(_numbered(graph.papers), _numbered(sorted(used)))


def _numbered(ids: Iterable[str]) -> dict[str, int]:
    return {identifier: row for row, identifier in enumerate(ids)}


def tables(graph: KnowledgeGraph, known: Rows) -> dict[str, Any]:
    """Papers, concepts, edges and relations, each a mapping of columns."""
    papers = [graph.papers[identifier] for identifier in known.papers]
    concepts = [graph.concepts[identifier] for identifier in known.concepts]
    return {
        "papers": _paper_columns(papers)
        | {"length": _lengths(graph)}
        | _places(graph, [paper_key(paper.id) for paper in papers]),
        "concepts": _concept_columns(concepts, known)
        | _places(graph, [concept_key(concept.id) for concept in concepts]),
        "edges": _edge_columns(graph, known),
        "relations": _relation_columns(graph, known),
    }


def _paper_columns(papers: Sequence[Paper]) -> dict[str, list[Any]]:
    plain = ("id", "title", "venue", "track", "repository", "year", "url", "doi", "arxiv_id")
    columns = {name: [getattr(paper, name) for paper in papers] for name in plain}
    return columns | {"authors": [list(paper.authors) for paper in papers]}


def _lengths(graph: KnowledgeGraph) -> list[float]:
    """The length of each paper's vector of concepts, by which the page scales it (kg.graph.projection)."""
    total = len(graph.papers)
    rarity = {c: log(total / max(len(graph.edges_of_concept(c)), 1)) for c in graph.concepts}
    return [
        round(sum((e.weight * rarity[e.concept_id]) ** 2 for e in graph.edges_of_paper(paper)) ** 0.5, 4)
        for paper in graph.papers
    ]


def _concept_columns(concepts: Sequence[Concept], known: Rows) -> dict[str, list[Any]]:
    return {
        "id": [concept.id for concept in concepts],
        "name": [concept.name for concept in concepts],
        "type": [_TYPE[concept.type] for concept in concepts],
        "aliases": [list(concept.aliases) for concept in concepts],
        "definition": [concept.definition for concept in concepts],
        "see_also": [list(concept.see_also) for concept in concepts],
        "broader": [[known.concepts[b] for b in c.broader if b in known.concepts] for c in concepts],
    }


def _places(graph: KnowledgeGraph, keys: Sequence[str]) -> dict[str, list[Any]]:
    most = max((graph.importance[key] for key in keys), default=0) or 1
    return {
        "community": [graph.community[key] for key in keys],
        "size": [round((graph.importance[key] / most) ** 0.5, 3) for key in keys],
        "x": [round(graph.position[key][0] * SCALE) for key in keys],
        "y": [round(graph.position[key][1] * SCALE) for key in keys],
    }


def edges_of(graph: KnowledgeGraph, paper_id: str, known: Rows) -> list[Edge]:
    """A paper's edges in the order of the page's columns."""
    return [edge for edge in graph.edges_of_paper(paper_id) if edge.concept_id in known.concepts]


def _edge_columns(graph: KnowledgeGraph, known: Rows) -> dict[str, list[int]]:
    """Edges by paper: those of paper i are at[i] to at[i + 1]; weight and score in thousandths."""
    grouped = [edges_of(graph, paper, known) for paper in known.papers]
    edges = [edge for group in grouped for edge in group]
    at = [0]
    for group in grouped:
        at.append(at[-1] + len(group))
    return {
        "at": at,
        "concept": [known.concepts[edge.concept_id] for edge in edges],
        "role": [_ROLE[str(edge.role)] for edge in edges],
        "weight": [round(1000 * edge.weight) for edge in edges],
        "score": [round(1000 * max(s.score for s in edge.evidence)) for edge in edges],
    }


def _relation_columns(graph: KnowledgeGraph, known: Rows) -> dict[str, list[Any]]:
    """What texts say of two concepts; `papers` are the rows of those that say it."""
    shown = [r for r in graph.relations if r.subject in known.concepts and r.object in known.concepts]
    return {
        "subject": [known.concepts[r.subject] for r in shown],
        "relation": [_RELATION[str(r.relation)] for r in shown],
        "object": [known.concepts[r.object] for r in shown],
        "papers": [sorted({known.papers[s.paper_id] for s in r.evidence}) for r in shown],
    }


def text_of(
    paper: Paper,
    edges: Sequence[Edge],
    mentions: Iterable[tuple[Mention, str]],
    relations: Iterable[Statement],
    known: Rows,
) -> dict[str, Any]:
    """A paper's abstract and what points into its text: `marks` [start, end, concept], `evidence` of each of
    its edges [start, end, quote start, quote end, role, score], `relations` [subject, relation, object,
    start, end].
    """
    at = utf16(paper.text)
    marks = sorted(
        (at(m.start), at(m.end), known.concepts[concept])
        for m, concept in mentions
        if concept in known.concepts
    )
    evidence = [
        [[*_span(s, at), _ROLE[s.predicate], round(1000 * s.score)] for s in e.evidence] for e in edges
    ]
    said = [
        [known.concepts[s.subject], _RELATION[s.predicate], known.concepts[s.object], at(s.start), at(s.end)]
        for s in relations
        if s.subject in known.concepts and s.object in known.concepts
    ]
    return {"abstract": paper.abstract, "marks": marks, "evidence": evidence, "relations": said}


def _span(statement: Statement, at: Callable[[int], int]) -> list[int]:
    return [at(n) for n in (statement.start, statement.end, statement.quote_start, statement.quote_end)]


def utf16(text: str) -> Callable[[int], int]:
    """How an offset in code points is counted in UTF-16 units: one more for each character beyond U+FFFF
    before it.
    """
    wide = [place for place, character in enumerate(text) if character > "\uffff"]
    return lambda offset: offset + bisect_left(wide, offset)

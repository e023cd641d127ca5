"""What is close in the graph and never together in a paper: where somebody might look next."""

from __future__ import annotations

from dataclasses import dataclass
from math import log
from typing import TYPE_CHECKING, Final

from kg.graph.model import concept_key
from kg.vocab import ConceptType

if TYPE_CHECKING:
    from kg.graph.model import KnowledgeGraph

PAIRS: Final = ((ConceptType.METHOD, ConceptType.TASK), (ConceptType.DATASET, ConceptType.METHOD))
CANDIDATES: Final = 400  # concepts of a type, by importance
LEAST: Final = 3  # papers that a gap's two concepts are in together: one of them at least is shared


@dataclass(frozen=True, slots=True)
class Gap:
    """Two concepts that no paper has together, though others join them.

    `via` are the concepts found beside both, most telling first; `left_papers` and `right_papers` those on
    either side.
    """

    left: str
    right: str
    score: float
    via: tuple[str, ...]
    left_papers: tuple[str, ...]
    right_papers: tuple[str, ...]


def gaps(graph: KnowledgeGraph, n: int = 20) -> list[Gap]:
    """Pairs of method and task, or data set and method, with common neighbours and no common paper, best
    first.

    score = sum over concepts c linked to both of w(a, c) w(b, c) / ln(1 + k_c), with w the weight of the
    co-occurrence link and k_c the number of c's links: Adamic and Adar's index (2003, Social Networks 25(3))
    with weights, as used for link prediction by Liben-Nowell and Kleinberg (2007).
    """
    near = _neighbours(graph)
    papers = {c: frozenset(edge.paper_id for edge in graph.edges_of_concept(c)) for c in near}
    wanted = {type_: _candidates(graph, type_, papers) for type_ in {t for pair in PAIRS for t in pair}}
    found = [
        Gap(left, right, round(score, 6), via, tuple(sorted(papers[left])), tuple(sorted(papers[right])))
        for one, other in PAIRS
        for left in wanted[one]
        for right, score, via in _close(near, left)
        if right in wanted[other]
        and len(papers[left]) + len(papers[right]) >= LEAST
        and not papers[left] & papers[right]
    ]
    return sorted(found, key=lambda gap: (-gap.score, gap.left, gap.right))[:n]


def _neighbours(graph: KnowledgeGraph) -> dict[str, dict[str, float]]:
    near: dict[str, dict[str, float]] = {}
    for link in graph.concept_links:
        near.setdefault(link.left, {})[link.right] = link.weight
        near.setdefault(link.right, {})[link.left] = link.weight
    return near


def _candidates(
    graph: KnowledgeGraph, type_: ConceptType, papers: dict[str, frozenset[str]]
) -> dict[str, None]:
    """The type's most important concepts, as an ordered set."""
    fit = [c for c in papers if graph.concepts[c].type is type_]
    fit.sort(key=lambda c: (-graph.importance[concept_key(c)], c))
    return dict.fromkeys(sorted(fit[:CANDIDATES]))


def _close(near: dict[str, dict[str, float]], left: str) -> list[tuple[str, float, tuple[str, ...]]]:
    """Concepts two links away with their score and what joins them, that most telling first."""
    terms: dict[str, list[tuple[float, str]]] = {}
    for via, weight in near[left].items():
        for right, other in near[via].items():
            if right != left and right not in near[left]:
                terms.setdefault(right, []).append((-weight * other / log(1 + len(near[via])), via))
    ranked = ((right, sorted(joints)) for right, joints in terms.items())
    return [(right, -sum(t for t, _ in joints), tuple(via for _, via in joints)) for right, joints in ranked]

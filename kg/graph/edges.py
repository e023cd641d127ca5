"""Statements become edges: one between a paper and a concept, one for a relation of two concepts."""

from __future__ import annotations

from math import prod
from sys import intern
from typing import TYPE_CHECKING, Final

from kg.graph.model import Edge, RelationEdge
from kg.link.confidence import triple
from kg.vocab import RELATIONS, ROLES, Role

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from kg.types import Statement

BACKGROUND: Final = 0.5  # a concept that is only mentioned counts half of one that the paper works with
_RANK: Final = {str(role): rank for rank, role in enumerate(ROLES)}
_RELATIONS: Final = {str(relation): relation for relation in RELATIONS}


def role_edges(
    statements: Iterable[Statement], presence: Mapping[tuple[str, str], float]
) -> tuple[Edge, ...]:
    """One edge for each paper and concept, sorted by both.

    An edge weighs as much as it is sure that the paper speaks of the concept (`presence`, by paper and
    concept): two papers share a concept also where it is unsure what one of them does with it. Where that
    isn't known, it weighs as much as its statements are sure.
    """
    groups = _groups(statements, about_paper=True)
    return tuple(
        _role_edge(groups[key], presence.get((key[0], key[1]), _support(groups[key])))
        for key in sorted(groups)
    )


def relation_edges(statements: Iterable[Statement]) -> tuple[RelationEdge, ...]:
    """One edge for each triple of subject, relation and object, sorted."""
    groups = _groups(statements, about_paper=False)
    return tuple(
        RelationEdge(subject, _RELATIONS[predicate], object_, _sure(group), tuple(sorted(group, key=_surest)))
        for (subject, object_, predicate), group in sorted(groups.items())
    )


def _groups(statements: Iterable[Statement], *, about_paper: bool) -> dict[tuple[str, ...], list[Statement]]:
    groups: dict[tuple[str, ...], list[Statement]] = {}
    for statement in statements:
        if statement.about_paper == about_paper:
            key = (intern(statement.subject), intern(statement.object))
            whole = key if about_paper else (*key, statement.predicate)
            groups.setdefault(whole, []).append(statement)
    return groups


def _role_edge(group: list[Statement], sure: float) -> Edge:
    evidence = tuple(sorted(group, key=lambda s: (_RANK[s.predicate], *_surest(s))))
    role = ROLES[_RANK[evidence[0].predicate]]
    weight = sure * (BACKGROUND if role is Role.MENTIONS else 1.0)
    return Edge(evidence[0].subject, evidence[0].object, role, round(weight, 6), evidence)


def _support(group: list[Statement]) -> float:
    """The probability that at least one statement is right, were they independent (noisy or)."""
    return round(1 - prod(1 - statement.score for statement in group), 6)


def _sure(group: list[Statement]) -> float:
    """The probability of a triple from the papers that state it, each by its surest statement."""
    papers: dict[str, float] = {}
    for statement in group:
        papers[statement.paper_id] = max(statement.score, papers.get(statement.paper_id, 0.0))
    return triple(list(papers.values()))


def _surest(statement: Statement) -> tuple[float, str, int, str]:
    return -statement.score, statement.paper_id, statement.start, statement.id

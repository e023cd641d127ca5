"""Nodes: a subject with all that is said of it; and shapes, which most nodes have in common with many."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kg.rdf.terms import Iri, Value


class Shape:
    """The predicates of nodes, in the order for reading, and the type of each one's value.

    A shape with types is made once and shared: a writer prepares its text once, and then only fills the gaps.
    Without types it is of one node alone. The values of one predicate have one type and stand together.
    """

    __slots__ = ("predicates", "types")

    def __init__(self, predicates: tuple[Iri, ...], types: tuple[type, ...] = ()) -> None:
        self.predicates = predicates
        self.types = types


class Node(NamedTuple):
    """All that is said of one subject, each property (a predicate with its value) once."""

    iri: Iri
    shape: Shape
    values: tuple[Value, ...]

    @property
    def properties(self) -> Iterable[tuple[Iri, Value]]:
        """Each predicate with its value."""
        return zip(self.shape.predicates, self.values, strict=True)


def shape(*parts: tuple[Iri, type]) -> Shape:
    """A shape that many nodes will have."""
    predicates, types = zip(*parts, strict=True)
    return Shape(predicates, types)


def node(iri: Iri, properties: Iterable[tuple[Iri, Value]]) -> Node:
    """A node of a shape of its own."""
    predicates, values = zip(*properties, strict=True)
    return Node(iri, Shape(predicates), values)

"""Counts that everybody asks for, as nodes: papers that share concepts, concepts that share papers."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple

from kg.rdf.nodes import Node, Shape, node, shape
from kg.rdf.terms import Iri, Names, fit, term

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_A: Final = term("rdf:type")
_PAPER_LINK: Final = term("kg:PaperLink")
_TOGETHER: Final = term("kg:Cooccurrence")
_COLLECTION: Final = term("skos:Collection")
_BETWEEN: Final = term("kg:between")
_RANK: Final = term("kg:rank")
_WEIGHT: Final = term("kg:weight")
_SHARED: Final = term("kg:sharedConcept")
_SHARED_COUNT: Final = term("kg:sharedCount")
_PAPERS: Final = term("kg:paperCount")
_MEMBER: Final = term("skos:member")
_LABEL: Final = term("skos:prefLabel")


class PaperLink(NamedTuple):
    """Two papers, how alike they are (0 to 1), and the concepts they share.

    `rank` is its place among the strongest links, 1 the strongest, 0 where it isn't one of these.
    """

    left: str
    right: str
    weight: float
    shared: tuple[str, ...]
    rank: int = 0


class ConceptLink(NamedTuple):
    """Two concepts, in how many papers both are, and how far that is beyond chance (0 to 1)."""

    left: str
    right: str
    papers: int
    weight: float
    rank: int = 0


class Group(NamedTuple):
    """Papers and concepts that hang together, by number and name."""

    number: int
    name: str
    papers: tuple[str, ...]
    concepts: tuple[str, ...]


class Links(NamedTuple):
    """All that is counted over the whole graph, sorted."""

    papers: Iterable[PaperLink] = ()
    concepts: Iterable[ConceptLink] = ()
    groups: Iterable[Group] = ()


def link_nodes(links: Links, names: Names) -> Iterator[Node]:
    """A node for each link and each group."""
    for group in links.groups:
        yield group_node(group, names)
    for pair in links.concepts:
        yield concept_link_node(pair, names)
    for link in links.papers:
        yield paper_link_node(link, names)


def paper_link_node(link: PaperLink, names: Names) -> Node:
    between = names.paper(link.left), names.paper(link.right)
    rank = (link.rank,) if link.rank else ()
    values = (_PAPER_LINK, *between, link.weight, len(link.shared), *rank, *map(names.concept, link.shared))
    iri = names.pair("shared", link.left, link.right)
    return Node(iri, _paper_link_shape(len(link.shared), ranked=bool(rank)), values)


@cache
def _paper_link_shape(shared: int, *, ranked: bool) -> Shape:
    rank = ((_RANK, int),) if ranked else ()
    head = ((_A, Iri), (_BETWEEN, Iri), (_BETWEEN, Iri), (_WEIGHT, float), (_SHARED_COUNT, int))
    return shape(*head, *rank, *(((_SHARED, Iri),) * shared))


def concept_link_node(pair: ConceptLink, names: Names) -> Node:
    between = names.concept(pair.left), names.concept(pair.right)
    values = (_TOGETHER, *between, pair.papers, pair.weight, *((pair.rank,) if pair.rank else ()))
    iri = names.pair("together", pair.left, pair.right)
    return Node(iri, _together_shape(ranked=bool(pair.rank)), values)


@cache
def _together_shape(*, ranked: bool) -> Shape:
    rank = ((_RANK, int),) if ranked else ()
    return shape((_A, Iri), (_BETWEEN, Iri), (_BETWEEN, Iri), (_PAPERS, int), (_WEIGHT, float), *rank)


def group_node(group: Group, names: Names) -> Node:
    members = (*map(names.paper, group.papers), *map(names.concept, group.concepts))
    head = ((_A, _COLLECTION), (_LABEL, fit(group.name)))
    return node(names.group(group.number), (*head, *((_MEMBER, member) for member in members)))

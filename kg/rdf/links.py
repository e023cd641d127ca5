"""Counts that everybody asks for, as nodes: papers that share concepts, concepts that share papers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from kg.rdf.terms import Iri, Names, Node, fit, term

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
        yield _group(group, names)
    for pair in links.concepts:
        yield _together(pair, names)
    for link in links.papers:
        yield _paper_link(link, names)


def _paper_link(link: PaperLink, names: Names) -> Node:
    head = (
        (_A, _PAPER_LINK),
        (_BETWEEN, names.paper(link.left)),
        (_BETWEEN, names.paper(link.right)),
        (_WEIGHT, link.weight),
        (_SHARED_COUNT, len(link.shared)),
    )
    shared = ((_SHARED, names.concept(concept)) for concept in link.shared)
    return Node(names.pair("shared", link.left, link.right), (*head, *_ranked(link.rank), *shared))


def _together(pair: ConceptLink, names: Names) -> Node:
    return Node(
        names.pair("together", pair.left, pair.right),
        (
            (_A, _TOGETHER),
            (_BETWEEN, names.concept(pair.left)),
            (_BETWEEN, names.concept(pair.right)),
            (_PAPERS, pair.papers),
            (_WEIGHT, pair.weight),
            *_ranked(pair.rank),
        ),
    )


def _ranked(rank: int) -> tuple[tuple[Iri, int], ...]:
    return ((_RANK, rank),) if rank else ()


def _group(group: Group, names: Names) -> Node:
    members = (*map(names.paper, group.papers), *map(names.concept, group.concepts))
    head = ((_A, _COLLECTION), (_LABEL, fit(group.name)))
    return Node(names.group(group.number), (*head, *((_MEMBER, member) for member in members)))

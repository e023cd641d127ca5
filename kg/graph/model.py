"""The graph as records: what hangs together with what, how strongly, and on which statements' word."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import networkx

    from kg.graph.picture import Picture
    from kg.types import Concept, Paper, Statement
    from kg.vocab import Relation, Role


def paper_key(paper_id: str) -> str:
    """A paper's key among all nodes: a paper and a concept may have equal ids."""
    return f"paper/{paper_id}"


def concept_key(concept_id: str) -> str:
    """A concept's key among all nodes."""
    return f"concept/{concept_id}"


@dataclass(frozen=True, slots=True)
class Edge:
    """What a paper does with a concept.

    `role` is the strongest of its statements' roles, `weight` (0 to 1) how sure and how much it counts,
    `evidence` the statements, those of the edge's own role first, surest first.
    """

    paper_id: str
    concept_id: str
    role: Role
    weight: float
    evidence: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class RelationEdge:
    """What texts say of two concepts; `weight` is the probability that it holds, by all papers that say
    it.
    """

    subject: str
    relation: Relation
    object: str
    weight: float
    evidence: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Share:
    """A concept that two papers share, and its part of the link's weight."""

    concept_id: str
    weight: float


@dataclass(frozen=True, slots=True)
class PaperLink:
    """Two papers' likeness by their concepts, 0 to 1: the sum of its shares, strongest first."""

    left: str
    right: str
    weight: float
    shared: tuple[Share, ...]


@dataclass(frozen=True, slots=True)
class ConceptLink:
    """Two concepts found in `count` papers together; `weight`, 0 to 1, is how far that is beyond chance."""

    left: str
    right: str
    count: int
    weight: float


@dataclass(frozen=True, slots=True)
class Community:
    """Papers that hang together and the concepts that are theirs; `name` is made of the most telling ones."""

    number: int
    name: str
    papers: tuple[str, ...]
    concepts: tuple[str, ...]


@dataclass(frozen=True)
class KnowledgeGraph:
    """Papers and concepts with all that links them; every field is sorted, so equal stores give equal graphs.

    `community` and `importance` (PageRank, sums to 1) are by node key (`paper_key`, `concept_key`), and so is
    `position`, which is made when it is first asked for: it takes longer than all the rest.
    """

    papers: dict[str, Paper]
    concepts: dict[str, Concept]
    edges: tuple[Edge, ...]
    relations: tuple[RelationEdge, ...]
    paper_links: tuple[PaperLink, ...]
    concept_links: tuple[ConceptLink, ...]
    communities: tuple[Community, ...]
    community: dict[str, int]
    importance: dict[str, float]
    picture: Picture = field(compare=False, repr=False)

    @cached_property
    def position(self) -> dict[str, tuple[float, float]]:
        """Where each node stands in a picture: x, y; about one unit between neighbours."""
        return self.picture.positions()

    def edges_of_paper(self, paper_id: str) -> tuple[Edge, ...]:
        """A paper's concepts, strongest first."""
        return self._by_paper.get(paper_id, ())

    def edges_of_concept(self, concept_id: str) -> tuple[Edge, ...]:
        """A concept's papers, strongest first."""
        return self._by_concept.get(concept_id, ())

    def links_of(self, paper_id: str) -> tuple[PaperLink, ...]:
        """A paper's links, strongest first, turned so that the paper is `left`."""
        return self._links.get(paper_id, ())

    def sentence(self, statement: Statement) -> str:
        """The words of a statement's sentence."""
        return self.papers[statement.paper_id].text[statement.start : statement.end]

    def to_networkx(self) -> networkx.Graph:
        """The graph for networkx's algorithms; see `kg.graph.convert`."""
        from kg.graph.convert import to_networkx

        return to_networkx(self)

    @cached_property
    def _by_paper(self) -> dict[str, tuple[Edge, ...]]:
        return _grouped(self.edges, "paper_id")

    @cached_property
    def _by_concept(self) -> dict[str, tuple[Edge, ...]]:
        return _grouped(self.edges, "concept_id")

    @cached_property
    def _links(self) -> dict[str, tuple[PaperLink, ...]]:
        turned = (PaperLink(link.right, link.left, link.weight, link.shared) for link in self.paper_links)
        groups: dict[str, list[PaperLink]] = {}
        for link in (*self.paper_links, *turned):
            groups.setdefault(link.left, []).append(link)
        return {key: tuple(sorted(links, key=_strongest)) for key, links in groups.items()}


def _grouped(edges: tuple[Edge, ...], field: str) -> dict[str, tuple[Edge, ...]]:
    groups: dict[str, list[Edge]] = {}
    for edge in edges:
        groups.setdefault(getattr(edge, field), []).append(edge)
    return {key: tuple(sorted(group, key=lambda edge: -edge.weight)) for key, group in groups.items()}


def _strongest(link: PaperLink) -> tuple[float, str]:
    return -link.weight, link.right

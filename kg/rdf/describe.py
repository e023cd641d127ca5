"""One paper or one concept as RDF, straight from the store."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final

from kg.link import confidence
from kg.rdf.concepts import concept_node
from kg.rdf.papers import paper_nodes
from kg.rdf.statements import Provenance, statement_node
from kg.records import IS_ROLE

if TYPE_CHECKING:
    from kg.rdf.nodes import Node
    from kg.rdf.terms import Names
    from kg.store import Store
    from kg.types import Concept, Paper, Statement

MOST: Final = 1000  # statements about one concept that its description holds


def describe_paper(store: Store, paper: Paper, names: Names) -> list[Node]:
    """The paper's node first, then all that lies within it."""
    statements = list(store.statements("paper_id = ?", (paper.id,)))
    statements.sort(key=lambda s: (s.start, s.end, s.quote_start, s.id))
    return list(paper_nodes(paper, statements, names, _provenance(store, statements, paper.id)))


def describe_concept(store: Store, concept: Concept, names: Names) -> list[Node]:
    """The concept's node first, then the statements about it, the first `MOST` of them."""
    about = store.statements(f"object = ? OR (subject = ? AND NOT {IS_ROLE})", (concept.id, concept.id))
    statements = list(islice(about, MOST))
    relations = {(s.predicate, s.object) for s in statements if s.subject == concept.id and not s.about_paper}
    count = next(store.query(_PAPERS, (concept.id,)))[0]
    made = _provenance(store, statements, "")
    nodes = [statement_node(statement, names, made) for statement in statements]
    return [concept_node(concept, sorted(relations), count, names), *nodes]


def _provenance(store: Store, statements: list[Statement], paper_id: str) -> Provenance:
    triples = {(s.subject, s.predicate, s.object) for s in statements}
    support = {triple: next(store.query(_SUPPORT, triple))[0] for triple in triples}
    read = next(store.query("SELECT fingerprint FROM extracted WHERE paper_id = ?", (paper_id,)), ("",))
    several = (triple for triple, count in support.items() if count > 1)
    return Provenance(read[0], support, shared=confidence.shared(store, several))


_SUPPORT: Final = "SELECT count(*) FROM statements WHERE subject = ? AND predicate = ? AND object = ?"
_PAPERS: Final = f"SELECT count(DISTINCT paper_id) FROM statements WHERE object = ? AND {IS_ROLE}"

"""One paper or one concept as RDF, straight from the store."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final, NamedTuple

from kg.link import confidence
from kg.rdf.concepts import concept_node
from kg.rdf.papers import paper_nodes
from kg.rdf.statements import Provenance, statement_node
from kg.records import ABOUT_CONCEPT, IS_ROLE

if TYPE_CHECKING:
    from kg.rdf.nodes import Node
    from kg.rdf.terms import Names
    from kg.store import Store
    from kg.types import Concept, Paper, Statement

MOST: Final = 1000  # statements that a description holds, the surest


class Description(NamedTuple):
    """What is said of one thing, its own node first, and how many statements are left out."""

    nodes: list[Node]
    left_out: int


def describe_paper(store: Store, paper: Paper, names: Names) -> Description:
    """The paper's node first, then what lies within it."""
    statements, left_out = store.surest("paper_id = ?", (paper.id,), MOST)
    statements.sort(key=lambda s: (s.start, s.end, s.quote_start, s.id))
    made = _provenance(store, statements, paper.id)
    return Description(list(paper_nodes(paper, statements, names, made)), left_out)


def describe_concept(store: Store, concept: Concept, names: Names) -> Description:
    """The concept's node first, then the statements about it."""
    statements, left_out = store.surest(ABOUT_CONCEPT, (concept.id, concept.id), MOST)
    relations = {(s.predicate, s.object) for s in statements if s.subject == concept.id and not s.about_paper}
    count = next(store.query(_PAPERS, (concept.id,)))[0]
    made = _provenance(store, statements, "")
    nodes = [statement_node(statement, names, made) for statement in statements]
    return Description([concept_node(concept, sorted(relations), count, names), *nodes], left_out)


def _provenance(store: Store, statements: list[Statement], paper_id: str) -> Provenance:
    triples = {(s.subject, s.predicate, s.object) for s in statements}
    subjects = json.dumps(sorted({subject for subject, _, _ in triples}))
    counted = {(s, p, o): count for s, p, o, count in store.query(_SUPPORT, (subjects,))}
    support = {triple: counted[triple] for triple in triples}
    read = next(store.query("SELECT fingerprint FROM extracted WHERE paper_id = ?", (paper_id,)), ("",))
    several = (triple for triple, count in support.items() if count > 1)
    return Provenance(read[0], support, shared=confidence.shared(store, several))


_SUPPORT: Final = (
    "SELECT subject, predicate, object, count(*) FROM statements"
    " WHERE subject IN (SELECT value FROM json_each(?)) GROUP BY 1, 2, 3"
)
_PAPERS: Final = f"SELECT count(DISTINCT paper_id) FROM statements WHERE object = ? AND {IS_ROLE}"

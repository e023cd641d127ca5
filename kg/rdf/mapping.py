"""The store as a stream of nodes: every subject once, in an order for readers, one paper at a time."""

from __future__ import annotations

from itertools import chain, groupby
from typing import TYPE_CHECKING, Any, Final

from kg import records
from kg.link import confidence
from kg.rdf.concepts import concept_node
from kg.rdf.decisions import decision_nodes
from kg.rdf.links import Links, concept_link_node, group_node, link_nodes, paper_link_node
from kg.rdf.nodes import Node, node
from kg.rdf.papers import paper_nodes
from kg.rdf.statements import Provenance, statement_node
from kg.rdf.terms import Iri, Names, fit, term
from kg.version import VERSION
from kg.vocab import RELATIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from kg.store import Store
    from kg.types import Paper

_A: Final = term("rdf:type")
_LABEL: Final = term("rdfs:label")
_STATEMENTS: Final = f'{records.STATEMENTS.select()} ORDER BY paper_id, start, "end", quote_start, id'
_READ: Final = "(SELECT fingerprint FROM extracted WHERE extracted.paper_id = statements.paper_id)"
_BY_ID: Final = f"{records.STATEMENTS.select().replace(' FROM ', f', {_READ} FROM ', 1)} ORDER BY id"
_RELATED: Final = (
    "SELECT DISTINCT subject, predicate, object FROM statements"
    f" WHERE NOT {records.IS_ROLE} ORDER BY subject, predicate, object"
)
_COUNTED: Final = (
    f"SELECT object, count(DISTINCT paper_id) FROM statements WHERE {records.IS_ROLE}"
    " GROUP BY object ORDER BY object"
)
_SUPPORT: Final = (
    "SELECT subject, predicate, object, count(*) FROM statements"
    " GROUP BY subject, predicate, object HAVING count(*) > 1"
)
_RELATION_RANK: Final = {str(relation): rank for rank, relation in enumerate(RELATIONS)}


def nodes(
    store: Store, base: str, title: str, links: Links | None = None, *, triple_terms: bool = False
) -> Iterator[Node]:
    """All that the store holds, as RDF under the base IRI: the data set, its papers, concepts and links.

    With `triple_terms` a statement reifies an RDF 1.2 triple term in place of having subject, predicate and
    object.
    """
    names = Names(base)
    return chain(
        dataset_nodes(store, title, names),
        chain.from_iterable(paper_frames(store, names, triple_terms=triple_terms)),
        concept_nodes(store, names),
        link_nodes(links or Links(), names),
    )


def by_subject(store: Store, base: str, title: str, links: Links | None = None) -> Iterator[Node]:
    """The same nodes nearly in the order of their IRIs, for a writer that sorts them."""
    names, linked = Names(base), links or Links()
    return chain(
        dataset_nodes(store, title, names),
        (group_node(group, names) for group in linked.groups),
        concept_nodes(store, names),
        chain.from_iterable(paper_frames(store, names, statements=False)),
        (paper_link_node(link, names) for link in linked.papers),
        statements_by_id(store, names),
        (concept_link_node(link, names) for link in linked.concepts),
    )


def frames(store: Store, base: str, title: str, links: Links | None = None) -> Iterator[list[Node]]:
    """The same nodes in groups: a paper with all that lies within it, and each other node by itself."""
    names = Names(base)
    yield from ([one] for one in dataset_nodes(store, title, names))
    yield from paper_frames(store, names)
    yield from ([one] for one in concept_nodes(store, names))
    yield from ([one] for one in link_nodes(links or Links(), names))


def dataset_nodes(store: Store, title: str, names: Names) -> Iterator[Node]:
    """The data set, the files it was read from, what read them, and who decided about names."""
    scheme = ((_A, term(kind)) for kind in ("void:Dataset", "dcat:Dataset", "skos:ConceptScheme"))
    yield node(names.dataset, (*scheme, (term("dcterms:title"), fit(title))))
    software = Iri(names.base + "software")
    agent = (_A, term("prov:SoftwareAgent"))
    version = (term("schema:softwareVersion"), VERSION)
    yield node(software, (agent, (_LABEL, "paperkg"), version))
    for (origin,) in store.query("SELECT DISTINCT origin FROM statements ORDER BY origin"):
        made = (term("prov:actedOnBehalfOf"), software)
        yield node(names.origin(origin), (agent, (_LABEL, fit(origin)), made))
    for (fingerprint,) in store.query("SELECT DISTINCT fingerprint FROM extracted ORDER BY fingerprint"):
        label = (_LABEL, f"reading by the extractor {fit(fingerprint)}")
        by = (term("prov:wasAssociatedWith"), software)
        yield node(names.activity(fingerprint), ((_A, term("prov:Activity")), label, by))
    yield from decision_nodes(store, names)
    for source in sources(store):
        yield node(names.source(source), ((_A, term("prov:Entity")), (_LABEL, fit(source))))


def sources(store: Store) -> list[str]:
    """The names of the files that the papers were read from, sorted."""
    rows = store.query("SELECT DISTINCT value FROM papers, json_each(papers.sources) ORDER BY value")
    return [str(source) for (source,) in rows]


def paper_frames(
    store: Store,
    names: Names,
    source: str | None = None,
    *,
    statements: bool = True,
    triple_terms: bool = False,
) -> Iterator[list[Node]]:
    """The nodes of each paper, the paper's own first; of all papers or of one source's ("": of no source).

    Without `statements`, all but these.
    """
    made = _provenance(store, triple_terms=triple_terms) if statements else None
    said = Follower(map(records.STATEMENTS.decode, store.query(_STATEMENTS)), lambda s: s.paper_id)
    extracted = Follower(store.extracted(), lambda row: row[0])
    for paper in _papers(store, source):
        read = extracted.take(paper.id)
        by = made and made._replace(activity=read[0][2] if read else "")
        yield list(paper_nodes(paper, said.take(paper.id), names, by))


def statements_by_id(store: Store, names: Names) -> Iterator[Node]:
    made = _provenance(store)
    for *row, fingerprint in store.query(_BY_ID):
        statement = records.STATEMENTS.decode(tuple(row))
        yield statement_node(statement, names, made._replace(activity=fingerprint or ""))


def _provenance(store: Store, *, triple_terms: bool = False) -> Provenance:
    """What is known of all statements, but for who read the paper."""
    support = {(s, p, o): count for s, p, o, count in store.query(_SUPPORT)}
    return Provenance("", support, triple_terms, confidence.shared(store))


def _papers(store: Store, source: str | None) -> Iterator[Paper]:
    if source is None:
        return store.papers()
    listed = "(SELECT 1 FROM json_each(papers.sources) WHERE value = ?)"
    condition = f"EXISTS {listed}" if source else "sources = json_array() OR ? <> ''"
    rows = store.query(f"{records.PAPERS.select()} WHERE {condition} ORDER BY id", (source,))
    return map(records.PAPERS.decode, rows)


def concept_nodes(store: Store, names: Names) -> Iterator[Node]:
    related = Follower(store.query(_RELATED), lambda row: row[0])
    counted = Follower(store.query(_COUNTED), lambda row: row[0])
    for concept in store.concepts():
        relations = sorted(((p, o) for _, p, o in related.take(concept.id)), key=_relation_order)
        count = counted.take(concept.id)
        yield concept_node(concept, relations, count[0][1] if count else 0, names)


def _relation_order(relation: tuple[str, str]) -> tuple[int, str]:
    return _RELATION_RANK[relation[0]], relation[1]


class Follower:
    """Rows sorted by key, taken a key at a time beside another sorted stream: a merge join."""

    def __init__(self, rows: Iterable[Any], key: Callable[[Any], str]) -> None:
        self._groups = groupby(rows, key)
        self._next = next(self._groups, None)

    def take(self, key: str) -> list[Any]:
        """The rows of a key; keys must be asked for in ascending order, rows of keys passed over are left."""
        while self._next is not None and self._next[0] < key:
            self._next = next(self._groups, None)
        if self._next is None or self._next[0] != key:
            return []
        rows = list(self._next[1])
        self._next = next(self._groups, None)
        return rows

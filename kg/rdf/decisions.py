"""People's decisions about names as RDF: who decided what, when and why, and which concepts it made so."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from kg.ids import digest
from kg.rdf.nodes import node
from kg.rdf.terms import Iri, Names, fit, term

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.rdf.nodes import Node
    from kg.rdf.terms import Value
    from kg.store import Store

_A: Final = term("rdf:type")
_DECISION: Final = term("kg:Decision")
_PERSON: Final = term("prov:Person")
_VERDICT: Final = term("kg:verdict")
_NAME: Final = term("kg:decidedName")
_VALUE: Final = term("kg:decidedValue")
_WHEN: Final = term("dcterms:date")
_WHY: Final = term("rdfs:comment")
_BY: Final = term("prov:wasAssociatedWith")
_INFLUENCED: Final = term("prov:influenced")
_CALLED: Final = term("foaf:name")


def decision_nodes(store: Store, names: Names) -> Iterator[Node]:
    """The decisions that the last linking obeyed, in the order of the curation file, and the people."""
    told: list[dict[str, Any]] = json.loads(store.get_meta("decisions") or "[]")
    unique = {_key(decision["judgement"]): decision for decision in told}
    for person in sorted({decision["judgement"]["by"] for decision in told} - {""}):
        yield node(_person(names, person), ((_A, _PERSON), (_CALLED, fit(person))))
    for key, decision in unique.items():
        yield node(Iri(f"{names.base}decision/{key}"), _described(decision, names))


def _key(judgement: dict[str, Any]) -> str:
    return digest(*(judgement[field] for field in ("left", "right", "verdict", "by", "at")))


def _person(names: Names, name: str) -> Iri:
    return Iri(f"{names.base}person/{digest(name)}")


def _described(decision: dict[str, Any], names: Names) -> Iterator[tuple[Iri, Value]]:
    judgement = decision["judgement"]
    yield _A, _DECISION
    yield _VERDICT, fit(judgement["verdict"])
    yield _NAME, fit(judgement["left"])
    for predicate, field in ((_VALUE, "right"), (_WHEN, "at"), (_WHY, "why")):
        if judgement[field]:
            yield predicate, fit(judgement[field])
    if judgement["by"]:
        yield _BY, _person(names, judgement["by"])
    yield from ((_INFLUENCED, names.concept(concept)) for concept in sorted(set(decision["concepts"])))

"""What there is to say of one paper or concept, with its evidence, as plain data for the terminal and for
programs.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from kg.link import confidence
from kg.records import IS_ROLE
from kg.types import Concept, Issue, Paper, Statement
from kg.vocab import ROLES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kg.store import Store

_RANK: Final = {str(role): rank for rank, role in enumerate(ROLES)}
_NARROWER: Final = (
    "SELECT DISTINCT name FROM concepts, json_each(concepts.broader) WHERE json_each.value = ? ORDER BY name"
)
_ABOUT: Final = f"object = ? OR (subject = ? AND NOT {IS_ROLE})"
_SAME: Final = "subject = ? AND predicate = ? AND object = ?"
TOP: Final = 10  # commonest concepts that the statistics name


def show_paper(store: Store, paper: Paper) -> dict[str, Any]:
    """A paper's fields, its concepts by role, and what it says of two concepts, each with the surest of the
    sentences that say it.
    """
    said = list(store.statements("paper_id = ?", (paper.id,)))
    names = _named(store, said)
    roles, relations = _split(said)
    sure = _support(item for each in relations for item in store.statements(_SAME, _triple(each)))
    fields = (
        "id",
        "title",
        "authors",
        "venue",
        "track",
        "repository",
        "year",
        "listed_by",
        "url",
        "doi",
        "arxiv_id",
    )
    return {
        "kind": "paper",
        **{name: value for name in fields if (value := getattr(paper, name))},
        "abstract": paper.abstract,
        "concepts": [_evidence(item, paper, names[item.object]) | {"role": item.predicate} for item in roles],
        "relations": [
            {"subject": names[item.subject].name, "relation": item.predicate}
            | _evidence(item, paper, names[item.object])
            | sure[_triple(item)]
            for item in relations
        ],
    }


def show_concept(store: Store, concept: Concept) -> dict[str, Any]:
    """A concept's names, place in the hierarchy, and the papers that speak of it, each with its surest
    sentence.
    """
    about = list(store.statements(_ABOUT, (concept.id, concept.id)))
    papers = {id_: paper for id_ in {item.paper_id for item in about} if (paper := store.paper(id_))}
    names = _named(store, about, *concept.broader)
    roles, relations = _split(about)
    sure = _support(item for item in about if not item.about_paper)
    return {
        "kind": "concept",
        "id": concept.id,
        "name": concept.name,
        "type": str(concept.type),
        "definition": concept.definition,
        "aliases": list(concept.aliases),
        "broader": [names[id_].name for id_ in concept.broader if id_ in names],
        "narrower": [name for (name,) in store.query(_NARROWER, (concept.id,))],
        "same_as": list(concept.same_as),
        "see_also": list(concept.see_also),
        "papers": [
            {"role": item.predicate, "id": item.paper_id, "title": papers[item.paper_id].title}
            | _quote(item, papers[item.paper_id])
            for item in roles
        ],
        "relations": [
            {"subject": names[item.subject].name, "relation": item.predicate, "paper": item.paper_id}
            | _evidence(item, papers[item.paper_id], names[item.object])
            | sure[_triple(item)]
            for item in relations
        ],
    }


def _named(store: Store, statements: Iterable[Statement], *more: str) -> dict[str, Concept]:
    """The concepts that statements are about, by id, and some more."""
    wanted = {id_ for item in statements for id_ in (item.subject, item.object)} | set(more)
    return {id_: concept for id_ in sorted(wanted) if (concept := store.concept(id_))}


def _split(statements: Iterable[Statement]) -> tuple[list[Statement], list[Statement]]:
    """Statements about papers, by role and place, and those between concepts; of those in which one paper
    says the same with several names, the surest.
    """
    best: dict[tuple[str, ...], Statement] = {}
    for item in sorted(statements, key=lambda item: (-item.score, item.start, item.quote_start, item.id)):
        best.setdefault((item.paper_id, *_triple(item)), item)
    ordered = sorted(best.values(), key=lambda item: (item.paper_id, item.start, item.quote_start, item.id))
    roles = [item for item in ordered if item.about_paper]
    relations = [item for item in ordered if not item.about_paper]
    return sorted(roles, key=lambda item: _RANK[item.predicate]), relations


def _triple(item: Statement) -> tuple[str, str, str]:
    return item.subject, item.predicate, item.object


def _support(statements: Iterable[Statement]) -> dict[tuple[str, ...], dict[str, Any]]:
    """By triple: how many papers say it, and how sure it is by all of them."""
    scores: dict[tuple[str, ...], dict[str, float]] = {}
    for item in statements:
        papers = scores.setdefault(_triple(item), {})
        papers[item.paper_id] = max(item.score, papers.get(item.paper_id, 0.0))
    return {
        triple: {"support": len(papers), "confidence": confidence.triple(list(papers.values()))}
        for triple, papers in scores.items()
    }


def _evidence(item: Statement, paper: Paper, concept: Concept) -> dict[str, Any]:
    return {"name": concept.name, "type": str(concept.type), "id": concept.id} | _quote(item, paper)


def _quote(item: Statement, paper: Paper) -> dict[str, Any]:
    return {
        "sentence": paper.text[item.start : item.end],
        "quote": paper.text[item.quote_start : item.quote_end],
        "start": item.quote_start,
        "end": item.quote_end,
        "score": item.score,
    }


def stats(store: Store) -> dict[str, Any]:
    """Counts of papers, concepts that they name by type, statements by predicate, and the concepts in most
    papers; `broader_concepts` are those that no paper names, there for the hierarchy.
    """
    concepts = {concept.id: concept for concept in store.concepts()}
    used = store.papers_per_concept()
    predicates = store.query(
        "SELECT predicate, count(*) FROM statements GROUP BY predicate ORDER BY 2 DESC, 1"
    )
    top = sorted(used, key=lambda id_: (-used[id_], id_))[:TOP]
    return {
        "papers": store.count(Paper),
        "concepts": len(used),
        "broader_concepts": len(concepts) - len(used),
        "shared_concepts": sum(count > 1 for count in used.values()),
        "statements": store.count(Statement),
        "issues": store.count(Issue),
        "types": dict(sorted(Counter(str(concepts[id_].type) for id_ in used).items())),
        "predicates": dict(predicates),
        "commonest": [{"name": concepts[id_].name, "id": id_, "papers": used[id_]} for id_ in top],
    }

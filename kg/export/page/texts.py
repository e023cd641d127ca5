"""The papers' texts with what points into them, in packs that the page opens when a paper is looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from kg.export.page.blocks import block
from kg.export.page.tables import edges_of, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kg.export.page.tables import Rows
    from kg.graph import KnowledgeGraph
    from kg.store import Store
    from kg.types import Mention, Statement

PACK: Final = 200  # papers


def packs(
    store: Store, graph: KnowledgeGraph, known: Rows, order: Sequence[str], budget: int
) -> Iterator[tuple[str, list[int]]]:
    """Data blocks of PACK papers each, in the given order of paper ids, with the rows of their papers, until
    the budget (characters) is spent.
    """
    said = _relations(graph)
    for number, start in enumerate(range(0, len(order), PACK)):
        batch = order[start : start + PACK]
        texts = [_text(store, graph, known, paper, said.get(paper, [])) for paper in batch]
        pack = block(f"texts-{number}", texts)
        budget -= len(pack)
        if budget < 0:
            return
        yield pack, [known.papers[paper] for paper in batch]


def _relations(graph: KnowledgeGraph) -> dict[str, list[Statement]]:
    """The statements about two concepts, by the paper that makes them."""
    said: dict[str, list[Statement]] = {}
    for relation in graph.relations:
        for statement in relation.evidence:
            said.setdefault(statement.paper_id, []).append(statement)
    return said


def _text(
    store: Store, graph: KnowledgeGraph, known: Rows, paper: str, relations: list[Statement]
) -> dict[str, Any]:
    edges = edges_of(graph, paper, known)
    return text_of(graph.papers[paper], edges, _mentions(store, paper), relations, known)


def _mentions(store: Store, paper: str) -> list[tuple[Mention, str]]:
    """A paper's mentions with the ids of their concepts; those without one (blocked) are left out."""
    ids = (f"{paper}#char=", f"{paper}#char>")  # the ids between the two: > is the character after =
    concepts = dict(
        store.query("SELECT mention_id, concept_id FROM links WHERE mention_id >= ? AND mention_id < ?", ids)
    )
    return [(mention, concepts[mention.id]) for mention in store.mentions(paper) if mention.id in concepts]

"""Concepts as rows of the store: which are above which, and only what has changed is written."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from kg.link import hierarchy, tables
from kg.link.groups import above
from kg.types import Concept
from kg.vocab import ConceptType

if TYPE_CHECKING:
    from kg.link.groups import Changed, Groups
    from kg.store import Store


def write_concepts(groups: Groups, changed: Changed) -> None:
    """Bring the store's concepts up to date with the sets that changed."""
    store = groups.store
    _note_names(store, changed)
    broader = _broader(groups)

    def known(id_: str) -> Concept:
        concept = store.concept(id_)
        assert concept is not None
        return concept

    new = {
        id_: replace(changed.made[head] if head in changed.made else known(changed.before[head]), id=id_)
        for head, id_ in changed.after.items()
    }
    said = dict(store.query("SELECT id, broader FROM concepts WHERE broader <> '[]'"))
    gone = set(changed.before.values()) - new.keys()
    for id_ in (said.keys() | broader.keys()) - new.keys() - gone:
        if json.loads(said.get(id_, "[]")) != list(broader.get(id_, ())):
            new[id_] = known(id_)
    store.update(Concept, (replace(c, broader=broader.get(id_, ())) for id_, c in new.items()), gone)


def _note_names(store: Store, changed: Changed) -> None:
    """Keep what the names of models say that they come from."""
    gone = changed.before.keys() - changed.after.keys()
    tables.remove(store, "link_above", "head", gone | changed.made.keys())
    rows = (
        (head, rank, key)
        for head, concept in changed.made.items()
        if concept.type is ConceptType.MODEL
        for rank, key in enumerate(hierarchy.above_keys(concept.name))
    )
    tables.put(store, "link_above", rows)


_CANDIDATES = """SELECT a.head, a.key, coalesce(s.head, a.key) FROM link_above a
    LEFT JOIN link_sets s ON s.key = a.key ORDER BY a.head, a.rank"""


def _broader(groups: Groups) -> dict[str, tuple[str, ...]]:
    """The ids above each concept's: a person's word first, then the vocabulary's, then models' names."""
    store, find = groups.store, groups.sets.find
    models = dict(store.query("SELECT head, folded FROM link_groups WHERE type = 'Model'"))
    pairs = [(find(low), find(high)) for low, high in groups.replay.broader]
    pairs += above(groups.vocabulary, groups.sets.anchors())
    pairs += hierarchy.families(store.query(_CANDIDATES), models)
    ids = {
        head: row.id for head, row in groups.rows("head", {head for pair in pairs for head in pair}).items()
    }
    known = (pair for pair in pairs if pair[0] != pair[1] and {*pair} <= ids.keys())
    found = hierarchy.without_rings(known)
    return {ids[low]: tuple(sorted(ids[high] for high in highs)) for low, highs in found.items()}

"""What a built graph knows of some names: which concepts have them, and how papers use them."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from kg.link.usage import Name, collect, name_key
from kg.link.within import full_names
from kg.types import Mention
from kg.vocab import ConceptType

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kg.store import Store

_TYPES = {str(each): each for each in ConceptType}
_ROWS = """SELECT m.paper_id, m.start, m."end", m.text, m.name, m.type, m.origin, m.score, l.concept_id
    FROM mentions m LEFT JOIN links l ON l.mention_id = m.id
    WHERE m.text IN (SELECT value FROM json_each(?1)) OR m.name IN (SELECT value FROM json_each(?1))
    ORDER BY m.paper_id, m.start, m."end\""""


@dataclass(frozen=True, slots=True)
class Known:
    """Names by key as the papers use them; by key of a form, the concepts that it stands for and in how many
    mentions; and, by pair of form and name key, the papers in which that form stands for that name.
    """

    names: dict[str, Name] = field(default_factory=dict)
    concepts: dict[str, dict[str, int]] = field(default_factory=dict)
    papers: dict[tuple[str, str], list[str]] = field(default_factory=dict)

    def concept(self, text: str) -> str:
        """The concept that a form stands for in most mentions, or the empty string."""
        found = self.concepts.get(name_key(text), {})
        return min(found, key=lambda concept: (-found[concept], concept), default="")


def look_up(store: Store, texts: Iterable[str]) -> Known:
    """What the store's papers show of some names, in any of their spellings."""
    keys = {name_key(text) for text in texts}
    spellings = sorted(_spellings(store, keys))
    found: dict[str, dict[str, int]] = {}
    papers: dict[tuple[str, str], list[str]] = {}
    mentions = []
    for row in store.query(_ROWS, (_json(spellings),)):
        mention = Mention(row[0], row[1], row[2], row[3], row[4], _TYPES[row[5]], row[6], row[7])
        mentions.append(mention)
        form, name = name_key(mention.text), name_key(mention.name)
        if row[8] and form in keys:
            counts = found.setdefault(form, {})
            counts[row[8]] = counts.get(row[8], 0) + 1
        _note(papers, (form, name), mention.paper_id)
    for paper_id, own in groupby(mentions, key=attrgetter("paper_id")):
        for short, full in full_names(list(own)).items():
            _note(papers, (name_key(short), name_key(full)), paper_id)
    return Known(collect(mentions).names, found, papers)


def _note(papers: dict[tuple[str, str], list[str]], pair: tuple[str, str], paper_id: str) -> None:
    seen = papers.setdefault(pair, [])
    if paper_id not in seen[-1:]:
        seen.append(paper_id)


def _spellings(store: Store, keys: set[str]) -> set[str]:
    """All texts and names of mentions that have one of the keys."""
    rows = store.query("SELECT DISTINCT text FROM mentions UNION SELECT DISTINCT name FROM mentions")
    return {text for (text,) in rows if name_key(text) in keys}


def _json(values: list[Any]) -> str:
    import json

    return json.dumps(values)

"""A read Doc as our types, and an extraction as the annotation guidelines' JSON object."""

from __future__ import annotations

from bisect import bisect_right
from itertools import chain
from typing import TYPE_CHECKING, Any

from kg.extract.concepts import TextConcept, concepts
from kg.extract.context import context
from kg.extract.relations import TextRelation, relations
from kg.extract.roles import Reading, roles
from kg.types import Claim, Extraction, Mention, Paper
from kg.vocab import Role

if TYPE_CHECKING:
    from collections.abc import Mapping

    from spacy.tokens import Doc


def extraction(paper: Paper, doc: Doc, offset: int = 0) -> Extraction:
    """The mentions and claims that the components have put on a Doc, sorted by place.

    The Doc's text begins `offset` characters into the paper's.
    """
    where = context(doc)
    ends = (where.bounds(number) for number in range(len(where.sentences)))
    bounds = [(start + offset, end + offset) for start, end in ends]
    found = concepts(doc)
    text = paper.text
    mentions = [_mentions(paper.id, text, one, offset) for one in found]
    claims = [
        _role(paper, mentions[i][reading.place], reading, bounds) for i, reading in enumerate(roles(doc))
    ] + [_relation(paper, mentions, relation, bounds, offset) for relation in relations(doc)]
    flat = {(each.start, each.end): each for each in chain.from_iterable(mentions)}
    return Extraction(
        paper.id,
        tuple(flat[place] for place in sorted(flat)),
        tuple(sorted(claims, key=lambda c: (c.start, c.object, c.subject, c.predicate))),
    )


def _mentions(paper_id: str, text: str, one: TextConcept, offset: int) -> list[Mention]:
    """A mention for each place; a repeat is as sure as its concept."""
    places = [(place.start + offset, place.end + offset, place.origin) for place in one.places]
    score = round(one.score, 4)
    return [
        Mention(paper_id, start, end, text[start:end], one.name, one.type, origin, score)
        for start, end, origin in places
    ]


def _sentence(bounds: list[tuple[int, int]], place: int) -> tuple[int, int]:
    """The sentence that holds a place."""
    return bounds[bisect_right(bounds, (place, 1 << 60)) - 1]


def _role(paper: Paper, mention: Mention, reading: Reading, bounds: list[tuple[int, int]]) -> Claim:
    start, end = _sentence(bounds, mention.start)
    score = round(mention.score * reading.probabilities[reading.best], 4)
    return Claim(paper.id, "", str(reading.role), mention.id, start, max(end, mention.end), "roles", score)


def _relation(
    paper: Paper,
    mentions: list[list[Mention]],
    relation: TextRelation,
    bounds: list[tuple[int, int]],
    offset: int,
) -> Claim:
    """The claim, about the mentions that stand in or nearest to its sentence."""
    place = relation.place + offset
    start, end = _sentence(bounds, place)
    subject, object_ = (
        min(mentions[i], key=lambda m: (not start <= m.start < end, abs(m.start - place)))
        for i in (relation.subject, relation.object)
    )
    return Claim(
        paper.id,
        subject.id,
        str(relation.relation),
        object_.id,
        start,
        end,
        "relations",
        round(relation.score, 4),
    )


def to_record(paper: Paper, found: Extraction) -> dict[str, Any]:
    """An extraction in the format of the annotation guidelines, with offsets and scores beside it.

    `score.py` and `kg evaluate` read it as it is: unknown keys are nothing to them.
    """
    by_name: dict[tuple[str, str], list[Mention]] = {}
    for mention in found.mentions:
        by_name.setdefault((mention.name, str(mention.type)), []).append(mention)
    names = {m.id: m.name for m in found.mentions}
    claimed = {names[c.object]: c for c in found.claims if not c.subject}
    return {
        "id": paper.id,
        "concepts": [
            _concept(name, type_, mentions, claimed.get(name)) for (name, type_), mentions in by_name.items()
        ],
        "relations": [[names[c.subject], c.predicate, names[c.object]] for c in found.claims if c.subject],
        "relation_evidence": [
            {"start": c.start, "end": c.end, "score": c.score} for c in found.claims if c.subject
        ],
    }


def _concept(name: str, type_: str, mentions: list[Mention], claim: Claim | None) -> Mapping[str, Any]:
    return {
        "name": name,
        "type": type_,
        "role": claim.predicate if claim else str(Role.MENTIONS),
        "mentions": list(dict.fromkeys(mention.text for mention in mentions)),
        "score": mentions[0].score,
        "role_score": claim.score if claim else 0.0,
        "offsets": [{"start": m.start, "end": m.end, "origin": m.origin, "score": m.score} for m in mentions],
    }

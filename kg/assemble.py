"""Claims and links become statements: the only place where mention ids turn into concept ids."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kg.ids import digest
from kg.types import Claim, Link, Statement

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_PLACE = re.compile(r"#char=(\d+),(\d+)$")


def assemble(claims: Iterable[Claim], links: Mapping[str, Link]) -> Iterator[Statement]:
    """Statements for the claims whose mentions are all linked, in the claims' order.

    A claim with a mention that has no link (a blocked concept) says nothing any more; so does a relation
    whose two ends have become one concept. A statement's score is the claim's times its links'.
    """
    for claim in claims:
        object_ = links.get(claim.object)
        subject = links.get(claim.subject) if claim.subject else None
        if object_ is None or (
            claim.subject and (subject is None or subject.concept_id == object_.concept_id)
        ):
            continue
        yield _statement(claim, subject, object_)


def _statement(claim: Claim, subject: Link | None, object_: Link) -> Statement:
    about = subject.concept_id if subject else claim.paper_id
    score = claim.score * object_.score * (subject.score if subject else 1.0)
    begin, end = place(claim.object)
    return Statement(
        id=digest(claim.id, about, object_.concept_id),
        subject=about,
        predicate=claim.predicate,
        object=object_.concept_id,
        paper_id=claim.paper_id,
        start=claim.start,
        end=claim.end,
        quote_start=begin,
        quote_end=end,
        origin=claim.origin,
        score=round(score, 4),
    )


def place(mention_id: str) -> tuple[int, int]:
    """Begin and end of the mention in its paper's text, read from its id."""
    match = _PLACE.search(mention_id)
    if match is None:
        raise ValueError(f"not a mention's id: {mention_id!r}")
    return int(match.group(1)), int(match.group(2))

"""Texts far longer than any abstract, read a portion at a time, so that memory doesn't grow with them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from kg.types import Extraction

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kg.types import Claim, Mention
    from kg.vocab import ConceptType

LONGEST: Final = 100_000  # characters that are read as one text


def portions(text: str) -> Iterator[tuple[int, str]]:
    """(offset, portion) of a long text, cut at the end of a sentence or a word where there is one.

    All but the first begin with a line's end: an empty title. A portion's place p is the text's p + offset.
    """
    stop = _stop(text, 0)
    yield 0, text[:stop]
    while stop < len(text):
        start, stop = stop, _stop(text, stop)
        yield start - 1, "\n" + text[start:stop]


def _stop(text: str, start: int) -> int:
    """The end of the portion that begins at `start`."""
    end = start + LONGEST
    if end >= len(text):
        return len(text)
    for sign in (". ", " "):
        found = text.rfind(sign, start + LONGEST // 2, end)
        if found >= 0:
            return found + len(sign)
    return end


def joined(parts: Sequence[Extraction]) -> Extraction:
    """What was read in the portions of one paper, as of one text: each concept has one type and one role,
    the surest.
    """
    mentions = _of_one_type([mention for part in parts for mention in part.mentions])
    names = {mention.id: mention.name for mention in mentions}
    claims = [claim for part in parts for claim in part.claims]
    roles: dict[str, Claim] = {}
    for claim in sorted((each for each in claims if not each.subject), key=lambda each: -each.score):
        roles.setdefault(names[claim.object], claim)
    said = [*roles.values(), *(claim for claim in claims if claim.subject)]
    said.sort(key=lambda each: (each.start, each.object, each.subject, each.predicate))
    return Extraction(parts[0].paper_id, tuple(mentions), tuple(said))


def _of_one_type(mentions: Sequence[Mention]) -> list[Mention]:
    """The mentions, those of one name with the type that their scores speak for."""
    votes: defaultdict[str, defaultdict[ConceptType, float]] = defaultdict(lambda: defaultdict(float))
    for each in mentions:
        votes[each.name][each.type] += each.score
    types = {name: min(found, key=lambda kind: (-found[kind], kind)) for name, found in votes.items()}
    return [
        each if each.type is types[each.name] else replace(each, type=types[each.name]) for each in mentions
    ]

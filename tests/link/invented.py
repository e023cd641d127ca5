"""Mentions made by hand: (paper, name, type, surface forms)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.types import Mention
from kg.vocab import ConceptType

if TYPE_CHECKING:
    from collections.abc import Iterable

TYPES = {str(each): each for each in ConceptType}


def mentions(rows: Iterable[tuple[str, str, str, tuple[str, ...]]]) -> list[Mention]:
    """Mentions one after the other in each paper; without forms, the name is the form."""
    made: list[Mention] = []
    place: dict[str, int] = {}
    for paper, name, type_, forms in sorted(rows):
        for form in forms or (name,):
            start = place.get(paper, 0)
            place[paper] = start + len(form) + 1
            made.append(Mention(paper, start, start + len(form), form, name, TYPES[type_], "hand", 0.9))
    return made


def uses(
    name: str, type_: str, *forms: str, papers: int = 1, first: int = 0
) -> list[tuple[str, str, str, tuple[str, ...]]]:
    """A name used in some papers."""
    return [(f"p{number:03}", name, type_, forms) for number in range(first, first + papers)]

"""What is more general than what: by the vocabulary, by a person, and by the names of models."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kg.link import family
from kg.link.forms import is_proper
from kg.link.usage import name_key
from kg.vocab import ConceptType

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from kg.types import Concept

_PARTS = re.compile(r"[\s\-]+")


def families(concepts: Mapping[str, Concept], find: Callable[[str], str]) -> Iterator[tuple[str, str]]:
    """(group, broader group) of models whose names say what they come from: a release (`Llama 2`, LLaMA), a
    derived model (`Code Llama`, `Flan-T5`), a kind (`vision transformer`); whatever the capitals.
    """
    models = {group: concept.name for group, concept in concepts.items() if concept.type is ConceptType.MODEL}
    named = {name_key(name).casefold(): group for group, name in sorted(models.items(), reverse=True)}
    for group, name in models.items():
        for above in _above(name):
            key = name_key(above)
            other = next(
                (each for each in (find(key), named.get(key.casefold(), "")) if each in models), group
            )
            if other != group:
                yield group, other
                break


def _above(name: str) -> Iterator[str]:
    """Names of what a model's name says it comes from, nearest first."""
    base, version = family.release(name)
    if version and len(base) > 2:
        yield base
    parts = list(_PARTS.finditer(name))
    if not name.casefold().startswith("non"):
        yield from (name[gap.end() :] for gap in parts)
    yield from (name[: gap.start()] for gap in reversed(parts) if is_proper(name[: gap.start()]))


def without_rings(pairs: Iterator[tuple[str, str]]) -> dict[str, set[str]]:
    """The pairs as a mapping upwards, leaving out each that would close a ring with those before it."""
    above: dict[str, set[str]] = {}
    for low, high in pairs:
        if not _reaches(above, high, low):
            above.setdefault(low, set()).add(high)
    return above


def _reaches(above: Mapping[str, set[str]], start: str, goal: str) -> bool:
    stack, seen = [start], set()
    while stack:
        node = stack.pop()
        if node == goal:
            return True
        if node not in seen:
            seen.add(node)
            stack.extend(above.get(node, ()))
    return False

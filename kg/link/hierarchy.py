"""What is more general than what: by the vocabulary, by a person, and by the names of models."""

from __future__ import annotations

import re
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING

from kg.link import family
from kg.link.forms import is_proper
from kg.link.usage import name_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_PARTS = re.compile(r"[\s\-]+")


def families(
    candidates: Iterable[tuple[str, str, str]], models: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    """(set, broader set) of models whose names say what they come from: a release (`Llama 2`, LLaMA), a
    derived model (`Code Llama`, `Flan-T5`), a kind (`vision transformer`); whatever the capitals.

    `candidates` are (set, key of a name that its name says, the set that this key is in), by set, nearest
    first; `models` the sets that are models, with the keys of their names without case.
    """
    named = {folded: head for head, folded in sorted(models.items(), reverse=True)}
    for head, rows in groupby(candidates, key=itemgetter(0)):
        said = (
            next((each for each in (other, named.get(key.casefold(), "")) if each in models), head)
            for _, key, other in rows
        )
        if broader := next((each for each in said if each != head), ""):
            yield head, broader


def above_keys(name: str) -> list[str]:
    """The keys of the names that a model's name says it comes from, nearest first."""
    return [name_key(above) for above in _above(name)]


def _above(name: str) -> Iterator[str]:
    base, version = family.release(name)
    if version and len(base) > 2:
        yield base
    parts = list(_PARTS.finditer(name))
    if not name.casefold().startswith("non"):
        yield from (name[gap.end() :] for gap in parts)
    yield from (name[: gap.start()] for gap in reversed(parts) if is_proper(name[: gap.start()]))


def without_rings(pairs: Iterable[tuple[str, str]]) -> dict[str, set[str]]:
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

"""Decisions that can't all be obeyed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.errors import CurationError
from kg.link.usage import name_key

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kg.types import Judgement


class _Sets:
    """Names, by key, that decisions make one."""

    def __init__(self) -> None:
        self._parent: dict[str, str] = {}

    def root(self, key: str) -> str:
        while (parent := self._parent.get(key, key)) != key:
            self._parent[key] = key = self._parent.get(parent, parent)
        return key

    def join(self, left: str, right: str) -> None:
        self._parent[self.root(left)] = self.root(right)


def refuse_contradictions(judgements: Iterable[Judgement], where: str) -> None:
    """Raise CurationError for two decisions that can't both be obeyed, naming both lines."""
    items = list(judgements)
    same = _Sets()
    for item in items:
        if item.verdict == "same":
            same.join(name_key(item.left), name_key(item.right))
    _refuse_two_values(items, where)
    _refuse_blocked(items, where)
    for item in items:
        left, right = name_key(item.left), name_key(item.right)
        if item.verdict in ("different", "broader") and same.root(left) == same.root(right):
            raise _contradiction(_joining(items, left, right) or item, item, where)
    _refuse_rings([item for item in items if item.verdict == "broader"], same, where)


def _refuse_two_values(items: list[Judgement], where: str) -> None:
    """No name is renamed or retyped in two ways."""
    first: dict[tuple[str, str], Judgement] = {}
    for item in items:
        if item.verdict in ("rename", "retype"):
            other = first.setdefault((item.verdict, name_key(item.left)), item)
            if other.right != item.right:
                raise _contradiction(other, item, where)


def _refuse_blocked(items: list[Judgement], where: str) -> None:
    """Nothing else is decided about a blocked name."""
    blocked = {name_key(item.left): item for item in items if item.verdict == "block"}
    for item in items:
        names = (item.left, item.right) if item.verdict in ("same", "broader") else (item.left,)
        for key in map(name_key, names):
            if item.verdict != "block" and key in blocked:
                raise _contradiction(blocked[key], item, where)


def _joining(items: list[Judgement], left: str, right: str) -> Judgement | None:
    """The first decision by which two names have become one, None if they are spellings of one name."""
    same = _Sets()
    for item in items:
        if same.root(left) == same.root(right):
            return None
        if item.verdict == "same":
            same.join(name_key(item.left), name_key(item.right))
            if same.root(left) == same.root(right):
                return item
    return None


def _contradiction(first: Judgement, second: Judgement, where: str) -> CurationError:
    low, high = sorted((first, second), key=lambda item: item.line)
    if low is high:
        return CurationError(f"{where}:{low.line}: {low.left!r} and {low.right!r} are spellings of one name")
    said = " but ".join(f"{item.verdict} {item.left} / {item.right}".rstrip(" /") for item in (low, high))
    return CurationError(f"{where}: lines {low.line} and {high.line} contradict each other: {said}")


def _refuse_rings(items: list[Judgement], same: _Sets, where: str) -> None:
    """Nothing is more general than what is more general than it."""
    above: dict[str, list[tuple[str, Judgement]]] = {}
    for item in items:
        left, right = same.root(name_key(item.left)), same.root(name_key(item.right))
        if back := _path(above, right, left):
            raise _contradiction(back, item, where)
        above.setdefault(left, []).append((right, item))


def _path(above: dict[str, list[tuple[str, Judgement]]], start: str, goal: str) -> Judgement | None:
    """The first decision of a way from start up to goal, if there is one."""
    stack: list[tuple[str, Judgement | None]] = [(start, None)]
    seen: set[str] = set()
    while stack:
        node, first = stack.pop()
        if node == goal and first:
            return first
        if node not in seen:
            seen.add(node)
            stack.extend((up, first or item) for up, item in above.get(node, ()))
    return None

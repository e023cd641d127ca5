"""Finding the paper or concept that a person means: by id, by name, or by how either begins."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol, TypeVar

from kg.errors import UnknownNameError
from kg.ids import normal_title
from kg.text import encodable, normal_form

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from kg.store import Store
    from kg.types import Concept, Paper


class _Identified(Protocol):
    @property
    def id(self) -> str: ...


Found = TypeVar("Found", bound=_Identified)
SUGGESTED: Final = 5  # names that an error offers
_WORDS: Final = 8  # of what was asked for, by which they are looked for
_READ: Final = 500  # characters of it


def find(store: Store, text: str) -> Paper | Concept:
    """The paper or concept of this id or name; an exact name goes before a beginning, a concept before a
    paper.

    Raises UnknownNameError where there is none, or several, and names what comes near.
    """
    text = encodable(text)
    found: list[Paper | Concept] = [*(_exact_concepts(store, text) or _exact_papers(store, text))]
    if not found:
        found = [*_beginning_concepts(store, text), *_beginning_papers(store, text)]
    return _single(found, store, text)


def find_paper(store: Store, text: str) -> Paper:
    """The paper of this id, title, or beginning of either; errors as in `find`."""
    text = encodable(text)
    return _single(_exact_papers(store, text) or _beginning_papers(store, text), store, text)


def _single(found: Sequence[Found], store: Store, text: str) -> Found:
    if len(found) == 1:
        return found[0]
    if found:
        raise UnknownNameError(f"{text!r} could be {_listed(item.id for item in found)}: give more of it")
    words = normal_title(text[:_READ]).split()[:_WORDS]
    near = [id_ for _, id_, _ in store.search(" ".join(words), SUGGESTED)] or [
        id_ for word in words for _, id_, _ in store.search(word, SUGGESTED)
    ]
    hint = f"did you mean {_listed(near)}?" if near else "`kg stats` lists what there is"
    raise UnknownNameError(f"no paper or concept is called {text!r}: {hint}")


def _listed(ids: Iterable[str]) -> str:
    unique = list(dict.fromkeys(ids))
    return ", ".join(unique[:SUGGESTED]) + (", ..." if len(unique) > SUGGESTED else "")


def _exact_papers(store: Store, text: str) -> list[Paper]:
    if paper := store.paper(text):
        return [paper]
    wanted = normal_title(text)
    return _matching(store.papers(), lambda paper: bool(wanted) and normal_title(paper.title) == wanted)


def _beginning_papers(store: Store, text: str) -> list[Paper]:
    head, wanted = text.rstrip(".\u2026").strip(), normal_title(text)
    if not wanted:
        return []
    return _matching(
        store.papers(),
        lambda paper: paper.id.startswith(head) or f"{normal_title(paper.title)} ".startswith(f"{wanted} "),
    )


def _exact_concepts(store: Store, text: str) -> list[Concept]:
    """By id, by a name written just so, else by normal form: `MATH` is not mathematics, `llama` is LLaMA."""
    if concept := store.concept(text):
        return [concept]
    concepts = list(store.concepts())
    wanted = normal_form(text)
    by = (
        lambda concept: concept.name == text,
        lambda concept: text in concept.aliases,
        lambda concept: normal_form(concept.name) == wanted,
        lambda concept: wanted in map(normal_form, concept.aliases),
    )
    return next((found for test in by if (found := _matching(concepts, test))), [])


def _beginning_concepts(store: Store, text: str) -> list[Concept]:
    wanted = normal_form(text.rstrip(".\u2026"))
    if not wanted:
        return []
    return _matching(store.concepts(), lambda concept: normal_form(concept.name).startswith(wanted))


def _matching(items: Iterable[Found], test: Callable[[Found], bool]) -> list[Found]:
    return [item for item in items if test(item)]

"""What the components hand on: candidate mentions from any source, and where a `Doc` carries them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from kg.extract.labels import labels
from kg.vocab import ROLES

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray
    from spacy.tokens import Doc

_KEY: Final = "kg.candidates"
TEXT: Final = "kg.text"
_NO_ROLE: Final = (1 / len(ROLES),) * len(ROLES)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A place that may name a concept.

    [start, end) in code points, `score` the source's probability, `types` and `roles` probabilities in the
    order of `labels()`, `origin` the source. `vector` is the tagger's picture of the place, if any.
    """

    start: int
    end: int
    score: float
    types: tuple[float, ...]
    roles: tuple[float, ...] = _NO_ROLE
    origin: str = "tagger"
    vector: NDArray[np.float32] | None = None


def candidates(doc: Doc) -> list[Candidate]:
    """The candidates that the components so far have put on a Doc, sorted by place."""
    found: list[Candidate] = doc.user_data.get(_KEY, [])
    return found


def set_candidates(doc: Doc, found: Sequence[Candidate]) -> None:
    """Replace a Doc's candidates."""
    doc.user_data[_KEY] = sorted(found, key=lambda each: (each.start, each.end, each.origin))


def one_type(label: str) -> tuple[float, ...]:
    """Type probabilities that are sure of one label."""
    return tuple(float(str(each) == label) for each in labels().types)


def text_of(doc: Doc) -> str:
    """A Doc's text: as our tokenizer was given it (`doc.text` is put together anew at each call)."""
    if TEXT not in doc.user_data:
        doc.user_data[TEXT] = doc.text
    text: str = doc.user_data[TEXT]
    return text

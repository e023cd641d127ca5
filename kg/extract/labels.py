"""The labels of the trained models: which number of an output, or of a feature, stands for which term.

Weights name the labels that they were trained on, and numbers become terms by these names alone: in what
order the vocabulary lists its terms plays no part.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

from kg.errors import ExtractError
from kg.vocab import ConceptType, Relation, Role

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Label = TypeVar("Label", ConceptType, Role, Relation)
MODEL_FOLDER: Final = Path(__file__).parent / "model"
CONFIG: Final = "config.json"


@dataclass(frozen=True, slots=True)
class Labels:
    """Types, roles and relations, each in the order of the weights."""

    types: tuple[ConceptType, ...]
    roles: tuple[Role, ...]
    relations: tuple[Relation, ...]


@cache
def labels() -> Labels:
    """The labels of the package's models, in whose order all extraction numbers them. Raises ExtractError."""
    return of_config(MODEL_FOLDER)


def of_config(folder: Path) -> Labels:
    """The labels that the configuration of a tagger's weights names. Raises ExtractError."""
    path = folder / CONFIG
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ExtractError(f"{path}: can't be read ({error}): install the package again") from error
    return agreed(found, path)


def agreed(named: Mapping[str, Any], where: Path) -> Labels:
    """The labels that weights name, as terms. Raises ExtractError where they and the vocabulary don't have
    the same.
    """
    return Labels(
        _terms(ConceptType, named.get("types", ()), where),
        _terms(Role, named.get("roles", ()), where),
        _terms(Relation, named.get("relations", ()), where),
    )


def _terms(kind: type[Label], names: Sequence[Any], where: Path) -> tuple[Label, ...]:
    known = {str(term): term for term in kind}
    found: list[str] = [str(name) for name in names]
    if odd := sorted({*found} ^ known.keys()):
        whose = "the weights know no" if odd[0] in known else "the vocabulary knows no"
        raise ExtractError(
            f"{where}: {whose} {kind.__name__} {odd[0]!r}: train them anew, or install the package again"
        )
    return tuple(known[name] for name in found)


def refuse_others(named: Mapping[str, Any], where: Path) -> None:
    """Raise ExtractError for weights whose labels aren't those of the package's tagger, in its order."""
    if agreed(named, where) != labels():
        raise ExtractError(f"{where}: trained on labels in another order than the tagger: train them anew")

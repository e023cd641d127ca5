"""The trained models of one pipeline, read from the file that `training/claims.py` wrote."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from kg.errors import ExtractError
from kg.extract.labels import refuse_others
from kg.extract.models import Both, Calibration, Forest, Net
from kg.extract.statistics import FOLDER

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from kg.extract.models import Floats


class Weights:
    """The models of one weights file and their thresholds."""

    def __init__(self, arrays: Mapping[str, Any]) -> None:
        self.accept = Forest.stored(_part(arrays, "accept"))
        self.accept_curve = Calibration(**_part(arrays, "accept_curve"))
        self.accept_limit = float(arrays["accept_limit"])
        self.accept_limit_named = float(arrays.get("accept_limit_named", self.accept_limit))
        self.type = _both(arrays, "type")
        self.type_heat = float(arrays["type_heat"])
        self.role = _both(arrays, "role")
        self.role_heat = float(arrays["role_heat"])
        self.relation = Net(**_part(arrays, "relation"))
        self.relation_curve = Calibration(**_part(arrays, "relation_curve"))
        self.relation_limits: Floats = arrays["relation_limits"]


@cache
def load(name: str) -> Weights:
    """The package's weights of that name: `default` (over the tagger's candidates) or `rules`.

    Raises ExtractError for a file that can't be read.
    """
    return read(FOLDER / f"{name}.npz")


def read(path: Path) -> Weights:
    """The weights of a file that `training/claims.py` wrote; errors as above."""
    try:
        with np.load(path, allow_pickle=False) as file:
            arrays = {key: file[key] for key in file.files}
            refuse_others(arrays, path)
            return Weights(arrays)
    except (OSError, ValueError, KeyError) as error:
        raise ExtractError(f"{path}: can't read the weights ({error}): install the package again") from error


def _both(arrays: Mapping[str, Any], name: str) -> Both:
    return Both(Forest.stored(_part(arrays, name)), Net(**_part(arrays, f"{name}_net")))


def _part(arrays: Mapping[str, Any], name: str) -> dict[str, Any]:
    """The arrays of one model: those named `name.field`, by field."""
    return {key.partition(".")[2]: value for key, value in arrays.items() if key.startswith(f"{name}.")}

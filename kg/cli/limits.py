"""Types of options that are limits: a number that makes no sense is refused before anything is begun."""

from __future__ import annotations

from math import isnan
from typing import TYPE_CHECKING, Any, Final

import click

if TYPE_CHECKING:
    from click import Context, Parameter

_DAY: Final = 86_400.0


class Seconds(click.FloatRange):
    """A time of more than nothing and at most a day; `nan`, which is in no range, is refused too."""

    name = "seconds"

    def __init__(self) -> None:
        super().__init__(min=0, min_open=True, max=_DAY)

    def convert(self, value: Any, param: Parameter | None, ctx: Context | None) -> Any:
        number = super().convert(value, param, ctx)
        if isnan(number):
            self.fail(f"{value} is not in the range {self._describe_range()}.", param, ctx)
        return number


PORT: Final = click.IntRange(0, 65_535)

"""Types of options that are limits: a number that makes no sense is refused before anything is begun."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING, Any, Final

import click

if TYPE_CHECKING:
    from click import Context, Parameter


class _Seconds(click.FloatRange):
    """A time that can pass: not the float that is no number, which no bound stops."""

    name = "seconds"

    def convert(self, value: Any, param: Parameter | None, ctx: Context | None) -> Any:
        found = super().convert(value, param, ctx)
        return found if isfinite(found) else self.fail(f"{value} is no number of seconds", param, ctx)


SECONDS: Final = _Seconds(0, 86_400, min_open=True)
COUNT: Final = click.IntRange(0, 10**9)
PORT: Final = click.IntRange(0, 65_535)

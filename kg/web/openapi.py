"""The server described for programs: OpenAPI 3.1, from the file beside this module."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from kg import __version__

if TYPE_CHECKING:
    from kg.web.settings import Settings


def document(settings: Settings) -> dict[str, Any]:
    """The description, with this server's title and version."""
    text = files("kg.web").joinpath("openapi.json").read_text(encoding="utf-8")
    whole: dict[str, Any] = json.loads(text)
    whole["info"] |= {"title": settings.title, "version": __version__}
    return whole

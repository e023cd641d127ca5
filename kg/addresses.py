"""Which texts can stand at the head of IRIs: checked once, for kg.toml, options and the library alike."""

from __future__ import annotations

import re
from typing import Final

SCHEMES: Final = ("http://", "https://", "urn:")
_NEVER: Final = frozenset("<>\"{}|\\^`'")  # by RFC 3987 (' is allowed there, and still breaks what quotes it)
_PERCENT: Final = re.compile("%(?![0-9A-Fa-f]{2})")
_WEB: Final = re.compile(
    r"https?://(?:[^/?#\[\]@]*@)?(?:\[[0-9A-Fa-f:.]+\]|[^/?#\[\]@:]+)(?::[0-9]*)?(?P<rest>[/?#].*)?"
)
_URN: Final = re.compile(r"urn:[A-Za-z0-9][A-Za-z0-9-]{0,31}:.*")


def fault_of(iri: str) -> str:
    """What keeps a text from being an absolute IRI of the web or a URN, in a few words; empty if nothing."""
    odd = next((c for c in iri if c in _NEVER or not c.isprintable() or c.isspace()), "")
    if odd:
        return f"{'a blank' if odd == ' ' else ascii(odd)} can't stand in it"
    if _PERCENT.search(iri):
        return "a % in it must be followed by two hexadecimal digits"
    if not iri.startswith(SCHEMES):
        return f"it must begin with {SCHEMES[0]}, {SCHEMES[1]} or {SCHEMES[2]}"
    if iri.startswith("urn:"):
        return "" if _URN.fullmatch(iri) and not {*"[]"} & {*iri} else "a URN is written urn:NAME:..."
    found = _WEB.fullmatch(iri)
    if not found or {*"[]"} & {*(found["rest"] or "")} or iri.count("#") > 1:
        return "it needs a host, like https://example.org/papers/"
    return ""


def fault_of_base(iri: str) -> str:
    """What keeps a text from being the head of all IRIs that are made: it must not run on into the host."""
    if fault := fault_of(iri):
        return fault
    found = _WEB.fullmatch(iri)
    return "add a / at its end" if found and not found["rest"] else ""

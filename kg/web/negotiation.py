"""What a client would have, out of what there is (RFC 9110, section 12.5.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

ROWS: Final = {
    "json": "application/sparql-results+json",
    "xml": "application/sparql-results+xml",
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
}
GRAPHS: Final = {
    "turtle": "text/turtle",
    "ntriples": "application/n-triples",
    "jsonld": "application/ld+json",
    "rdfxml": "application/rdf+xml",
}
BOOLEANS: Final = {"json": ROWS["json"], "xml": ROWS["xml"], "csv": ROWS["csv"], "tsv": ROWS["tsv"]}
_ALIASES: Final = {  # what clients call them that know no better
    ROWS["json"]: ("application/json",),
    ROWS["xml"]: ("application/xml", "text/xml"),
    GRAPHS["turtle"]: ("application/x-turtle", "text/n3"),
    GRAPHS["ntriples"]: ("text/plain",),
    GRAPHS["jsonld"]: ("application/json",),
    GRAPHS["rdfxml"]: ("application/xml", "text/xml"),
}


class Range(NamedTuple):
    """One media range of an Accept header."""

    type: str
    quality: float

    def matches(self, media_type: str) -> int:
        """How closely: 0 not at all, 1 as any, 2 by the first half, 3 whole, or by another name."""
        if self.type == "*/*":
            return 1
        if self.type.endswith("/*"):
            return 2 if media_type.startswith(self.type[:-1]) else 0
        return 3 if self.type in (media_type, *_ALIASES.get(media_type, ())) else 0


def best(accept: str, offered: Mapping[str, str]) -> str:
    """The name of the offered media type that is liked best, the first among equals; empty for none."""
    ranges = list(_ranges(accept)) or [Range("*/*", 1.0)]
    found, liked = "", 0.0
    for name, media_type in offered.items():
        quality = _quality(ranges, media_type)
        if quality > liked:
            found, liked = name, quality
    return found


def _quality(ranges: Sequence[Range], media_type: str) -> float:
    """By the range that fits most closely."""
    fits = [(item.matches(media_type), item.quality) for item in ranges]
    return max((fit for fit in fits if fit[0]), default=(0, 0.0))[1]


def _ranges(accept: str) -> Iterator[Range]:
    for part in accept.split(","):
        type_, *parameters = (piece.strip().lower() for piece in part.split(";"))
        quality = next((p.removeprefix("q=") for p in parameters if p.startswith("q=")), "1")
        if "/" in type_:
            yield Range(type_, _number(quality))


def _number(text: str) -> float:
    try:
        return min(max(float(text), 0.0), 1.0)
    except ValueError:
        return 0.0

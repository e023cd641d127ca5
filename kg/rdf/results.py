"""Results of SELECT in the four formats of the recommendations, a row at a time.

pyoxigraph writes these formats too, but all rows or none: here they can be counted and limited. SPARQL 1.1
Query Results JSON, XML (second edition), CSV and TSV formats, W3C 2013.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final
from xml.sax.saxutils import escape, quoteattr

import pyoxigraph as ox

from kg.cells import csv_row

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    Row = Sequence[ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple | None]

_STRING: Final = "http://www.w3.org/2001/XMLSchema#string"
_RETURN: Final = {"\r": "&#13;"}
_ENDS = re.compile(r"\A[ \t\n]+|[ \t\n]+\Z")
_SPARQL: Final = "http://www.w3.org/2005/sparql-results#"


def json_rows(names: Sequence[str], rows: Iterable[Row]) -> Iterator[str]:
    """application/sparql-results+json."""
    yield f'{{"head":{{"vars":{json.dumps(list(names))}}},"results":{{"bindings":['
    separator = "\n"
    for row in rows:
        found = {name: _json(term) for name, term in zip(names, row, strict=True) if term is not None}
        yield separator + json.dumps(found, ensure_ascii=False, separators=(",", ":"))
        separator = ",\n"
    yield "\n]}}\n"


def _json(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> dict[str, object]:
    if isinstance(term, ox.Literal):
        found: dict[str, object] = {"type": "literal", "value": term.value}
        if term.language:
            found["xml:lang"] = term.language
        elif term.datatype.value != _STRING:
            found["datatype"] = term.datatype.value
        return found
    if isinstance(term, ox.Triple):
        parts = {"subject": term.subject, "predicate": term.predicate, "object": term.object}
        return {"type": "triple", "value": {name: _json(part) for name, part in parts.items()}}
    return {"type": "uri" if isinstance(term, ox.NamedNode) else "bnode", "value": term.value}


def xml_rows(names: Sequence[str], rows: Iterable[Row]) -> Iterator[str]:
    """application/sparql-results+xml."""
    head = "".join(f"<variable name={quoteattr(name)}/>" for name in names)
    yield f'<?xml version="1.0" encoding="UTF-8"?>\n<sparql xmlns="{_SPARQL}"><head>{head}</head><results>\n'
    for row in rows:
        found = "".join(
            f"<binding name={quoteattr(name)}>{_xml(term)}</binding>"
            for name, term in zip(names, row, strict=True)
            if term is not None
        )
        yield f"<result>{found}</result>\n"
    yield "</results></sparql>\n"


def _xml(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> str:
    if isinstance(term, ox.Literal):
        kind = f" xml:lang={quoteattr(term.language)}" if term.language else ""
        if not kind and term.datatype.value != _STRING:
            kind = f" datatype={quoteattr(term.datatype.value)}"
        return f"<literal{kind}>{_text(term.value)}</literal>"
    if isinstance(term, ox.Triple):
        parts = (("subject", term.subject), ("predicate", term.predicate), ("object", term.object))
        return f"<triple>{''.join(f'<{name}>{_xml(part)}</{name}>' for name, part in parts)}</triple>"
    name = "uri" if isinstance(term, ox.NamedNode) else "bnode"
    return f"<{name}>{escape(term.value)}</{name}>"


def _text(value: str) -> str:
    """Text as XML; white space at its ends by number, for some readers (pyoxigraph 0.5) drop it there."""
    return _ENDS.sub(lambda match: "".join(f"&#{ord(c)};" for c in match[0]), escape(value, _RETURN))


def csv_rows(names: Sequence[str], rows: Iterable[Row]) -> Iterator[str]:
    """text/csv: plain values."""
    yield csv_row(names) + "\r\n"
    for row in rows:
        yield csv_row(map(_csv, row)) + "\r\n"


def _csv(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple | None) -> str:
    if term is None:
        return ""
    return str(term) if isinstance(term, ox.Triple | ox.BlankNode) else term.value


def tsv_rows(names: Sequence[str], rows: Iterable[Row]) -> Iterator[str]:
    """text/tab-separated-values: terms as Turtle has them."""
    yield "\t".join(f"?{name}" for name in names) + "\n"
    for row in rows:
        yield "\t".join(map(_tsv, row)) + "\n"


def _tsv(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple | None) -> str:
    text = "" if term is None else str(term).replace("\t", "\\t")
    return f"<<( {text} )>>" if isinstance(term, ox.Triple) else text


ROWS: Final[dict[str, Callable[[Sequence[str], Iterable[Row]], Iterator[str]]]] = {
    "json": json_rows,
    "xml": xml_rows,
    "csv": csv_rows,
    "tsv": tsv_rows,
}

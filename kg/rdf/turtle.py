"""Turtle for people: prefixes, one paragraph a subject, objects of one predicate together, stable order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TextIO

from kg.rdf.terms import NAMESPACES, Iri, TripleTerm, Typed, curie, term

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from kg.rdf.terms import Node

_A: Final = term("rdf:type")


def write(nodes: Iterable[Node], file: TextIO, base: str) -> None:
    """Write the nodes as they come; IRIs under the base are written relative to it."""
    turtle = Turtle(base)
    file.write(turtle.head())
    for node in nodes:
        file.write(turtle.paragraph(node))


class Turtle:
    """How terms are spelt in one file."""

    def __init__(self, base: str) -> None:
        # a relative reference is resolved against the path up to its last slash: other bases can't be used so
        self._base = base if base.startswith("http") and base.endswith("/") else "\0"
        self._skip = len(self._base)
        self._names = _Spelt(self.iri, {_A: "a"})
        self._spell: dict[type, Callable[[Any], str]] = {
            Iri: self.iri,
            str: quoted,
            int: str,
            float: decimal,
            Typed: self._typed,
            TripleTerm: self._triple,
        }

    def head(self) -> str:
        """The declarations that a file begins with."""
        lines = [f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in NAMESPACES.items()]
        base = f"@base <{self._base}> .\n" if self._skip > 1 else ""
        return base + "".join(lines)

    def paragraph(self, node: Node) -> str:
        """A subject with all that is said of it, after an empty line."""
        base, skip, names, spell = self._base, self._skip, self._names, self._spell
        pieces = ["\n", self.iri(node.iri)]
        before, between = None, "\n    "
        for predicate, value in node.properties:
            if type(value) is Iri and value.startswith(base):  # nearly half of all: no call for them
                spelt = f"<{value[skip:]}>"
            else:
                spelt = spell[type(value)](value)
            if predicate is before:
                pieces.append(f", {spelt}")
            else:
                pieces.append(f"{between}{names[predicate]} {spelt}")
                before, between = predicate, " ;\n    "
        pieces.append(" .\n")
        return "".join(pieces)

    def iri(self, iri: str) -> str:
        if iri.startswith(self._base):
            return f"<{iri[self._skip :]}>"
        return curie(iri) or f"<{iri}>"

    def _typed(self, value: Typed) -> str:
        return f"{quoted(value.lexical)}^^{self.iri(value.datatype)}"

    def _triple(self, value: TripleTerm) -> str:
        return f"<<( {self.iri(value.subject)} {self.iri(value.predicate)} {self.iri(value.object)} )>>"


class _Spelt(dict[str, str]):
    """Predicates as they are spelt, each found out once."""

    def __init__(self, spell: Callable[[str], str], known: dict[str, str]) -> None:
        super().__init__(known)
        self._spell = spell

    def __missing__(self, iri: str) -> str:
        self[iri] = spelt = self._spell(iri)
        return spelt


def quoted(text: str) -> str:
    """A literal in double quotes, on one line."""
    if "\\" in text:
        text = text.replace("\\", "\\\\")
    if '"' in text:
        text = text.replace('"', '\\"')
    if "\n" in text or "\r" in text:
        text = text.replace("\n", "\\n").replace("\r", "\\r")
    return f'"{text}"'


def decimal(value: float) -> str:
    """A number as xsd:decimal with at most four digits after the point, one at least."""
    whole, _, fraction = f"{value:.4f}".partition(".")
    return f"{whole}.{fraction.rstrip('0') or '0'}"

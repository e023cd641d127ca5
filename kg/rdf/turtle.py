"""Turtle for people: prefixes, one paragraph a subject, objects of one predicate together, stable order."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TextIO

from kg.rdf.terms import NAMESPACES, Iri, TripleTerm, Typed, curie, term

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from kg.rdf.nodes import Node, Shape

_A: Final = term("rdf:type")


def write(nodes: Iterable[Node], file: TextIO, base: str) -> None:
    """Write the nodes as they come; IRIs under the base are written relative to it."""
    turtle = Turtle(base)
    file.write(turtle.head())
    file.writelines(map(turtle.paragraph, nodes))


class Turtle:
    """How terms are spelt in one file."""

    def __init__(self, base: str) -> None:
        # a relative reference is resolved against the path up to its last slash: other bases can't be used so
        self._base = base if base.startswith("http") and base.endswith("/") else "\0"
        self._skip = len(self._base)
        self._templates: dict[Shape, _Template] = {}
        self._name = lru_cache(maxsize=1000)(lambda iri: "a" if iri == _A else self.iri(iri))
        self._other = lru_cache(maxsize=1000)(lambda iri: curie(iri) or f"<{iri}>")
        self._spell: dict[type, Callable[[Any], str]] = {
            Iri: self.iri,
            str: quoted,
            int: str,
            float: decimal,
            Typed: lru_cache(maxsize=10_000)(self._typed),
            TripleTerm: self._triple,
        }

    def head(self) -> str:
        """The declarations that a file begins with."""
        lines = [f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in NAMESPACES.items()]
        base = f"@base <{self._base}> .\n" if self._skip > 1 else ""
        return base + "".join(lines)

    def paragraph(self, node: Node) -> str:
        """A subject with all that is said of it, after an empty line."""
        subject, shape, properties = node
        if not shape.types:
            return self._alone(node)
        template = self._templates.get(shape) or self._template(shape)
        base, skip = self._base, self._skip
        values: list[Any] = list(properties)
        for at in template.iris:  # nearly half of all values: no call for them
            value = values[at]
            values[at] = f"<{value[skip:]}>" if value.startswith(base) else self._other(value)
        for at, spell in template.others:
            values[at] = spell(values[at])
        pieces = template.pieces
        pieces[1] = f"<{subject[skip:]}>" if subject.startswith(base) else self._other(subject)
        pieces[3::2] = values
        return "".join(pieces)

    def _alone(self, node: Node) -> str:
        """The paragraph of a node of its own shape."""
        base, skip, spell = self._base, self._skip, self._spell
        pieces, last, between = ["\n", self.iri(node.iri)], None, "\n    "
        for predicate, value in node.properties:
            if type(value) is Iri and value.startswith(base):
                spelt = f"<{value[skip:]}>"
            else:
                spelt = spell[type(value)](value)
            pieces.append(f", {spelt}" if predicate == last else f"{between}{self._name(predicate)} {spelt}")
            last, between = predicate, " ;\n    "
        pieces.append(" .\n")
        return "".join(pieces)

    def _template(self, shape: Shape) -> _Template:
        """The text of a shape."""
        names = [self._name(predicate) for predicate in shape.predicates]
        pairs = zip(names, ["", *names], strict=False)
        between = [", " if name == last else f" ;\n    {name} " for name, last in pairs]
        between[0] = f"\n    {names[0]} "
        pieces = [piece for gap in between for piece in (gap, "")]
        iris = [at for at, type_ in enumerate(shape.types) if type_ is Iri]
        others = [(at, self._spell[type_]) for at, type_ in enumerate(shape.types) if type_ is not Iri]
        template = self._templates[shape] = _Template(["\n", "", *pieces, " .\n"], iris, others)
        return template

    def iri(self, iri: str) -> str:
        if iri.startswith(self._base):
            return f"<{iri[self._skip :]}>"
        return self._other(iri)

    def _typed(self, value: Typed) -> str:
        return f"{quoted(value.lexical)}^^{self.iri(value.datatype)}"

    def _triple(self, value: TripleTerm) -> str:
        return f"<<( {self.iri(value.subject)} {self.iri(value.predicate)} {self.iri(value.object)} )>>"


class _Template(NamedTuple):
    """The text of a node in pieces, with gaps for the subject and each value: IRIs, and others as spelt."""

    pieces: list[str]
    iris: list[int]
    others: list[tuple[int, Callable[[Any], str]]]


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

"""JSON-LD for programs: a paper an object, with its signatures, statements and their words nested in it.

The keys are those of `context.jsonld`, which is written into the file: nothing has to be fetched to read it.
"""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TextIO

from kg.errors import ExportError
from kg.rdf.terms import Iri, TripleTerm, Typed, curie, term
from kg.rdf.turtle import decimal

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kg.rdf.nodes import Node
    from kg.rdf.terms import Value

_A: Final = term("rdf:type")
_JSON: Final = term("rdf:JSON")
_DECIMAL: Final = "xsd:decimal"
_ENCODE: Final = json.JSONEncoder(ensure_ascii=False, separators=(", ", ": "), allow_nan=False).encode


class Key(NamedTuple):
    """How a property is written: its key, the type its values are read as, whether always a list."""

    name: str
    type: str
    many: bool


def write(frames: Iterable[list[Node]], file: TextIO, base: str) -> None:
    """Write the frames as one document, an object of its graph at a time; IRIs are relative to the base."""
    file.write('{\n"@context": ' + json.dumps(context(base), separators=(",", ":")) + ',\n"@graph": [')
    separator = "\n"
    for frame in frames:
        for item in nested(frame, base):
            file.write(separator + _ENCODE(item))
            separator = ",\n"
    file.write("\n]\n}\n")


def context(base: str) -> dict[str, Any]:
    """Our context for data under a base IRI."""
    return {"@base": base, **_terms()}


@cache
def _terms() -> dict[str, Any]:
    text = files("kg.rdf").joinpath("context.jsonld").read_text(encoding="utf-8")
    whole: dict[str, Any] = json.loads(text)["@context"]
    return whole


def nested(frame: list[Node], base: str) -> list[dict[str, Any]]:
    """The first node as an object with the others inside it, where it or they refer to each other."""
    return _Frame(frame, base).objects()


class _Frame:
    """One object in the making; each node is written out where it is first referred to."""

    def __init__(self, nodes: list[Node], base: str) -> None:
        self._root = nodes[0]
        self._base = base if base.endswith("/") else "\0"
        self._waiting = {node.iri: node for node in nodes}
        self._below = {name: self._pointing(predicate) for predicate, name in _reverse().items()}
        self._kept = {node.iri for nodes in self._below.values() for node in nodes}

    def _pointing(self, predicate: Iri) -> list[Node]:
        """The nodes that refer to the root by a property which the context turns round."""
        found = (predicate, self._root.iri)
        return [
            node for node in self._waiting.values() if node is not self._root and found in node.properties
        ]

    def objects(self) -> list[dict[str, Any]]:
        waiting = list(self._waiting.values())
        return [self._object(node) for node in waiting if node.iri in self._waiting]

    def _object(self, node: Node) -> dict[str, Any]:
        del self._waiting[node.iri]
        found: dict[str, Any] = {"id": self._short(node.iri)}
        for predicate, value in node.properties:
            if node.iri in self._kept and value == self._root.iri and predicate in _reverse():
                continue  # said by where the object stands
            key = _key(predicate)
            self._add(found, key, self._value(key, value))
        if node is self._root:
            found |= {name: [self._object(n) for n in below] for name, below in self._below.items() if below}
        return found

    def _short(self, iri: Iri) -> str:
        return iri.removeprefix(self._base) if iri.startswith(self._base) else curie(iri) or str(iri)

    @staticmethod
    def _add(found: dict[str, Any], key: Key, value: Any) -> None:
        if key.many:
            found.setdefault(key.name, []).append(value)
        elif key.name not in found:
            found[key.name] = value
        else:
            known = found[key.name]
            found[key.name] = [*known, value] if isinstance(known, list) else [known, value]

    def _value(self, key: Key, value: Value) -> Any:
        if isinstance(value, Iri):
            inside = self._waiting.get(value)
            if inside is not None and value not in self._kept:
                return self._object(inside)
            short = self._short(value)
            return short if key.type in ("@id", "@vocab") else {"id": short}
        return _literal(key, value)


def _literal(key: Key, value: str | int | float | Typed | TripleTerm) -> Any:
    if isinstance(value, TripleTerm):
        raise ExportError("JSON-LD 1.1 has no triple terms: write N-Triples or Turtle")
    if isinstance(value, float):
        value = Typed(decimal(value), term(_DECIMAL))
    if not isinstance(value, Typed):
        return {"@value": value} if key.type == "@id" else value
    if value.datatype == _JSON:
        return json.loads(value.lexical)
    datatype = curie(value.datatype) or value.datatype
    return value.lexical if key.type == datatype else {"@value": value.lexical, "@type": datatype}


@cache
def _keys() -> dict[Iri, Key]:
    keys: dict[Iri, Key] = {}
    for name, meaning in _terms().items():
        about = meaning if isinstance(meaning, dict) else {"@id": str(meaning)}
        prefix, _, local = about.get("@id", "").partition(":")
        if local and prefix in _terms():
            keys[term(about["@id"])] = Key(name, about.get("@type", ""), about.get("@container") == "@set")
    return keys


@cache
def _reverse() -> dict[Iri, str]:
    return {
        term(meaning["@reverse"]): name
        for name, meaning in _terms().items()
        if isinstance(meaning, dict) and "@reverse" in meaning
    }


@cache
def _key(predicate: Iri) -> Key:
    if predicate == _A:
        return Key("type", "@vocab", many=True)
    return _keys().get(predicate) or Key(curie(predicate) or predicate, "", many=False)

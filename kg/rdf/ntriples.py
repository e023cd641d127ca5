"""N-Triples, a triple a line, the lines sorted: two exports can be compared by any tool that compares lines.

Nodes that come nearly in order, as `mapping.by_subject` gives them, are put in order on their way through
memory. Where others come, the file is written in runs, which are then merged. Bytes of UTF-8 sort as the
characters do.
"""

from __future__ import annotations

import heapq
import tempfile
from array import array
from contextlib import ExitStack
from functools import lru_cache
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from kg.rdf.terms import Iri, TripleTerm, Typed, term
from kg.rdf.turtle import decimal, quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from kg.rdf.nodes import Node, Shape

WINDOW: Final = 64_000_000  # bytes put in order in memory
_BUFFER: Final = 1 << 20


def write(nodes: Iterable[Node], path: Path) -> None:
    """Write all triples to a file, sorted by line; temporary files lie beside it."""
    with tempfile.TemporaryDirectory(prefix=".sorting-", dir=path.parent) as folder:
        runs = [_Run(Path(folder) / "0")]
        for texts in _nearly_sorted(nodes):
            if texts[0] < runs[-1].last:
                runs.append(_Run(Path(folder) / str(len(runs))))
            runs[-1].extend(texts)
        if len(runs) == 1:
            runs[0].path.replace(path)
        else:
            _merge(runs, path)


def _nearly_sorted(nodes: Iterable[Node]) -> Iterator[list[bytes]]:
    """The lines of each node as one text, half a window at a time; such texts sort as their subjects do."""
    texts: list[bytes] = []
    size, lines = 0, Lines()
    for node in nodes:
        text = lines.of(node).encode()
        texts.append(text)
        size += len(text)
        if size > WINDOW:
            texts.sort()
            half = len(texts) // 2 + 1
            yield texts[:half]
            del texts[:half]
            size = sum(map(len, texts))
    if texts:
        yield sorted(texts)


class _Run:
    """A file of sorted texts."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.last = b""
        self._lengths = array("L")
        path.touch()

    def extend(self, texts: list[bytes]) -> None:
        """Put texts at the end, none of them smaller than the last."""
        with self.path.open("ab", buffering=_BUFFER) as file:
            file.writelines(texts)
        self._lengths.extend(map(len, texts))
        self.last = texts[-1]

    def read(self, files: ExitStack) -> Iterator[bytes]:
        file = files.enter_context(self.path.open("rb", buffering=_BUFFER))
        return map(file.read, self._lengths)


def _merge(runs: list[_Run], path: Path) -> None:
    with ExitStack() as files, path.open("wb", buffering=_BUFFER) as file:
        file.writelines(heapq.merge(*(run.read(files) for run in runs)))


class Lines:
    """The lines of nodes, each node's sorted; for nodes of one shape, most of the work is done once."""

    def __init__(self) -> None:
        self._templates: dict[Shape, _Template] = {}

    def of(self, node: Node) -> str:
        """A node's triples."""
        iri, shape, values = node
        if not shape.types:
            return _sorted_lines(node)
        template = self._templates.get(shape) or self._templates.setdefault(shape, _template(shape))
        spelt: list[Any] = list(values)
        for at, spell in template.spell:
            spelt[at] = spell(spelt[at])
        pieces = template.pieces
        pieces[1::4] = [iri] * len(spelt)
        pieces[3::4] = template.pick(spelt)
        for alike, key in template.alike:
            pieces[alike] = sorted(pieces[alike], key=key)
        return "".join(pieces)


class _Template(NamedTuple):
    """Lines in pieces, with gaps for subject and value; how to spell values that aren't IRIs, by position.

    `pick` puts the values in the order of the lines; the pieces at `alike`, of one predicate each, are then
    sorted.
    """

    pieces: list[str]
    spell: list[tuple[int, Callable[[Any], str]]]
    pick: Callable[[Sequence[Any]], Sequence[Any]]
    alike: list[tuple[slice, Callable[[str], str]]]


def _template(shape: Shape) -> _Template:
    predicates, types = shape.predicates, shape.types
    order = sorted(range(len(predicates)), key=lambda at: f"{predicates[at]}>")
    pieces = [""]
    alike: list[tuple[slice, Callable[[str], str]]] = []
    for at in order:
        before, after = ("<", ">") if types[at] is Iri else ("", "")
        pieces[-1] += "<"
        pieces += ["", f"> <{predicates[at]}> {before}", "", f"{after} .\n"]
    for predicate in dict.fromkeys(predicates):
        places = [place for place, at in enumerate(order) if predicates[at] == predicate]
        if len(places) > 1:
            closed = "{}>" if types[order[places[0]]] is Iri else "{}"
            alike.append((slice(4 * places[0] + 3, 4 * places[-1] + 4, 4), closed.format))
    spell = [(at, _SPELL[type_]) for at, type_ in enumerate(types) if type_ is not Iri]
    return _Template(pieces, spell, itemgetter(*order), alike)


def _sorted_lines(node: Node) -> str:
    head, spell = f"<{node.iri}> <", _SPELL
    found = [
        f"{head}{predicate}> <{value}> .\n"
        if type(value) is Iri
        else f"{head}{predicate}> {spell[type(value)](value)} .\n"
        for predicate, value in node.properties
    ]
    return "".join(sorted(found))


def _typed(value: Typed) -> str:
    return f"{quoted(value.lexical)}^^<{value.datatype}>"


def _integer(value: int) -> str:
    return f'"{value}"^^<{_INTEGER}>'


def _decimal(value: float) -> str:
    return f'"{decimal(value)}"^^<{_DECIMAL}>'


def _triple(value: TripleTerm) -> str:
    return f"<<( <{value.subject}> <{value.predicate}> <{value.object}> )>>"


_INTEGER: Final = term("xsd:integer")
_DECIMAL: Final = term("xsd:decimal")
_SPELL: Final[dict[type, Callable[[Any], str]]] = {
    Iri: "<{}>".format,
    str: quoted,
    int: lru_cache(maxsize=10_000)(_integer),
    float: lru_cache(maxsize=10_000)(_decimal),
    Typed: lru_cache(maxsize=10_000)(_typed),
    TripleTerm: _triple,
}

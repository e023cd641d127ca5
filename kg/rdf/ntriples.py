"""N-Triples, a triple a line, the lines sorted: two exports can be compared by any tool that compares lines.

Nodes are sorted in runs that fit in memory, each a file of its own, which are then merged.
"""

from __future__ import annotations

import heapq
import tempfile
from array import array
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TextIO

from kg.rdf.terms import Iri, TripleTerm, Typed, term
from kg.rdf.turtle import decimal, quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from kg.rdf.terms import Node

RUN: Final = 20_000  # nodes sorted in memory at once: about 50 MB


def write(nodes: Iterable[Node], file: TextIO) -> None:
    """Write all triples, sorted by line; the folder for temporary files is the system's."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as files:
        runs: list[Iterable[str]] = []
        for blocks in _sorted_runs(nodes):
            if len(blocks) < RUN:  # the last one needn't leave the memory
                runs.append(blocks)
                continue
            path = Path(folder) / str(len(runs))
            with path.open("w", encoding="utf-8", newline="\n") as run:
                run.writelines(blocks)
            lengths = array("L", map(len, blocks))
            runs.append(_read(files.enter_context(path.open(encoding="utf-8", newline="\n")), lengths))
        file.writelines(heapq.merge(*runs) if len(runs) > 1 else runs[0])


def lines(node: Node) -> list[str]:
    """A node's triples as lines, sorted."""
    subject, spell = f"<{node.iri}>", _SPELL
    return sorted(
        [
            f"{subject} <{predicate}> <{value}> .\n"
            if type(value) is Iri
            else f"{subject} <{predicate}> {spell[type(value)](value)} .\n"
            for predicate, value in node.properties
        ]
    )


def _sorted_runs(nodes: Iterable[Node]) -> Iterator[list[str]]:
    """The lines of each node as one text; such texts sort as their subjects do."""
    run: list[str] = []
    for node in nodes:
        run.append("".join(lines(node)))
        if len(run) == RUN:
            yield sorted(run)
            run = []
    yield sorted(run)


def _read(file: TextIO, lengths: Iterable[int]) -> Iterator[str]:
    return map(file.read, lengths)


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
    str: quoted,
    int: _integer,
    float: _decimal,
    Typed: _typed,
    TripleTerm: _triple,
}

"""N-Triples, a triple a line, the lines sorted: two exports can be compared by any tool that compares lines.

Nodes are sorted in runs that fit in memory, each a file of its own, which are then merged.
"""

from __future__ import annotations

import heapq
import tempfile
from contextlib import ExitStack
from functools import lru_cache
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TextIO

from kg.rdf.terms import Iri, TripleTerm, Typed, term
from kg.rdf.turtle import decimal, quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from kg.rdf.terms import Node

RUN: Final = 20_000  # nodes sorted in memory at once: about 50 MB
_key: Final = itemgetter(0)


def write(nodes: Iterable[Node], file: TextIO) -> None:
    """Write all triples, sorted by line; the folder for temporary files is the system's."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as files:
        runs: list[Iterator[tuple[str, str]]] = []
        for blocks in _sorted_runs(nodes):
            path = Path(folder) / str(len(runs))
            with path.open("w", encoding="utf-8", newline="\n") as run:
                run.writelines(lines for _, lines in blocks)
            runs.append(_by_subject(files.enter_context(path.open(encoding="utf-8", newline="\n"))))
        if len(runs) == 1:
            file.writelines(lines for _, lines in blocks)
            return
        file.writelines(lines for _, lines in heapq.merge(*runs, key=_key))


def lines(node: Node) -> list[str]:
    """A node's triples as lines, sorted."""
    subject = f"<{node.iri}> "
    spell = _SPELL
    return sorted(
        [f"{subject}{_angle(predicate)} {spell[type(v)](v)} .\n" for predicate, v in node.properties]
    )


def _sorted_runs(nodes: Iterable[Node]) -> Iterator[list[tuple[str, str]]]:
    run: list[tuple[str, str]] = []
    for node in nodes:
        run.append((f"{node.iri}>", "".join(lines(node))))
        if len(run) == RUN:
            yield sorted(run)
            run = []
    yield sorted(run)


def _by_subject(file: Iterable[str]) -> Iterator[tuple[str, str]]:
    """The blocks of a run read back: (subject, its lines)."""
    subject = ""
    block: list[str] = []
    for line in file:
        head = line[1 : line.index(">") + 1]
        if head != subject:
            if block:
                yield subject, "".join(block)
            subject, block = head, []
        block.append(line)
    if block:
        yield subject, "".join(block)


@lru_cache(maxsize=100_000)
def _angle(iri: str) -> str:
    return f"<{iri}>"


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
    Iri: _angle,
    str: quoted,
    int: _integer,
    float: _decimal,
    Typed: _typed,
    TripleTerm: _triple,
}

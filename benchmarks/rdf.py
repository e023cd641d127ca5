"""RDF at size, beside pyoxigraph's own writer and rdflib doing the same in the same run.

python benchmarks/rdf.py CORPUS PAPERS   so many papers of a file (.jsonl or .jsonl.xz), evenly spread, read
                                         by the rules; 6400 of our corpus give two million triples
python benchmarks/rdf.py FOLDER          the store of a build
python benchmarks/rdf.py PAPERS          so many simulated papers, about 250 triples each

Every step runs in a process of its own; its figures are CPU seconds of all its threads, seconds by the clock,
and its peak memory. Then the named queries are asked, see queries.py. `--without-rdflib` leaves rdflib out,
`--limit` is how many seconds it gets for a query, `--no-queries` and `--no-writing` leave out a half.
"""

from __future__ import annotations

import argparse
import contextlib
import lzma
import multiprocessing
import resource
import tempfile
import time
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import queries
from simulated import write_store

from kg import pipeline
from kg.config import Config
from kg.export import rdf
from kg.rdf import mapping, ntriples, turtle
from kg.rdf.dataset import open_store
from kg.rdf.links import Links
from kg.rdf.terms import Iri, TripleTerm, Typed, term
from kg.rdf.turtle import decimal
from kg.store import FILE_NAME, Store
from kg.vocab import DEFAULT_BASE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    import rdflib

    from kg.rdf.nodes import Node
    from kg.rdf.terms import Value

BEST_OF = 3  # runs of the short steps
PATIENCE = 120  # seconds by the clock that rdflib gets to write a file


class Took(NamedTuple):
    """What a step took."""

    cpu: float
    wall: float
    megabytes: float = 0.0
    note: str = ""


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("source", help="a file of papers, the folder of a build, or a number of papers")
    parser.add_argument("papers", nargs="?", type=int, default=6400)
    parser.add_argument("--without-rdflib", action="store_true")
    parser.add_argument("--no-queries", action="store_true")
    parser.add_argument("--no-writing", action="store_true")
    parser.add_argument("--limit", type=float, default=60)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        work = Path(scratch)
        store = source(options.source, options.papers, work)
        print("| step | CPU s | wall s | peak MB | |\n|---|---|---|---|---|", flush=True)
        if options.no_writing:
            step("N-Triples, from the store", write, store, work, "nt")
            step("Turtle, from the store", write, store, work, "ttl")
            step("the store on disk is loaded", load, work)
        else:
            write_and_load(store, work, compare=not options.without_rdflib)
        if not options.no_queries:
            queries.ask(work, 0 if options.without_rdflib else options.limit)


def source(given: str, papers: int, work: Path) -> Path:
    """The store that all is made of."""
    if given.isdecimal():
        return write_store(work / FILE_NAME, int(given))
    if Path(given).is_dir():
        return Path(given) / FILE_NAME
    with (lzma.open if given.endswith(".xz") else open)(given, "rb") as file:
        lines = file.readlines()
    chosen = work / "papers.jsonl"
    chosen.write_bytes(b"".join(lines[at * len(lines) // papers] for at in range(min(papers, len(lines)))))
    report = pipeline.build(
        Config(sources=(chosen,), output=work / "built", pipeline="rules", exports=("none",))
    )
    print(f"{report.papers:,} papers, {report.concepts:,} concepts, {report.statements:,} statements\n")
    return work / "built" / FILE_NAME


def write_and_load(store: Path, work: Path, *, compare: bool) -> None:
    """Every step of writing and loading, then how they compare."""
    took: dict[str, Took | None] = {}
    step("the graph's links, before all else", before, store)
    for form, name in (("nt", "N-Triples"), ("ttl", "Turtle")):
        took[f"ours {form}"] = step(f"{name}, from the store", write, store, work, form)
        took[f"nodes {form}"] = step(f"{name}, nodes ready-made", write_ready, store, work, form)
        took[f"triples {form}"] = step(f"pyoxigraph writes {name}, triples ready-made", ox_ready, work, form)
        if compare:
            named = f"rdflib builds its graph and writes {name}"
            took[f"rdflib {form}"] = step(named, rdflib_write, store, work, form, patience=PATIENCE)
    took["ours load"] = step("the store on disk is loaded from N-Triples", load, work)
    if compare:
        took["rdflib load"] = step("rdflib parses the N-Triples", rdflib_parse, work)
    print("\n| | CPU | wall |\n|---|---|---|")
    for form, name in (("nt", "N-Triples"), ("ttl", "Turtle")):
        ratio(
            f"{name}: from nodes ready-made / pyoxigraph from triples",
            took,
            f"nodes {form}",
            f"triples {form}",
        )
        ratio(f"{name}: from the store / pyoxigraph", took, f"ours {form}", f"triples {form}")
        ratio(f"{name}: from the store / rdflib", took, f"ours {form}", f"rdflib {form}")
    ratio("loading / rdflib's parsing", took, "ours load", "rdflib load")


def ratio(name: str, took: dict[str, Took | None], ours: str, theirs: str) -> None:
    """A row that says how many times as long ours takes as theirs."""
    one, other = took.get(ours), took.get(theirs)
    if one and other:
        print(f"| {name} | {one.cpu / other.cpu:.2f} | {one.wall / other.wall:.2f} |")
    elif one and theirs in took:
        print(f"| {name} | | under {one.wall / PATIENCE:.2f} |")


def step(name: str, does: Callable[..., Took], *arguments: Any, patience: float | None = None) -> Took | None:
    """Run a step in a process of its own and print what it took; None where it was stopped."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_reported, args=(theirs, does, arguments))
    process.start()
    theirs.close()
    took = None
    with contextlib.suppress(EOFError):
        took = ours.recv() if ours.poll(patience) else None
    process.kill()
    process.join()
    shown = f"{took.cpu:.2f} | {took.wall:.2f} | {took.megabytes:.0f} | {took.note}" if took else ""
    print(f"| {name} | {shown or f'| over {patience}, stopped | |'} |", flush=True)
    return took


def _reported(pipe: Any, does: Callable[..., Took], arguments: tuple[Any, ...]) -> None:
    took = does(*arguments)
    pipe.send(took._replace(megabytes=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**10))


def timed(does: Callable[[], object], runs: int = 1) -> Took:
    """The quickest of some runs."""
    found = []
    for _ in range(runs):
        cpu, wall = time.process_time(), time.perf_counter()
        does()
        found.append(Took(time.process_time() - cpu, time.perf_counter() - wall))
    return min(found)


def links(store: Store) -> Links:
    """Links of papers and concepts, as the graph has them, made before the clock starts."""
    from kg.graph import build

    made = rdf.links(build(store))
    return Links(list(made.papers), list(made.concepts), list(made.groups))


def before(path: Path) -> Took:
    with Store.open(path, readonly=True) as store:
        return timed(lambda: links(store))._replace(note="kept in memory by the next steps")


def write(path: Path, work: Path, form: str) -> Took:
    with Store.open(path, readonly=True) as store:
        found = links(store)

        without = timed(lambda: sum(1 for _ in listed(store, form, found)))
        took = timed(lambda: _write(listed(store, form, found), work / f"kg.{form}", form), BEST_OF)
    with (work / f"kg.{form}").open("rb") as file:
        count = f"{sum(1 for _ in file):,} triples, " if form == "nt" else ""
    size = (work / f"kg.{form}").stat().st_size / 1e6
    return took._replace(note=f"{count}{size:.0f} MB; {without.cpu:.2f} s of it without writing")


def listed(store: Store, form: str, found: Links) -> Iterator[Node]:
    """The nodes in the order in which the format is written."""
    nodes = mapping.by_subject if form == "nt" else mapping.nodes
    return nodes(store, DEFAULT_BASE, "Papers", found)


def write_ready(path: Path, work: Path, form: str) -> Took:
    with Store.open(path, readonly=True) as store:
        nodes = list(listed(store, form, links(store)))
    if form == "nt":
        nodes.sort(key=attrgetter("iri"))  # as pyoxigraph's triples are
    took = timed(lambda: _write(nodes, work / f"ready.{form}", form), BEST_OF)
    return took._replace(note="memory with the nodes")


def _write(nodes: Iterable[Node], path: Path, form: str) -> None:
    if form == "nt":
        ntriples.write(nodes, path)
    else:
        with path.open("w", encoding="utf-8", newline="\n", buffering=1 << 20) as text:
            turtle.write(nodes, text, DEFAULT_BASE)


def ox_ready(work: Path, form: str) -> Took:
    import pyoxigraph as ox

    triples = [quad.triple for quad in ox.parse(path=work / "kg.nt", format=ox.RdfFormat.N_TRIPLES)]
    path, format_ = work / f"ready.{form}", ox.RdfFormat.from_extension(form)
    took = timed(lambda: ox.serialize(triples, path, format_), BEST_OF)
    return took._replace(note="memory with the triples")


def rdflib_write(path: Path, work: Path, form: str) -> Took:
    import rdflib

    def write() -> None:
        graph = rdflib.Graph()
        for node in mapping.nodes(store, DEFAULT_BASE, "Papers", found):
            subject = rdflib.URIRef(node.iri)
            for predicate, value in node.properties:
                graph.add((subject, rdflib.URIRef(predicate), _rdflib(value)))
        graph.serialize(work / f"rdflib.{form}", format=form, encoding="utf-8")

    with Store.open(path, readonly=True) as store:
        found = links(store)
        return timed(write)


def _rdflib(value: Value) -> rdflib.term.Node:
    import rdflib

    assert not isinstance(value, TripleTerm)
    if isinstance(value, Iri):
        return rdflib.URIRef(value)
    if isinstance(value, Typed):
        return rdflib.Literal(value.lexical, datatype=rdflib.URIRef(value.datatype))
    if isinstance(value, float):
        return rdflib.Literal(decimal(value), datatype=rdflib.URIRef(term("xsd:decimal")))
    return rdflib.Literal(value)


def load(work: Path) -> Took:
    return timed(lambda: open_store(work))._replace(note="with the ontology")


def rdflib_parse(work: Path) -> Took:
    import rdflib

    return timed(lambda: rdflib.Graph().parse(work / "kg.nt", format="nt"))


if __name__ == "__main__":
    main()

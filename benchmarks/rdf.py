"""RDF at size, beside rdflib in the same run: `python benchmarks/rdf.py FOLDER_OF_A_BUILD` or `... PAPERS`.

A number makes a simulated store of so many papers (about 180 triples each). Every step runs in a process of
its own; figures are CPU seconds of all its threads and its peak memory. `--without-rdflib` leaves rdflib out.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import resource
import signal
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simulated import write_store

from kg.export import rdf
from kg.rdf import mapping, named, ntriples, parameters, turtle
from kg.rdf.dataset import open_store
from kg.rdf.links import Links
from kg.rdf.terms import Iri, TripleTerm, Typed, term
from kg.rdf.turtle import decimal
from kg.store import FILE_NAME, Store
from kg.vocab import DEFAULT_BASE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import rdflib

    from kg.rdf.nodes import Node
    from kg.rdf.terms import Value

LIMIT = 120  # seconds that rdflib gets for a query
REPEATS = 5


def main() -> None:
    arguments = [argument for argument in sys.argv[1:] if not argument.startswith("--")]
    given, compare = (arguments or ["11000"])[0], "--without-rdflib" not in sys.argv
    with tempfile.TemporaryDirectory() as scratch:
        work = Path(scratch)
        store = write_store(work / FILE_NAME, int(given)) if given.isdecimal() else Path(given) / FILE_NAME
        print("| step | CPU s | peak MB | |\n|---|---|---|---|", flush=True)
        step("the graph's links, before all else", before, store)
        step("N-Triples, from the store", write_nt, store, work)
        step("Turtle, from the store", write_ttl, store, work)
        step("pyoxigraph writes N-Triples, triples ready-made", ready_nt, work)
        step("pyoxigraph writes Turtle, triples ready-made", ready_ttl, work)
        if compare:
            step("rdflib builds its graph and writes N-Triples", rdflib_write, store, work, "nt")
            step("rdflib builds its graph and writes Turtle", rdflib_write, store, work, "turtle")
        step("the store on disk is loaded", load, work)
        if compare:
            step("rdflib parses the Turtle", rdflib_parse, work)
        ask(work, compare=compare)


def step(name: str, does: Callable[..., Any], *arguments: Any) -> None:
    """Run a step in a process of its own and print what it took; it times itself and says so."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_reported, args=(theirs, does, arguments))
    process.start()
    theirs.close()
    with contextlib.suppress(EOFError):
        seconds, megabytes, note = ours.recv()
        print(f"| {name} | {seconds:.2f} | {megabytes:.0f} | {note} |", flush=True)
    process.join()


def _reported(pipe: Any, does: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
    seconds, note = does(*arguments)
    pipe.send((seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**10, note))


def timed(does: Callable[[], object]) -> float:
    begin = time.process_time()
    does()
    return time.process_time() - begin


def links(store: Store) -> Links:
    """Links of papers and concepts, as the graph has them, made before the clock starts."""
    from kg.graph import build

    made = rdf.links(build(store))
    return Links(list(made.papers), list(made.concepts), list(made.groups))


def before(path: Path) -> tuple[float, str]:
    with Store.open(path, readonly=True) as store:
        return timed(lambda: links(store)), "in memory in the next steps and in rdflib's"


def write_nt(path: Path, work: Path) -> tuple[float, str]:
    return _write(path, work / "kg.nt", lambda nodes, file: ntriples.write(nodes, file))


def write_ttl(path: Path, work: Path) -> tuple[float, str]:
    return _write(path, work / "kg.ttl", lambda nodes, file: turtle.write(nodes, file, DEFAULT_BASE))


def _write(path: Path, to: Path, write: Callable[[Iterator[Node], Any], None]) -> tuple[float, str]:
    with Store.open(path, readonly=True) as store, to.open("w", encoding="utf-8", newline="\n") as file:
        found = links(store)
        building = timed(lambda: sum(1 for _ in mapping.nodes(store, DEFAULT_BASE, "Papers", found)))
        seconds = timed(lambda: write(mapping.nodes(store, DEFAULT_BASE, "Papers", found), file))
    with to.open("rb") as file:
        lines = sum(1 for _ in file)
    count = f"{lines:,} triples, " if to.suffix == ".nt" else ""
    return seconds, f"{count}{to.stat().st_size / 1e6:.0f} MB; {building:.2f} s of it without writing"


def ready_nt(work: Path) -> tuple[float, str]:
    return _ready(work, "nt")


def ready_ttl(work: Path) -> tuple[float, str]:
    return _ready(work, "ttl")


def _ready(work: Path, ending: str) -> tuple[float, str]:
    import pyoxigraph as ox

    triples = [quad.triple for quad in ox.parse(path=work / "kg.nt", format=ox.RdfFormat.N_TRIPLES)]
    form = ox.RdfFormat.from_extension(ending)
    return timed(
        lambda: ox.serialize(triples, str(work / f"ready.{ending}"), form)
    ), "memory with the triples"


def rdflib_write(path: Path, work: Path, form: str) -> tuple[float, str]:
    import rdflib

    with Store.open(path, readonly=True) as store:
        found = links(store)

        def write() -> None:
            graph = rdflib.Graph()
            for node in mapping.nodes(store, DEFAULT_BASE, "Papers", found):
                subject = rdflib.URIRef(node.iri)
                for predicate, value in node.properties:
                    graph.add((subject, rdflib.URIRef(predicate), _rdflib(value)))
            graph.serialize(work / f"rdflib.{form}", format=form, encoding="utf-8")

        return timed(write), ""


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


def load(work: Path) -> tuple[float, str]:
    return timed(lambda: open_store(work)), "from N-Triples, with the ontology"


def rdflib_parse(work: Path) -> tuple[float, str]:
    import rdflib

    return timed(lambda: rdflib.Graph().parse(work / "kg.ttl")), ""


def ask(work: Path, *, compare: bool) -> None:
    """The named queries, warm: the median of some runs here, one run in rdflib; CPU time."""
    store = open_store(work)
    texts = dict(_texts(store))
    ours = {name: _warm(lambda text=text: _drain(store.query(text))) for name, text in texts.items()}
    theirs = _asked_of_rdflib(work, texts) if compare else {}
    _print_queries(ours, theirs, compare=compare)


def _print_queries(
    ours: dict[str, tuple[float, int]], theirs: dict[str, float | None], *, compare: bool
) -> None:
    print("\n| query | rows | pyoxigraph ms | rdflib ms | times |\n|---|---|---|---|---|")
    for name, (seconds, rows) in ours.items():
        other = theirs.get(name)
        shown = f"{1000 * other:,.0f} | {other / seconds:.0f}" if other else f"{'late' if compare else ''} | "
        print(f"| {name} | {rows} | {1000 * seconds:.1f} | {shown} |")
    times = [seconds for seconds, _ in ours.values()]
    print(f"\nmedian {1000 * statistics.median(times):.1f} ms, worst {1000 * max(times):.0f} ms")
    if compare:
        ratios = [other / ours[name][0] for name, other in theirs.items() if other]
        late = len(ours) - len(ratios)
        print(f"rdflib takes {statistics.median(ratios):.0f} times that in the median; {late} over {LIMIT} s")


def _texts(store: Any) -> Iterator[tuple[str, str]]:
    """Each named query with values: a concept in many papers, and two papers that share concepts."""
    concept = _first(store, "SELECT ?c { ?c kg:paperCount ?n } ORDER BY DESC(?n) ?c OFFSET 5 LIMIT 1")
    link = (
        "SELECT ?p { ?l a kg:PaperLink ; kg:sharedCount ?n ; kg:between ?p } ORDER BY DESC(?n) ?l ?p LIMIT 1"
    )
    paper = _first(store, link)
    other = _first(store, link.replace("LIMIT 1", "OFFSET 41 LIMIT 1"))
    given = {"concept": concept, "paper": paper, "from": paper, "to": other, "words": "contrastive"}

    def find(text: str) -> list[Iri]:
        return [Iri(row[0].value) for row in store.query(text)]

    for query in named.all_queries():
        values = {p.name: given[p.name] for p in query.parameters if p.required}
        yield query.name, parameters.prepare("", values, find, name=query.name)


def _first(store: Any, text: str) -> str:
    from kg.rdf.terms import NAMESPACES

    return str(next(iter(store.query(text, prefixes=NAMESPACES)))[0].value)


def _drain(result: Any) -> int:
    return sum(1 for _ in result)


def _warm(does: Callable[[], int]) -> tuple[float, int]:
    rows = does()
    return statistics.median(timed(does) for _ in range(REPEATS)), rows


def _asked_of_rdflib(work: Path, texts: dict[str, str]) -> dict[str, float | None]:
    import rdflib

    graph = rdflib.Graph().parse(work / "kg.ttl")
    found: dict[str, float | None] = {}
    signal.signal(signal.SIGPROF, _late)
    for name, text in texts.items():
        signal.setitimer(signal.ITIMER_PROF, LIMIT)
        try:
            found[name] = timed(lambda text=text: _drain(graph.query(text)))
        except TimeoutError:
            found[name] = None
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
    return found


def _late(*_: object) -> None:
    raise TimeoutError


if __name__ == "__main__":
    main()

"""The named queries, warm, in our store on disk and in rdflib's memory store; asked by rdf.py."""

from __future__ import annotations

import contextlib
import multiprocessing
import signal
import statistics
import time
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from kg.rdf import named, parameters
from kg.rdf.dataset import open_store
from kg.rdf.loading import BUILDS_GRAPH
from kg.rdf.terms import NAMESPACES, Iri

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

REPEATS = 5
GRACE = 5.0  # seconds beyond its limit after which rdflib's process is ended


class Asked(NamedTuple):
    """What a query took; one that was stopped took at least so long."""

    cpu: float
    wall: float
    rows: int
    stopped: bool = False


def ask(work: Path, limit: float) -> None:
    """Print every named query; rdflib gets `limit` CPU seconds for each, none at all where it is 0.

    What asks of earlier builds is left out with rdflib, whose graph knows of none.
    """
    store = open_store(work)
    texts = dict(_texts(store))
    ours = {name: _warm(partial(_drain, store, text)) for name, text in texts.items()}
    print("\n| query | rows | ms | wall ms | rdflib ms | times |\n|---|---|---|---|---|---|", flush=True)
    ratios, others = [], []
    both = {name: text for name, text in texts.items() if BUILDS_GRAPH not in text}
    theirs = _asked_of_rdflib(work, both, limit) if limit else iter(())
    for name, asked in ours.items():
        other = next(theirs, None) if name in both else None
        row = f"| {name} | {asked.rows} | {1000 * asked.cpu:.1f} | {1000 * asked.wall:.1f} |"
        if other is None:
            print(f"{row} | |", flush=True)
            continue
        ratios.append(other.cpu / asked.cpu)
        others.append(other.cpu)
        over = "over " if other.stopped else ""
        different = "" if other.stopped or other.rows == asked.rows else f" ({other.rows} rows)"
        print(f"{row} {over}{1000 * other.cpu:,.0f}{different} | {over}{ratios[-1]:,.0f} |", flush=True)
    _print_summary(ours, ratios, others)


def _print_summary(ours: dict[str, Asked], ratios: list[float], others: list[float]) -> None:
    times = [asked.cpu for asked in ours.values()]
    worst = max(ours, key=lambda name: ours[name].cpu)
    print(f"\nmedian {1000 * statistics.median(times):.1f} ms, worst {1000 * max(times):.0f} ms ({worst})")
    if ratios:
        print(f"rdflib's median {1000 * statistics.median(others):,.0f} ms, at least")
        print(f"rdflib takes {statistics.median(ratios):,.0f} times as long in the median, at least")


def _texts(store: Any) -> Iterator[tuple[str, str]]:
    """Each named query with values: a concept in many papers, and two papers with many concepts."""
    concept = _first(store, "SELECT ?c { ?c kg:paperCount ?n } ORDER BY DESC(?n) ?c OFFSET 5 LIMIT 1")
    papers = "SELECT ?p { ?p schema:mentions ?c } GROUP BY ?p ORDER BY DESC(COUNT(?c)) ?p LIMIT 1"
    paper, other = _first(store, papers), _first(store, f"{papers} OFFSET 40")
    given = {"concept": concept, "paper": paper, "from": paper, "to": other, "words": "contrastive"}

    def find(text: str) -> list[Iri]:
        return [Iri(row[0].value) for row in store.query(text)]

    for query in named.all_queries():
        values = {p.name: given[p.name] for p in query.parameters if p.required}
        yield query.name, parameters.prepare("", values, find, name=query.name)


def _first(store: Any, text: str) -> str:
    return str(next(iter(store.query(text, prefixes=NAMESPACES)))[0].value)


def _drain(data: Any, text: str) -> int:
    return sum(1 for _ in data.query(text))


def _warm(does: Callable[[], int]) -> Asked:
    """The median of some runs after a first one."""
    does()
    return sorted(_timed(does) for _ in range(REPEATS))[REPEATS // 2]


def _timed(does: Callable[[], int]) -> Asked:
    cpu, wall = time.process_time(), time.perf_counter()
    rows = does()
    return Asked(time.process_time() - cpu, time.perf_counter() - wall, rows)


def _asked_of_rdflib(work: Path, texts: dict[str, str], limit: float) -> Iterator[Asked]:
    """What each query takes in rdflib, once each, in one process, which is ended if it is silent."""
    context = multiprocessing.get_context("spawn")
    waiting = list(texts.values())
    while waiting:
        ours, theirs = context.Pipe()
        process = context.Process(target=_rdflib, args=(theirs, work, waiting, limit))
        process.start()
        theirs.close()
        with contextlib.suppress(EOFError):
            ours.recv()  # the graph is there
            while waiting and ours.poll(20 * limit + GRACE):
                yield ours.recv()
                waiting.pop(0)
        process.kill()
        process.join()
        if waiting:  # it didn't even stop at its limit, or died
            waiting.pop(0)
            yield Asked(limit, limit, 0, stopped=True)


def _rdflib(pipe: Any, work: Path, texts: list[str], limit: float) -> None:
    import rdflib

    graph = rdflib.Graph().parse(work / "kg.nt", format="nt")
    pipe.send(len(graph))
    signal.signal(signal.SIGPROF, _late)
    for text in texts:
        signal.setitimer(signal.ITIMER_PROF, limit)
        try:
            asked = _timed(partial(_drain, graph, text))
        except TimeoutError:
            asked = Asked(limit, limit, 0, stopped=True)
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
        pipe.send(asked)


def _late(*_: object) -> None:
    raise TimeoutError


if __name__ == "__main__":
    raise SystemExit("python benchmarks/rdf.py asks these queries")

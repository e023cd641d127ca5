"""How long the graph takes: `python benchmarks/graph.py [PAPERS ...]`, simulated; 1000 and 10000 by default.

CPU seconds of this process for each step, and the peak of its memory after it.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from simulated import write_store

from kg.graph import build, gaps, path, projection, related
from kg.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable

Result = TypeVar("Result")


def measure(name: str, does: Callable[[], Result]) -> Result:
    begin = time.process_time()
    result = does()
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**10
    print(f"| {name} | {time.process_time() - begin:.2f} | {megabytes:.0f} |", flush=True)
    return result


def main() -> None:
    print("| step | CPU s | peak MB |\n|---|---|---|")
    for papers in map(int, sys.argv[1:] or (1000, 10_000)):
        measure_all(papers)


def measure_all(papers: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        write_store(Path(folder) / "kg.sqlite", papers)
        with Store.open(Path(folder) / "kg.sqlite", readonly=True) as store:
            graph = measure(f"{papers} papers: the whole graph", lambda: build(store))
    grid = projection.incidence(list(graph.papers), list(graph.concepts), graph.edges)
    links = measure("links of papers", lambda: projection.paper_links(grid))
    measure("links of concepts", lambda: projection.concept_links(grid))
    measure("gaps", lambda: gaps(graph))
    measure("related papers of one", lambda: related(graph, "paper-0"))
    measure("a path", lambda: path(graph, "paper-0", f"paper-{papers - 1}"))
    print(f"| {len(graph.edges)} edges, {len(links)} links, {len(graph.communities)} communities | | |")


if __name__ == "__main__":
    main()

"""How soon the page is usable, beside plain pyvis: `python benchmarks/page.py [STORE.sqlite or PAPERS ...]`.

For the store of the bundled corpus and for simulated ones, in headless Chromium with software rendering,
papers and concepts together: the file's size; seconds until the picture is drawn, until all is read, and
until a search answers after that; frames a second while the picture is dragged; CPU seconds of Chromium until
all is read. Then plain pyvis with its defaults on the same nodes and edges (up to MOST_PLAIN nodes, at most
PATIENCE seconds), until its physics has come to rest.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simulated import write_store

from kg.config import Config
from kg.export import Source
from kg.export.html import network, page
from kg.export.page.tables import rows
from kg.graph import build
from kg.graph.overview import overview
from kg.store import Store

if TYPE_CHECKING:
    from collections.abc import Iterator

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
HEAD = "| page | MB | nodes | drawn s | read s | search s | frames/s | CPU s |\n" + 8 * "|---" + "|"
MOST_PLAIN = 1600  # nodes; plain pyvis takes minutes beyond
PATIENCE = 90  # seconds
SEARCH = """() => new Promise((done) => {
    const field = document.getElementById('query');
    const begin = performance.now();
    field.value = 'pa';
    field.dispatchEvent(new Event('input'));
    const look = () => document.querySelector('#found li') ? done((performance.now() - begin) / 1000)
        : setTimeout(look, 5);
    look();
})"""
FRAMES = """() => { window.frames_ = 0; const tick = () => { frames_++; requestAnimationFrame(tick); };
    requestAnimationFrame(tick); }"""


def main() -> None:
    arguments = sys.argv[1:] or ["exports/kg.sqlite", "150", "1000", "10000"]
    print(HEAD)
    with tempfile.TemporaryDirectory() as folder, browser() as chromium:
        for argument in arguments:
            store = Path(argument)
            if argument.isdigit():
                store = write_store(Path(folder) / f"{argument}.sqlite", int(argument))
            measure(chromium, argument, store, Path(folder))


def measure(chromium: Any, name: str, path: Path, folder: Path) -> None:
    with Store.open(path, readonly=True) as store:
        source = Source(store, build(store), Config(title=name))
        ours, plain = folder / "ours.html", folder / "plain.html"
        ours.write_text(page(source), encoding="utf-8")
        nodes = write_plain(source, plain)
    measure_ours(chromium, name, ours)
    if nodes <= MOST_PLAIN:
        measure_plain(chromium, f"{name}, plain pyvis", plain, nodes)


def measure_ours(chromium: Any, name: str, path: Path) -> None:
    used, tab = cpu(), chromium.new_page(viewport={"width": 1280, "height": 800})
    tab.goto(path.as_uri() + "#view=both&least=1")
    tab.wait_for_selector("body[data-ready]", timeout=PATIENCE * 1000)
    spent = cpu() - used
    drawn, read = (
        tab.evaluate(f"performance.getEntriesByName('{m}')[0].startTime / 1000") for m in ("drawn", "ready")
    )
    answered = tab.evaluate(SEARCH)
    tab.keyboard.press("Escape")
    rate, nodes = dragged(tab), tab.evaluate("kgPage.shown().length")
    times = f"{drawn:.2f} | {read:.2f} | {answered:.2f} | {rate:.0f} | {spent:.1f}"
    print(f"| {name} | {path.stat().st_size / 1e6:.2f} | {nodes} | {times} |", flush=True)
    tab.close()


def marked(tab: Any, name: str) -> float:
    """When the page passed a mark, in seconds from its opening."""
    return float(tab.evaluate(f"performance.getEntriesByName('{name}')[0].startTime / 1000"))


def dragged(tab: Any) -> float:
    """Frames a second while the picture is dragged about."""
    box = tab.locator("#picture canvas").bounding_box()
    x, y = box["x"] + 20, box["y"] + 60
    tab.mouse.move(x, y)
    tab.mouse.down()
    tab.evaluate(FRAMES)
    begin = time.perf_counter()
    for step in range(60):
        tab.mouse.move(x + 3 * step, y + 2 * step)
    frames = tab.evaluate("frames_")
    seconds = time.perf_counter() - begin
    tab.mouse.up()
    return float(frames / seconds)


def write_plain(source: Source, path: Path) -> int:
    """The same nodes and edges by pyvis alone, with its defaults."""
    from pyvis.network import Network

    shown = overview(source.graph)
    made = network(source.graph, rows(source.graph, also=shown.concepts), shown)
    plain = Network(cdn_resources="in_line")
    for node in made["nodes"]:
        plain.add_node(node["id"], label=node["id"])
    plain.edges = [{"from": edge["from"], "to": edge["to"]} for edge in made["edges"]]
    path.write_text(plain.generate_html(), encoding="utf-8")
    return len(made["nodes"])


def measure_plain(chromium: Any, name: str, path: Path, nodes: int) -> None:
    used, tab = cpu(), chromium.new_page(viewport={"width": 1280, "height": 800})
    tab.route(
        "**/*", lambda route: route.continue_() if route.request.url.startswith("file:") else route.abort()
    )
    begin = time.perf_counter()
    tab.goto(path.as_uri(), wait_until="commit")
    at_rest = "typeof network !== 'undefined' && network && network.physics.stabilized"
    took = f"over {PATIENCE}"
    while time.perf_counter() - begin < PATIENCE:
        if tab.evaluate(at_rest):
            took = f"{time.perf_counter() - begin:.2f}"
            break
        time.sleep(0.2)
    megabytes, spent = path.stat().st_size / 1e6, cpu() - used
    print(f"| {name} | {megabytes:.2f} | {nodes} | | {took} | | | {spent:.1f} |", flush=True)
    tab.close()


@contextmanager
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        yield opened
        opened.close()


def cpu() -> float:
    """CPU seconds of all that this process started and that still runs, from /proc."""
    parents, spent = {}, {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it ended meanwhile
        parents[int(folder.name)], spent[int(folder.name)] = int(fields[1]), int(fields[11]) + int(fields[12])
    ours = {os.getpid()}
    while more := {child for child, parent in parents.items() if parent in ours} - ours:
        ours |= more
    return sum(spent.get(child, 0) for child in ours - {os.getpid()}) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()

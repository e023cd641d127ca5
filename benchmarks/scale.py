"""What a build of many papers costs, stage by stage: from nothing, with one paper more, and with nothing new.

    python benchmarks/scale.py CORPUS [N] [--exports none] [--from STORE]

CORPUS is a file of papers that the program reads, N how many of its first lines are taken (all). The papers
are read with the pipeline `rules`. Each build is a process of its own; CPU seconds are its own and its
children's, the peak is the largest of resident memory up to the end of the stage. `--from` begins with a copy
of a store of these papers instead of reading them.
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from itertools import islice
from pathlib import Path
from typing import Any

STAGES = {
    "ingest": ("kg.pipeline", "update"),
    "read": ("kg.reading", "Reader.read_new"),
    "link": ("kg.link", "Linker.update"),
    "assemble": ("kg.pipeline", "_assemble"),
    "exports": ("kg.publish", "publish"),
}
MEGABYTE = 2**20 if sys.platform == "darwin" else 2**10
NEW = {
    "id": "one-paper-more",
    "title": "Tidal Networks: Reinforcement Learning for Large Language Models",
    "abstract": "We propose TideNet, a large language model (LLM) trained with reinforcement learning (RL) "
    "on ImageNet and WikiText-103. TideNet outperforms GPT-2 and BERT in image classification and machine "
    "translation, measured by accuracy and BLEU. We use the Adam optimizer.",
}


def used() -> tuple[float, float, float]:
    """CPU seconds of this process and its children, the clock, megabytes of the largest of them."""
    parts = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    cpu = sum(part.ru_utime + part.ru_stime for part in parts)
    return cpu, time.perf_counter(), max(part.ru_maxrss for part in parts) / MEGABYTE


def timed(name: str, function: Any, rows: list[Any]) -> Any:
    """The function, noting what each call costs."""

    def measured(*args: Any, **options: Any) -> Any:
        cpu, clock, _ = used()
        try:
            return function(*args, **options)
        finally:
            after = used()
            rows.append((name, after[0] - cpu, after[1] - clock, after[2]))

    return measured


def build(source: Path, output: Path, exports: str) -> None:
    """Build in this process, and print what its stages cost as JSON."""
    from importlib import import_module

    rows: list[Any] = []
    for name, (module, path) in STAGES.items():
        *owners, attribute = path.split(".")
        owner = import_module(module)
        for each in owners:
            owner = getattr(owner, each)
        setattr(owner, attribute, timed(name, getattr(owner, attribute), rows))
    from kg import pipeline
    from kg.config import Config

    report = pipeline.build(
        Config(sources=(source,), output=output, pipeline="rules", exports=tuple(exports.split(",")))
    )
    print(json.dumps({"rows": rows, "new": report.new, "read": report.read, "concepts": report.concepts}))


def measure(title: str, source: Path, output: Path, exports: str) -> None:
    """A row for each stage of a build in a process of its own, and one for the whole of it, imports
    included.
    """
    cpu, clock, _ = used()
    command = [sys.executable, __file__, "--build", str(source), str(output), exports]
    made = json.loads(subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout)
    cpu, clock = used()[0] - cpu, used()[1] - clock
    print(f"\n{title}: {made['new']} new, {made['read']} read, {made['concepts']} concepts\n")
    print("| stage | CPU s | wall s | peak MB |\n|---|---:|---:|---:|")
    for name, *figures in made["rows"]:
        print("| {} | {:.2f} | {:.2f} | {:.0f} |".format(name, *figures))
    print(
        f"| **process** | {cpu:.2f} | {clock:.2f} | {max(row[3] for row in made['rows']):.0f} |", flush=True
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("corpus", type=Path)
    parser.add_argument("n", type=int, nargs="?")
    parser.add_argument("--exports", default="none", help="files with commas between them, or all")
    parser.add_argument("--from", dest="store", type=Path, help="a kg.sqlite to begin with")
    options = parser.parse_args()
    sys.path.insert(0, str(Path(__file__).parent.parent))
    from kg.ingest.source import open_source

    with tempfile.TemporaryDirectory() as folder:
        source, output = Path(folder) / "papers.jsonl", Path(folder) / "out"
        output.mkdir()
        with open_source(options.corpus) as corpus, source.open("wb") as file:
            file.writelines(islice(corpus, options.n))
        if options.store:
            shutil.copy(options.store, output / "kg.sqlite")
        measure("from a store" if options.store else "from nothing", source, output, options.exports)
        with source.open("a", encoding="utf-8") as file:
            file.write(json.dumps(NEW) + "\n")
        measure("with one paper more", source, output, options.exports)
        measure("with nothing new", source, output, options.exports)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--build"]:
        sys.path.insert(0, str(Path(__file__).parent.parent))
        build(Path(sys.argv[2]), Path(sys.argv[3]), sys.argv[4])
    else:
        main()

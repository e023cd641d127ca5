"""How long a build takes and how much memory, from nothing and again: `python benchmarks/build.py [SOURCES]`.

Each build is a process of its own, imports included. Wall and CPU seconds, and the peak of resident memory of
the process and of the largest of its children, as the kernel counts them.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent


def measure(name: str, *arguments: str) -> None:
    """Run `kg` in a child of a child, so that each row's peak is its own."""
    begin = time.perf_counter()
    code = (
        "import resource, subprocess, sys;"
        "command = [sys.executable, '-m', 'kg', *sys.argv[1:]];"
        "code = subprocess.run(command, stdout=subprocess.DEVNULL).returncode;"
        "used = resource.getrusage(resource.RUSAGE_CHILDREN);"
        "print(code, used.ru_utime + used.ru_stime, used.ru_maxrss)"
    )
    command = [sys.executable, "-c", code, *arguments]
    output = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    wall = time.perf_counter() - begin
    exit_code, cpu, peak = output.split()
    megabytes = int(peak) / (2**20 if sys.platform == "darwin" else 2**10)
    print(f"| {name} | {exit_code} | {wall:.2f} | {float(cpu):.2f} | {megabytes:.0f} |")


def main() -> None:
    sources = [str(Path(source).absolute()) for source in sys.argv[1:]]
    print("| build | exit code | wall s | CPU s | peak MB |\n|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        measure("from nothing", "build", *sources, "-o", folder)
        measure("again, nothing changed", "build", *sources, "-o", folder)
        measure("rebuild", "rebuild", *sources, "-o", folder)
        measure("--help", "--help")


if __name__ == "__main__":
    main()

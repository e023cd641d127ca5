"""The fuzzing benchmark itself: a few inputs of each reader, and that it finds what it is made to find."""

from __future__ import annotations

import subprocess
import sys

import pytest

READERS = [
    "jsonl",
    "page",
    "packed",
    "curation",
    "toml",
    "turtle",
    "jsonld",
    "owl",
    "csv",
    "evaluate",
    "sparql",
]


@pytest.mark.slow
def test_no_mutated_input_is_a_traceback(root, tmp_path):
    command = [
        sys.executable,
        str(root / "benchmarks" / "fuzz.py"),
        "--inputs",
        "150",
        "--keep",
        str(tmp_path),
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in done.stdout.splitlines()[2:]]
    assert [row[0] for row in rows] == READERS
    assert all(int(row[2]) + int(row[3]) == 150 for row in rows)
    assert sum(int(row[2]) > 0 and int(row[3]) > 0 for row in rows) == len(READERS), (
        "none takes all or nothing"
    )


def test_a_traceback_is_found_and_its_input_kept(root, tmp_path):
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); import fuzz\n"
        "def wrong(path): raise KeyError(path.name)\n"
        "fuzz.targets = lambda: {'x': fuzz.Target([b'abc'], ['t'], ('.txt',), wrong)}\n"
        "sys.exit(fuzz.main(['--inputs', '3', '--keep', sys.argv[2]]))"
    )
    command = [sys.executable, "-c", code, str(root / "benchmarks"), str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "| x | 3 | 0 | 0 | 3 |" in done.stdout
    assert sorted(path.name for path in tmp_path.iterdir()) == ["x-0.txt", "x-1.txt", "x-2.txt"]

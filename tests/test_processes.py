"""Builds as processes of their own: hash seeds, kills, a full disk, what a user without a terminal sees."""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from kg.export import EXPORTERS

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow


def start(*arguments: str, cwd: Path, seed: str = "0", limit: int | None = None) -> subprocess.Popen[str]:
    def limited() -> None:
        if limit is not None:
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    environment = os.environ | {"PYTHONHASHSEED": seed}
    return subprocess.Popen(
        [sys.executable, "-m", "kg", *arguments],
        cwd=cwd, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, preexec_fn=limited,
    )  # fmt: skip


def run(*arguments: str, cwd: Path, seed: str = "0", limit: int | None = None) -> tuple[int, str, str]:
    process = start(*arguments, cwd=cwd, seed=seed, limit=limit)
    output, errors = process.communicate(timeout=300)
    return process.returncode, output, errors


def exports(folder: Path) -> dict[str, bytes]:
    return {name: (folder / name).read_bytes() for name in EXPORTERS}


def test_the_bundled_exports_do_not_depend_on_the_hash_seed(root, tmp_path):
    for seed in ("1", "2"):
        code, output, errors = run("build", "-o", str(tmp_path / seed), cwd=root, seed=seed)
        assert code == 0, errors
        assert "20 papers" in output
        assert errors == ""
    one, other = exports(tmp_path / "1"), exports(tmp_path / "2")
    assert [name for name in one if one[name] != other[name]] == []


def test_the_committed_turtle_is_what_a_build_writes(root, tmp_path):
    code, _, errors = run("build", "-o", str(tmp_path), cwd=root)
    assert code == 0, errors
    made, committed = (tmp_path / "kg.ttl").read_text(), (root / "exports" / "kg.ttl").read_text()
    assert made == committed, (
        "the bundled corpus' Turtle has changed: `kg build`, read the difference, commit it"
    )


@pytest.fixture
def many(tmp_path, toy) -> Path:
    """A folder with a kg.toml for 600 papers."""
    papers = [json.loads(line) for line in (toy / "papers.jsonl").read_text(encoding="utf-8").splitlines()]
    copies = [
        paper | {"id": f"{paper['id']}-{n}", "title": f"{paper['title']} {n}"}
        for n in range(50)
        for paper in papers
    ]
    (tmp_path / "papers.jsonl").write_text("\n".join(map(json.dumps, copies)))
    (tmp_path / "kg.toml").write_text('sources = ["papers.jsonl"]\npipeline = "rules"\n')
    return tmp_path


def test_a_build_goes_on_after_kills_and_ends_as_if_nothing_had_been(many):
    assert run("build", "-o", "whole", cwd=many)[0] == 0
    killed = 0
    for wait in (0.8, 1.1, 1.4, 1.8, 2.4, 4):
        process = start("build", "-o", "killed", cwd=many)
        time.sleep(wait)
        killed += process.poll() is None
        process.kill()
        process.communicate()
    assert killed >= 2
    code, _, errors = run("build", "-o", "killed", cwd=many)
    assert code == 0, errors
    assert exports(many / "killed") == exports(many / "whole")
    assert not (many / "killed" / ".new").exists()


def test_a_full_disk_is_one_clear_error_and_loses_nothing(many):
    assert run("build", cwd=many)[0] == 0
    before = exports(many / "exports")
    (many / "kg.toml").write_text('sources = ["papers.jsonl"]\npipeline = "rules"\ntitle = "Another"\n')
    code, output, errors = run("build", cwd=many, limit=100_000)
    assert code in (5, 6)
    assert output == ""
    assert errors.startswith("kg: ")
    assert errors.count("\n") == 1
    assert exports(many / "exports") == before
    assert run("build", cwd=many)[0] == 0


def test_an_unwritable_folder_is_one_clear_error(many):
    if os.geteuid() == 0:
        blocked = "/proc/exports"
    else:
        (many / "blocked").mkdir(mode=0o500)
        blocked = str(many / "blocked" / "exports")
    code, _, errors = run("build", "-o", blocked, cwd=many)
    assert (code, errors.count("\n")) == (6, 1)
    assert "choose another" in errors

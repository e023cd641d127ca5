"""How many processes read: as many as processors and memory hold, and no more than asked for."""

from __future__ import annotations

import os
from itertools import product

import pytest

from kg import machine, reading
from kg.reading import EACH, MANY, Reader


@pytest.fixture
def system(monkeypatch, tmp_path):
    """An invented machine: files of the kernel under a folder of the test's."""
    real = machine._text
    monkeypatch.setattr(machine, "_GROUPS", tmp_path / "sys/fs/cgroup")
    monkeypatch.setattr(
        machine,
        "_text",
        lambda path: real(path if path.is_relative_to(tmp_path) else tmp_path / path.relative_to("/")),
    )

    def write(**files: str) -> None:
        for name, text in files.items():
            path = tmp_path / name.replace("__", "/").replace("_dot_", ".")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)

    return write


def test_memory_is_what_the_kernel_says_is_available(system):
    system(proc__meminfo="MemTotal:  64000000 kB\nMemFree: 5 kB\nMemAvailable:  4000 kB\n")
    assert machine.free_memory() == 4_096_000


def test_memory_is_bounded_by_every_control_group_around(system):
    system(proc__meminfo="MemAvailable: 64000000 kB\n", proc__self__cgroup="0::/outer/inner\n")
    group = "sys__fs__cgroup__outer"
    system(**{f"{group}__inner__memory_dot_max": "max\n", f"{group}__inner__memory_dot_current": "1000\n"})
    assert machine.free_memory() == 64_000_000 * 1024
    system(
        **{
            f"{group}__memory_dot_max": "5000\n",
            f"{group}__memory_dot_current": "4000\n",
            f"{group}__memory_dot_stat": "anon 1\ninactive_file 500\n",
        }
    )
    assert machine.free_memory() == 1500


def test_control_groups_of_the_first_version(system):
    system(proc__self__cgroup="5:cpu:/x\n4:memory:/job\n0::/\n")
    group = "sys__fs__cgroup__memory"
    system(
        **{f"{group}__memory_dot_limit_in_bytes": "9000\n", f"{group}__memory_dot_usage_in_bytes": "2000\n"}
    )
    assert machine.free_memory() == 7000


def test_a_system_that_does_not_say(system):
    assert machine.free_memory() is None


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="needs a system that binds processes")
def test_processors_are_those_that_this_process_may_run_on():
    before = os.sched_getaffinity(0)
    try:
        os.sched_setaffinity(0, {min(before)})
        assert machine.processors() == 1
    finally:
        os.sched_setaffinity(0, before)
    assert machine.processors() == len(before)


@pytest.mark.parametrize(
    ("papers", "jobs", "processors", "free", "workers"),
    [
        (20, 0, 8, None, 1), (MANY - 1, 0, 8, None, 1), (MANY, 0, 8, None, 4), (10_000, 0, 8, None, 8), (10_000, 0, 1, None, 1),
        (10_000, 3, 8, None, 3), (10_000, 1, 8, None, 1), (20, 2, 8, None, 2), (1, 2, 8, None, 1), (10_000, 16, 2, None, 2),
        (10_000, 0, 64, 16 * EACH, 16), (10_000, 64, 64, 16 * EACH, 16), (10_000, 0, 64, 0, 1), (10_000, 0, 64, 100 * EACH, 64),
    ],
)  # fmt: skip
def test_how_many_processes_read(monkeypatch, papers, jobs, processors, free, workers):
    monkeypatch.setattr(reading, "processors", lambda: processors)
    monkeypatch.setattr(reading, "free_memory", lambda: free)
    assert Reader("rules", jobs).workers(papers) == workers


def test_never_more_than_any_bound(monkeypatch):
    for jobs, processors, free in product((0, 1, 5), (1, 4), (0, EACH, 3 * EACH)):
        monkeypatch.setattr(reading, "processors", lambda n=processors: n)
        monkeypatch.setattr(reading, "free_memory", lambda n=free: n)
        found = Reader("rules", jobs).workers(2000)
        assert 1 <= found <= max(1, min(processors, free // EACH, jobs or processors))


@pytest.mark.slow
def test_two_processes_find_what_one_does(toy, tmp_path):
    from kg import pipeline
    from kg.config import Config
    from kg.export import EXPORTERS

    if machine.processors() < 2:
        pytest.skip("needs two processors")
    made = []
    for jobs in (1, 2):
        config = Config((toy / "papers.jsonl",), tmp_path / f"{jobs}", pipeline="rules", jobs=jobs)
        assert pipeline.build(config).read == 11
        made.append({name: (config.output / name).read_bytes() for name in EXPORTERS})
    assert [name for name in made[0] if made[0][name] != made[1][name]] == []

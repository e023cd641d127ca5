"""However large or small the machine, the processes together take half of its memory and can each do something."""

from __future__ import annotations

import pytest

from kg.web import machine


@pytest.mark.parametrize("processors", [1, 2, 8, 64])
@pytest.mark.parametrize("megabytes", [256, 1024, 4096, 24_000, 256_000])
def test_the_processes_share_half_of_the_memory(processors, megabytes):
    workers, spare, each = machine.shares(processors, megabytes)
    assert machine.LEAST <= each <= machine.MOST
    assert workers >= 1
    assert spare >= 0
    assert (workers + spare) * each <= max(megabytes // 2, machine.LEAST)


def test_two_cores_with_24_gigabytes_have_what_they_had():
    assert machine.shares(2, 24_000) == (2, 4, 2000)
    assert machine.shares(2, 64_000) == (2, 4, 4096)


def test_a_container_has_what_it_is_given(tmp_path, monkeypatch):
    whole = machine.memory()
    for text, wanted in (("max\n", whole), (f"{300 << 20}\n", min(300, whole))):
        (tmp_path / "memory.max").write_text(text)
        monkeypatch.setattr(machine, "_LIMITS", (str(tmp_path / "memory.max"), str(tmp_path / "none")))
        assert machine.memory() == wanted

"""However large or small the machine, the processes together take half of its memory and can each do something."""

from __future__ import annotations

import pytest

from kg.web import shares


@pytest.mark.parametrize("processors", [1, 2, 8, 64])
@pytest.mark.parametrize("megabytes", [256, 1024, 4096, 24_000, 256_000])
def test_the_processes_share_half_of_the_memory(processors, megabytes):
    workers, spare, each = shares.shares(processors, megabytes)
    assert shares.LEAST <= each <= shares.MOST
    assert workers >= 1
    assert spare >= 0
    assert (workers + spare) * each <= max(megabytes // 2, shares.LEAST)


def test_two_cores_with_24_gigabytes_have_what_they_had():
    assert shares.shares(2, 24_000) == (2, 4, 2000)
    assert shares.shares(2, 64_000) == (2, 4, 4096)

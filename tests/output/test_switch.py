"""Files that change together: at every step, whoever looks sees one state, and the next one to come tidies up."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

import pytest

from kg.output.switch import Switch

OLD = {"a.txt": "old a", "b.txt": "old b", "gone.txt": "old gone"}
NEW = {"a.txt": "new a", "b.txt": "new b", "more.txt": "new more"}


class Ended(BaseException):
    """The process ends here."""


@pytest.fixture
def room(tmp_path):
    for name, text in OLD.items():
        (tmp_path / name).write_text(text)
    (tmp_path / "own.txt").write_text("somebody's own")
    room = tmp_path / "room"
    room.mkdir()
    return room


def switch_of(room: Path) -> Switch:
    return Switch(room, lambda name: room.parent / name)


def new_files(room: Path) -> Path:
    folder = room / "new"
    folder.mkdir()
    for name, text in NEW.items():
        (folder / name).write_text(text)
    return folder


def seen(folder: Path) -> dict[str, str]:
    """What somebody who looks sees, by the ways in which people look."""
    return {
        path.name: path.read_text() for path in folder.iterdir() if path.is_file() and path.name != "own.txt"
    }


def test_the_new_files_take_the_place_of_the_old_ones(room):
    switch_of(room).change(new_files(room), ["gone.txt"])
    assert seen(room.parent) == NEW
    assert not any(path.is_symlink() for path in room.parent.iterdir())
    assert list(room.iterdir()) == []
    assert (room.parent / "own.txt").read_text() == "somebody's own"


STEPS = ("rename", "replace", "unlink", "symlink", "link", "mkdir", "rmdir")


def ended_at(number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the process end before its `number`-th change of the file system, and watch what can be seen."""
    count = 0

    def counted(change):
        def do(*arguments, **options):
            nonlocal count
            count += 1
            if count >= number:
                raise Ended
            return change(*arguments, **options)

        return do

    for name in STEPS:
        monkeypatch.setattr(os, name, counted(getattr(os, name)))


@pytest.mark.parametrize("number", range(1, 45))
def test_a_process_that_ends_anywhere_leaves_one_state_and_the_next_tidies_up(room, monkeypatch, number):
    new = new_files(room)
    with monkeypatch.context() as patch:
        ended_at(number, patch)
        try:
            switch_of(room).change(new, ["gone.txt"])
        except Ended:
            after = seen(room.parent)
        else:
            after = NEW
    assert after in (OLD, NEW)
    switch_of(room).settle()
    assert seen(room.parent) == after
    assert not any(path.is_symlink() for path in room.parent.iterdir())
    assert not (room / "switch").exists()


def test_whoever_looks_between_any_two_steps_sees_one_state(room, monkeypatch):
    looks = []

    def watched(change):
        def do(*arguments, **options):
            looks.append(seen(room.parent))
            return change(*arguments, **options)

        return do

    new = new_files(room)
    with monkeypatch.context() as patch:
        for name in STEPS:
            patch.setattr(os, name, watched(getattr(os, name)))
        switch_of(room).change(new, ["gone.txt"])
    states = ["old" if look == OLD else "new" if look == NEW else look for look in looks]
    assert len(states) > 12
    assert states == sorted(states, reverse=True)
    assert set(states) == {"old", "new"}


def no_links(*_: object, **__: object) -> None:
    raise PermissionError(1, "Operation not permitted")


def test_where_there_are_no_links_the_files_are_moved(room, monkeypatch):
    monkeypatch.setattr(os, "symlink", no_links)
    monkeypatch.setattr(os, "link", no_links)
    switch_of(room).change(new_files(room), ["gone.txt"])
    assert seen(room.parent) == NEW
    assert list(room.iterdir()) == []


@pytest.mark.parametrize("number", range(1, 30))
def test_where_there_are_no_links_the_next_one_goes_on(room, monkeypatch, number):
    monkeypatch.setattr(os, "symlink", no_links)
    monkeypatch.setattr(os, "link", no_links)
    new = new_files(room)
    with monkeypatch.context() as patch:
        ended_at(number, patch)
        patch.setattr(os, "symlink", no_links)
        patch.setattr(os, "link", no_links)
        with suppress(Ended):
            switch_of(room).change(new, ["gone.txt"])
    switch_of(room).settle()
    assert seen(room.parent) in (OLD, NEW)
    assert not (room / "switch").exists()


def test_what_somebody_put_in_a_place_meanwhile_stays(room, monkeypatch):
    new = new_files(room)
    with monkeypatch.context() as patch:
        ended_at(9, patch)
        with pytest.raises(Ended):
            switch_of(room).change(new, ["gone.txt"])
    (room.parent / "a.txt").unlink()
    (room.parent / "a.txt").write_text("somebody's own by now")
    switch_of(room).settle()
    assert (room.parent / "a.txt").read_text() == "somebody's own by now"

"""The store on disk: made once for a state of the exports, whole or not at all, and anew when they change."""

from __future__ import annotations

import errno
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import filelock
import pytest
from exported import write_exports

from kg.errors import QueryError
from kg.rdf import content, dataset, integrity, loading
from kg.rdf.answer import Request
from kg.rdf.client import Worker
from kg.rdf.dataset import FOLDER, open_store, opened, state
from kg.rdf.graphs import Dataset
from kg.rdf.problems import CrashedError

COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"


@pytest.fixture
def exports(folder, tmp_path):
    for name in ("kg.nt", "kg.ttl"):
        shutil.copy(folder / name, tmp_path)
    return tmp_path


def count(folder):
    return next(iter(open_store(folder).query(COUNT)))["n"].value


def states(folder):
    return sorted(entry.name for entry in (folder / FOLDER).iterdir() if entry.is_dir())


def test_it_is_made_once_and_then_opened(exports, monkeypatch):
    lines = len((exports / "kg.nt").read_text().splitlines())
    assert count(exports) == str(lines)
    monkeypatch.setattr(dataset, "load", None)
    assert count(exports) == str(lines)
    assert len(states(exports)) == 1


def test_it_is_loaded_in_parts(exports, monkeypatch):
    monkeypatch.setattr(loading, "PART", 10_000)
    found = set(open_store(exports).query("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"))
    monkeypatch.undo()
    shutil.rmtree(exports / FOLDER)
    assert set(open_store(exports).query("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }")) == found
    assert len(found) == len((exports / "kg.nt").read_text(encoding="utf-8").splitlines())


def test_turtle_will_do_where_there_is_no_ntriples(exports):
    wanted = count(exports)
    (exports / "kg.nt").unlink()
    assert count(exports) == wanted


def test_it_is_made_anew_when_the_exports_change(exports):
    before = int(count(exports))
    with (exports / "kg.nt").open("a") as file:
        file.write("<a:new> <a:p> <a:o> .\n")
    assert int(count(exports)) == before + 1


def test_the_last_state_is_kept_for_those_who_read_it_and_older_ones_go(exports):
    for number in range(4):
        with (exports / "kg.nt").open("a") as file:
            file.write(f"<a:new> <a:p> <a:{number}> .\n")
        count(exports)
        os.utime(exports / FOLDER / dataset.state(exports), (number, number))
    assert len(states(exports)) == 2


def test_a_killed_load_leaves_nothing_that_is_taken_for_a_store(exports, monkeypatch):
    def broken(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(loading, "_builds", broken)
    with pytest.raises(KeyboardInterrupt):
        open_store(exports)
    assert states(exports) == []
    monkeypatch.undo()
    assert int(count(exports)) > 0


def test_several_may_open_it_for_the_first_time_at_once(exports):
    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(lambda _: count(exports), range(4)))) == 1
    assert len(states(exports)) == 1


@pytest.mark.parametrize("number", [errno.EACCES, errno.EPERM, errno.EROFS])
@pytest.mark.parametrize("what", ["mkdir", "lock", "mkdtemp"])
def test_a_folder_that_cannot_be_written_is_read_in_memory(exports, monkeypatch, number, what):
    wanted = count(exports)
    shutil.rmtree(exports / FOLDER)
    _refuse(monkeypatch, what, OSError(number, os.strerror(number)))
    found = opened(exports)
    assert next(iter(found.store.query(COUNT)))["n"].value == wanted
    assert (found.told, found.mended) == ("", False)
    monkeypatch.undo()
    assert not (exports / FOLDER).exists() or states(exports) == []


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "No space left on device"),
        (NotImplementedError("FileSystem does not appear to support flock"), "FileSystem does not appear"),
        (RuntimeError("IO error: Open: IO error: No space: While appending to file: x"), "No space:"),
        (RuntimeError("IO error: While appending to file: a/b: File too large"), "File too large:"),
    ],
)
def test_why_it_is_not_on_disk_is_told(exports, monkeypatch, error, told):
    _refuse(monkeypatch, "lock", error)
    found = opened(exports)
    assert found.told.startswith(f"{exports / FOLDER}: {told}")
    assert found.told.endswith("the exports are loaded in memory instead")
    assert next(iter(found.store.query(COUNT)))["n"].value


def _refuse(monkeypatch, what, error):
    def refused(*_, **__):
        raise error

    if what == "lock":
        monkeypatch.setattr(filelock, "FileLock", refused)
    else:
        monkeypatch.setattr(
            *{"mkdir": (Path, "mkdir"), "mkdtemp": (dataset.tempfile, "mkdtemp")}[what], refused
        )


def test_a_disk_that_fills_up_on_the_way_leaves_the_exports_readable_from_their_begin(exports, monkeypatch):
    def full(folder):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(integrity, "write_list", full)
    found = opened(exports)
    assert "No space left" in found.told
    assert states(exports) == []
    monkeypatch.undo()
    assert next(iter(found.store.query(COUNT)))["n"].value == count(exports)


# --- known by content


def test_touching_the_exports_makes_no_new_state(exports):
    before = state(exports)
    count(exports)
    os.utime(exports / "kg.nt", (1, 1))
    assert state(exports) == before
    shutil.copy(exports / "kg.nt", exports / "new")
    (exports / "new").replace(exports / "kg.nt")
    assert state(exports) == before
    with Dataset(exports) as data:
        assert data.query(name="builds").rows == ((1, 0),)


def test_other_content_of_the_same_size_and_time_is_noticed(exports):
    (exports / "kg.nt").write_text("<a:a> <a:p> <a:a> .\n")
    os.utime(exports / "kg.nt", (1, 1))
    count(exports)
    time.sleep(0.01)  # the inode's own time goes on, which nobody can set
    (exports / "kg.nt").write_text("<a:b> <a:p> <a:b> .\n")
    os.utime(exports / "kg.nt", (1, 1))
    assert bool(open_store(exports).query("ASK { <a:b> ?p ?o }"))


def test_the_hash_is_remembered_while_nothing_tells_of_a_writing(exports, monkeypatch):
    monkeypatch.setattr(content, "_REST", -60.0)  # as if the file had lain for a while
    count(exports)
    before = state(exports)
    with monkeypatch.context() as patch:
        patch.setattr(content.Export, "_hashed", None)
        assert state(exports) == before
    notes = exports / FOLDER / content.NOTES
    for broken in ("", "{", "[]", '{"kg.nt": 1}', '{"kg.nt": {"facts": [1], "hash": "x"}}'):
        notes.write_text(broken)
        assert state(exports) == before
    notes.unlink()
    assert state(exports) == before
    assert not list((exports / FOLDER).glob(".hashes*"))


def test_a_file_that_was_just_written_is_not_noted(exports):
    count(exports)
    state(exports)
    assert not (exports / FOLDER / content.NOTES).exists()


def test_a_remembered_hash_that_is_wrong_is_found_out_when_the_data_is_loaded(exports, monkeypatch):
    monkeypatch.setattr(content, "_REST", -60.0)
    count(exports)
    before = state(exports)
    notes = exports / FOLDER / content.NOTES
    shutil.rmtree(exports / FOLDER / before)
    notes.write_text(notes.read_text().replace(json.loads(notes.read_text())["kg.nt"]["hash"], "0" * 32))
    assert opened(exports).state == before


def test_a_link_to_the_exports_will_do(exports):
    wanted = count(exports)
    (exports / "kg.nt").rename(exports / "real")
    (exports / "kg.nt").symlink_to("real")
    assert count(exports) == wanted
    assert len(states(exports)) == 1


def test_exports_that_change_while_they_are_loaded_are_loaded_again(exports, monkeypatch):
    real, writings = dataset.load, []

    def load(store, export, *rest):
        if len(writings) < 2:
            writings.append(1)
            (exports / "kg.nt").write_text(f"<a:a> <a:p> <a:{len(writings)}> .\n")  # the same file
        return real(store, export, *rest)

    monkeypatch.setattr(dataset, "load", load)
    assert count(exports) == "1"
    assert bool(open_store(exports).query("ASK { <a:a> ?p <a:2> }"))
    assert opened(exports).state == state(exports)
    assert [entry for entry in (exports / FOLDER).iterdir() if entry.name.startswith(".new")] == []


def test_exports_that_never_rest_are_told_of(exports, monkeypatch):
    def load(*_):
        raise content.ChangedError

    monkeypatch.setattr(dataset, "load", load)
    with pytest.raises(QueryError, match="the exports are being written: try again when the build is done"):
        open_store(exports)


# --- damage


def test_what_is_somebodys_in_the_folder_of_stores_stays(exports, tmp_path):
    disk = tmp_path / "disk"
    for name in ("thesis", "0123456789abcdef", ".new-draft"):
        (disk / name).mkdir(parents=True)
        (disk / name / "mine").write_text("mine")
    (exports / FOLDER).symlink_to(disk)
    opened(exports)
    for name in ("thesis", "0123456789abcdef", ".new-draft"):
        assert (disk / name / "mine").read_text() == "mine"


def store_files(exports):
    return sorted((exports / FOLDER / state(exports)).iterdir())


def cut(path):
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size // 2)


def flip(path):
    whole = bytearray(path.read_bytes())
    for place in range(0, len(whole), max(1, len(whole) // 50)):
        whole[place] ^= 0x10
    path.write_bytes(whole)


def empty(path):
    path.write_bytes(b"")


@pytest.mark.parametrize("harm", [cut, flip, empty, Path.unlink], ids=lambda harm: harm.__name__)
@pytest.mark.parametrize("names", ["[CM]*", pytest.param("*[tT0-9]", marks=pytest.mark.slow)])
def test_a_damaged_store_is_made_anew_and_the_query_answered(exports, harm, names):
    wanted, harmed = int(count(exports)), 0
    for number in range(100):
        path = next(iter(store_files(exports)[number:]), Path("none"))  # each has as many files as it likes
        if not path.match(names) or path.name in ("LOG", "LOCK"):
            continue
        harm(path)
        harmed += 1
        with Dataset(exports) as data:
            assert data.query(COUNT).rows == ((wanted,),), path.name
            assert data.query("SELECT ?l { ?s skos:prefLabel ?l } ORDER BY ?l").rows, path.name
    assert len(states(exports)) == 1
    assert harmed >= 2


@pytest.mark.parametrize("harm", [cut, flip])
def test_data_that_is_damaged_is_found_out_when_it_is_read(exports, harm):
    wanted = int(count(exports))
    for path in store_files(exports):  # some of them nobody reads any more
        if path.suffix == ".sst":
            harm(path)
    with Dataset(exports) as data:
        assert data.query("SELECT ?s ?p ?o { ?s ?p ?o }").rows
        assert data.query(COUNT).rows == ((wanted,),)
    assert integrity.intact(exports / FOLDER / state(exports))


def test_a_process_that_dies_of_the_store_is_replaced_and_the_query_answered(exports, monkeypatch):
    wanted = int(count(exports))
    listed = exports / FOLDER / state(exports) / integrity.LIST
    worker = Worker(exports)
    try:
        worker.start()
        listed.write_text(listed.read_text().replace('"', "'"))  # it will not be found intact
        os.kill(worker._process.pid, signal.SIGSEGV)
        pieces = []
        worker.ask(Request(COUNT), 30, pieces.append, pieces.clear)
        assert json.loads(b"".join(pieces))["results"]["bindings"][0]["n"]["value"] == str(wanted)
    finally:
        worker.stop()
    json.loads(listed.read_text())


def test_a_process_that_dies_otherwise_is_told_with_its_last_words(exports, monkeypatch):
    worker = Worker(exports)
    try:
        worker.start()
        os.kill(worker._process.pid, signal.SIGSEGV)
        with pytest.raises(CrashedError, match=r"ended by itself \(SIGSEGV\)") as error:
            worker.ask(Request(COUNT), 30, len)
        assert "memory" not in str(error.value)
    finally:
        worker.stop()


def test_what_a_killed_load_left_is_removed_by_the_next(exports):
    left = exports / FOLDER / ".paperkg-new-left"
    left.mkdir(parents=True)
    (left / "000004.log").write_text("half")
    (exports / FOLDER / ".paperkg-hashes-left").write_text("{")
    count(exports)
    assert not list((exports / FOLDER).glob("*left"))


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_a_load_that_is_killed_holds_nobody_up(exports):
    code = (
        "import sys; from pathlib import Path; from kg.rdf import dataset\n"
        "def load(*_): print('loading', flush=True); sys.stdin.read()\n"
        f"dataset.load = load; dataset.open_store(Path({str(exports)!r}))"
    )
    process = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdout.readline() == b"loading\n"
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(count, exports)
        with pytest.raises(TimeoutError):
            waiting.result(0.3)  # the other is at it
        process.kill()
        assert int(waiting.result(30)) > 0
    process.communicate()
    assert len([entry for entry in (exports / FOLDER).iterdir() if entry.name.startswith(".new")]) == 0


def test_what_is_new_since_a_build(tmp_path):
    write_exports(tmp_path, names=["kg.nt"])
    with Dataset(tmp_path) as data:
        assert data.query(name="builds").rows == ((1, 0),)
    texts = (tmp_path / "kg.nt").read_text()
    new = texts.replace("paper-5", "paper-9")
    (tmp_path / "kg.nt").write_text(new)
    with Dataset(tmp_path) as data:
        assert data.query(name="builds").rows == ((1, 0), (2, 1))
        assert data.query(name="new-since").rows == ((2, "paper", "Alone on the Mudflat", "paper-9"),)
        assert data.query(name="new-since", params={"build": 2}).rows == ()

"""The store on disk: made once for a state of the exports, whole or not at all, and anew when they change."""

from __future__ import annotations

import os
import shutil
from concurrent.futures import ThreadPoolExecutor

import pytest
from exported import write_exports

from kg.rdf import dataset
from kg.rdf.dataset import FOLDER, open_store
from kg.rdf.graphs import Dataset

COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"


@pytest.fixture
def exports(folder, tmp_path):
    for name in ("kg.nt", "kg.ttl"):
        shutil.copy(folder / name, tmp_path)
    return tmp_path


def count(folder):
    return next(iter(open_store(folder).query(COUNT)))["n"].value


def states(folder):
    return sorted(entry.name for entry in (folder / FOLDER).iterdir())


def test_it_is_made_once_and_then_opened(exports, monkeypatch):
    lines = len((exports / "kg.nt").read_text().splitlines())
    assert count(exports) == str(lines)
    monkeypatch.setattr(dataset, "_load", None)
    assert count(exports) == str(lines)
    assert len(states(exports)) == 1


def test_it_is_loaded_in_parts(exports, monkeypatch):
    monkeypatch.setattr(dataset, "PART", 10_000)
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

    monkeypatch.setattr(dataset, "_builds", broken)
    with pytest.raises(KeyboardInterrupt):
        open_store(exports)
    assert states(exports) == []
    monkeypatch.undo()
    assert int(count(exports)) > 0


def test_several_may_open_it_for_the_first_time_at_once(exports):
    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(lambda _: count(exports), range(4)))) == 1
    assert len(states(exports)) == 1


def test_a_folder_that_cannot_be_written_is_read_in_memory(exports, monkeypatch):
    def refused(*_, **__):
        raise PermissionError(13, "no")

    monkeypatch.setattr(dataset.tempfile, "mkdtemp", refused)
    assert int(count(exports)) > 0


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

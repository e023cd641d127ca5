"""The output folder: people's own files safe, one writer at a time, a store that nobody has touched."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from kg import pipeline
from kg.config import Config
from kg.errors import ExportError, SourceError, StoreError
from kg.export import EXPORTERS
from kg.output import ROOM, Output, locked
from kg.store import FILE_NAME, Store
from kg.types import Paper

CASES = Path(__file__).parent.parent / "cases" / "break"
ALL = (*EXPORTERS, FILE_NAME)


@pytest.fixture
def made(tmp_path, toy_exports) -> Path:
    """A folder with the toy corpus' exports, to spoil."""
    return Path(shutil.copytree(toy_exports, tmp_path / "out"))


@pytest.fixture
def config(made, toy, monkeypatch) -> Config:
    """The settings by which the toy corpus was built."""
    from annotated import Annotated

    from kg import reading

    extractor = Annotated(toy / "gold.jsonl")
    monkeypatch.setattr(reading.extract, "load", lambda name: extractor)
    monkeypatch.setattr(reading.extract, "fingerprint", lambda name: extractor.fingerprint)
    monkeypatch.setattr(pipeline.link, "PACKAGED", toy / "vocabulary.ttl")
    return Config(sources=(toy / "papers.jsonl",), output=made, title="Toy papers")


def contents(folder: Path) -> dict[str, bytes]:
    """The files of a folder, without what SQLite keeps beside a database that was read."""
    files = (path for path in sorted(folder.iterdir()) if path.is_file() and "-" not in path.suffix)
    return {path.name: path.read_bytes() for path in files}


def test_a_copied_folder_is_as_up_to_date_as_it_was(config):
    before = contents(config.output)
    assert not pipeline.build(config).changed
    assert contents(config.output) == before


# --- own files


@pytest.fixture
def own(tmp_path) -> Path:
    return Path(shutil.copytree(CASES / "own-files", tmp_path / "own"))


def test_files_that_no_build_of_ours_wrote_are_refused_before_anything_is_read(own, monkeypatch):
    monkeypatch.chdir(own)
    before = contents(own)
    monkeypatch.setattr(pipeline, "update", lambda *_, **__: pytest.fail("read"))
    with pytest.raises(
        ExportError, match=r"papers\.csv: in the way, and no build of ours wrote it: move it, or"
    ):
        pipeline.build(Config(sources=(Path("mine.jsonl"),), output=Path()))
    assert contents(own) == before
    assert not (own / ROOM).exists()


def test_other_files_in_the_folder_are_no_hindrance_and_stay(own, config):
    (own / ".new").mkdir()
    (own / ".new" / "draft.txt").write_text("mine")
    chosen = config.with_options(output=own, exports=("graph.graphml",))
    before = contents(own)
    assert pipeline.build(chosen).files == ["graph.graphml"]
    assert before.items() <= contents(own).items()
    assert (own / ".new" / "draft.txt").read_text() == "mine"
    with pytest.raises(ExportError, match=r"kg\.ttl|papers\.csv"):
        pipeline.build(chosen.with_options(exports=("all",)))
    assert before.items() <= contents(own).items()


@pytest.mark.parametrize("field", ["sources", "vocabularies", "curation"])
def test_what_a_build_reads_is_never_what_it_writes(config, field, monkeypatch):
    target = config.output / "kg.ttl"
    given = target if field == "curation" else (target,)
    before = contents(config.output)
    shutil.rmtree(config.output / ROOM)  # wherever it came from
    with pytest.raises(ExportError, match=r"kg\.ttl: read by this build, and one that it may overwrite"):
        pipeline.build(config.with_options(**{field: given}))
    (config.output.parent / "link.ttl").symlink_to(target)
    given = config.output.parent / "link.ttl"
    with pytest.raises(ExportError, match="may overwrite"):
        pipeline.build(config.with_options(**{field: given if field == "curation" else (given,)}))
    assert contents(config.output) == before


@pytest.mark.parametrize("fresh", [False, True])
@pytest.mark.parametrize("kind", ["database", "anything"])
def test_a_store_of_another_program_is_never_touched(own, config, fresh, kind):
    if kind == "database":
        with sqlite3.connect(own / FILE_NAME) as mine:
            mine.execute("CREATE TABLE mine (x)")
        mine.close()
    else:
        (own / FILE_NAME).write_text("my notes on knowledge graphs")
    before = contents(own)
    with pytest.raises(StoreError, match="not a store of paperkg: move it away"):
        pipeline.build(config.with_options(output=own, exports=("graph.graphml",)), fresh=fresh)
    assert contents(own) == before


@pytest.mark.parametrize("name", ["kg.ttl", "graph.html", FILE_NAME, ROOM])
def test_a_folder_in_the_place_of_a_file_is_told(tmp_path, config, name):
    output = tmp_path / "another"
    (output / name).mkdir(parents=True)
    (output / name / "mine").write_text("mine")
    if name == ROOM:
        shutil.rmtree(output / name)
        (output / name).write_text("mine")
    with pytest.raises((ExportError, StoreError), match=name.replace(".", r"\.")):
        pipeline.build(config.with_options(output=output))


def test_what_somebody_changed_in_an_export_is_kept_beside_it(config):
    before = contents(config.output)
    (config.output / "papers.csv").write_text("id,my marks\nbrimstone-2021,good\n")
    (config.output / "concepts.csv").unlink()
    report = pipeline.build(config)
    (kept,) = report.kept
    assert kept.startswith("papers.csv.changed-")
    assert (config.output / kept).read_text() == "id,my marks\nbrimstone-2021,good\n"
    after = contents(config.output)
    assert {name: after[name] for name in EXPORTERS} == {name: before[name] for name in EXPORTERS}
    assert pipeline.build(config).kept == []


def test_an_export_of_ours_without_its_list_may_be_replaced(config):
    """As in a checkout: kg.ttl is under version control, the rest is not."""
    turtle = (config.output / "kg.ttl").read_bytes()
    shutil.rmtree(config.output)
    config.output.mkdir()
    (config.output / "kg.ttl").write_bytes(turtle)
    assert pipeline.build(config).kept == []
    assert (config.output / "kg.ttl").read_bytes() == turtle
    (config.output / "kg.ttl").write_bytes(turtle + b"# a note of mine\n")
    assert len(pipeline.build(config).kept) == 1


# --- one writer


def test_another_build_in_the_folder_is_told_with_its_process_and_can_be_waited_for(config):
    output = Output(config.output)
    before = contents(config.output)
    with output.held():
        with pytest.raises(
            StoreError, match=rf"another build is at work here \(process {os.getpid()}\).*--wait"
        ):
            pipeline.build(config.with_options(title="Another"))
        assert contents(config.output) == before
        found = []
        waiting = threading.Thread(
            target=lambda: found.append(pipeline.build(config.with_options(title="Another"), wait=True))
        )
        waiting.start()
        waiting.join(0.5)
        assert waiting.is_alive()
    waiting.join(60)
    assert found[0].changed


def test_the_lock_ends_with_its_holder(tmp_path):
    code = "import sys, time; from pathlib import Path; from kg.output import locked\nwith locked(Path(sys.argv[1])): print('held', flush=True); time.sleep(60)"
    (tmp_path / ROOM).mkdir()
    file = tmp_path / ROOM / "lock"
    holder = subprocess.Popen([sys.executable, "-c", code, str(file)], stdout=subprocess.PIPE, text=True)
    assert holder.stdout
    assert holder.stdout.readline() == "held\n"
    with pytest.raises(StoreError, match=f"process {holder.pid}"), locked(file, wait=False):
        pass
    holder.kill()
    holder.communicate()
    with locked(file, wait=False):
        pass


def test_what_a_killed_build_left_is_cleared_away(config):
    room = config.output / ROOM
    (room / "new").mkdir()
    (room / "new" / "kg.ttl").write_text("half of")
    (room / "kg.sqlite").write_text("half of")
    (room / "kg.sqlite-wal").write_text("half of")
    pipeline.build(config)
    assert {path.name for path in room.iterdir()} <= {"files.json", "seal.json", "lock"}


# --- the store


@pytest.mark.parametrize("place", [0.1, 0.35, 0.6, 0.9])
def test_a_flipped_bit_in_the_store_is_told_and_a_rebuild_mends_it(config, place):
    before = contents(config.output)
    path = config.output / FILE_NAME
    data = bytearray(path.read_bytes())
    data[int(len(data) * place)] ^= 4
    path.write_bytes(data)
    for title in ("Toy papers", "Another"):
        with pytest.raises(StoreError, match=r"not as the last build left it.*kg rebuild"):
            pipeline.build(config.with_options(title=title))
    assert {name: data for name, data in contents(config.output).items() if name in EXPORTERS} == {
        name: before[name] for name in EXPORTERS
    }
    assert pipeline.build(config, fresh=True).changed is False
    assert not pipeline.build(config).changed


def unseal(folder: Path) -> None:
    """As a build that was killed leaves it."""
    (folder / ROOM / "seal.json").unlink()


def test_a_store_left_in_the_middle_is_looked_through(config):
    unseal(config.output)
    assert not pipeline.build(config).changed
    unseal(config.output)
    with sqlite3.connect(config.output / FILE_NAME) as store:
        store.execute("UPDATE papers SET abstract = replace(abstract, 'a', 'e')")
    store.close()
    with pytest.raises(StoreError, match=r"papers are not as they were written.*kg rebuild"):
        pipeline.build(config)


def test_a_reference_to_nothing_is_told_before_anything_is_published(config):
    unseal(config.output)
    before = contents(config.output)
    with sqlite3.connect(config.output / FILE_NAME) as store:
        store.execute("UPDATE statements SET object = object || '0'")
    store.close()
    with pytest.raises(ExportError, match="is about a concept that isn't there"):
        pipeline.build(config.with_options(title="Another"))
    after = contents(config.output)
    assert {name: after[name] for name in EXPORTERS} == {name: before[name] for name in EXPORTERS}


def test_a_damaged_row_is_told_to_readers_too(config):
    with sqlite3.connect(config.output / FILE_NAME) as store:
        store.execute("UPDATE papers SET authors = '[\"Ada'")
    store.close()
    with (
        Store.open(config.output / FILE_NAME, readonly=True) as store,
        pytest.raises(StoreError, match=r"a damaged row among the papers.*kg rebuild"),
    ):
        list(store.papers())


def test_a_rebuild_leaves_a_store_at_every_moment(config, monkeypatch):
    states = []

    def watched(name):
        change = getattr(os, name)

        def do(*arguments, **options):
            with Store.open(config.output / FILE_NAME, readonly=True) as store:
                states.append(store.count(Paper))
            return change(*arguments, **options)

        return do

    for name in ("rename", "replace", "unlink"):
        monkeypatch.setattr(os, name, watched(name))
    pipeline.build(config.with_options(title="Another"), fresh=True)
    assert len(states) > 10
    assert set(states) == {11}


def test_what_is_new_is_told_after_a_killed_build_too(config, toy, tmp_path, monkeypatch):
    lines = (toy / "papers.jsonl").read_text(encoding="utf-8").splitlines()
    part = tmp_path / "papers.jsonl"
    part.write_text("\n".join(lines[1:]), encoding="utf-8")
    fewer = config.with_options(sources=(part,))
    with monkeypatch.context() as patch:
        patch.setattr(pipeline.publish, "_write_all", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            pipeline.build(fewer)
    report = pipeline.build(fewer)
    assert (report.gone, report.changes.split(",")[0]) == (0, "1 papers lost")
    part.write_text("\n".join(lines), encoding="utf-8")
    report = pipeline.build(fewer.with_options(exports=("kg.nt",)))
    assert report.changes.startswith("1 papers gained")


def test_a_rebuild_tells_what_is_new_against_the_store_before_it(config, toy, tmp_path):
    part = tmp_path / "papers.jsonl"
    part.write_text(
        "\n".join((toy / "papers.jsonl").read_text(encoding="utf-8").splitlines()[1:]), encoding="utf-8"
    )
    assert pipeline.build(config.with_options(sources=(part,)), fresh=True).changes.startswith(
        "1 papers lost"
    )


def test_a_field_longer_than_csv_readers_allow_is_no_hindrance(config, tmp_path):
    source = tmp_path / "long.jsonl"
    source.write_text(json.dumps({"id": "a", "title": "A", "abstract": "We use BERT. " * 11_000}) + "\n")
    long = config.with_options(sources=(*config.sources, source))
    assert pipeline.build(long).papers == 12
    assert pipeline.build(config).gone == 1
    assert pipeline.build(long, fresh=True).papers == 12


def test_the_exports_of_a_store_that_listed_them_itself_may_be_replaced(config):
    """As builds did before there was a list beside the exports."""
    listed = (config.output / ROOM / "files.json").read_text()
    shutil.rmtree(config.output / ROOM)
    with pytest.raises(ExportError, match="no build of ours wrote it"):
        pipeline.build(config.with_options(title="Another"))
    with sqlite3.connect(config.output / FILE_NAME) as store:
        store.execute("INSERT INTO meta VALUES ('files', ?)", (json.dumps(json.loads(listed)["files"]),))
        store.execute("PRAGMA user_version = 3")
    store.close()
    report = pipeline.build(config.with_options(title="Another"), fresh=True)
    assert report.changed
    assert report.kept == []


def test_a_store_that_was_only_begun_when_its_build_was_killed_is_ours(config, tmp_path):
    """SQLite has what makes it ours in its log alone until it is first folded."""
    for begun in ("PRAGMA journal_mode = WAL", "schema"):
        output = tmp_path / f"begun {begun}"
        (output / ROOM).mkdir(parents=True)
        (output / ROOM / "lock").touch()
        code = "import os, sys; from pathlib import Path; from kg.store import Store\n"
        code += (
            "s = Store.open(Path(sys.argv[1]))\n"
            if begun == "schema"
            else (
                "import sqlite3; c = sqlite3.connect(sys.argv[1]); c.execute('PRAGMA journal_mode = WAL')\n"
            )
        )
        subprocess.run([sys.executable, "-c", code + "os._exit(0)", output / FILE_NAME], check=True)
        for fresh in (False, True):
            assert pipeline.build(config.with_options(output=output), fresh=fresh).papers == 11


# --- what is somebody's, though it has a name of ours


def test_a_room_of_ones_own_is_never_cleared(tmp_path, config):
    own = tmp_path / "own"
    for folder in ("new-ideas", "switch", "gone", "new"):
        (own / ROOM / folder).mkdir(parents=True)
    (own / ROOM / "kg.sqlite-notes.txt").write_text("mine")
    with pytest.raises(ExportError, match="in the way, and not ours"):
        pipeline.build(config.with_options(output=own))
    assert {path.name for path in (own / ROOM).iterdir()} == {
        "new-ideas", "switch", "gone", "new", "kg.sqlite-notes.txt",
    }  # fmt: skip
    linked = tmp_path / "linked"
    linked.mkdir()
    (linked / ROOM).symlink_to(own / ROOM)
    with pytest.raises(ExportError, match="in the way, and not ours"):
        pipeline.build(config.with_options(output=linked))
    with pytest.raises(ExportError, match="inside of what belongs to another build"):
        pipeline.build(config.with_options(output=config.output / ROOM))


def test_a_file_put_in_the_stores_place_is_kept_by_a_rebuild(config):
    (config.output / FILE_NAME).write_text("my own notes, long enough")
    with pytest.raises(StoreError, match="kg rebuild"):
        pipeline.build(config)
    pipeline.build(config, fresh=True)
    (kept,) = config.output.glob(f"{FILE_NAME}.changed-*")
    assert kept.read_text() == "my own notes, long enough"


def test_a_missing_source_is_told_before_a_folder_is_made(config, tmp_path):
    lost = config.with_options(sources=(tmp_path / "none.jsonl",), output=tmp_path / "none")
    with pytest.raises(SourceError, match="no such file"):
        pipeline.build(lost)
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize("name", ["kg.ttl", FILE_NAME])
@pytest.mark.parametrize("kind", ["link", "pipe", "dangling"])
def test_a_link_or_a_pipe_in_the_place_of_a_file_is_told_and_stays(config, name, kind):
    path = config.output / name
    moved = path.with_name("moved")
    path.rename(moved)
    if kind == "pipe":
        os.mkfifo(path)
    else:
        path.symlink_to("moved" if kind == "link" else "nowhere")
    for fresh in (False, True):
        with pytest.raises((ExportError, StoreError), match=name.replace(".", r"\.")):
            pipeline.build(config.with_options(title="Another"), fresh=fresh)
    assert path.is_symlink() or path.is_fifo()
    assert moved.is_file()


def test_who_may_read_an_export_stays_who_may(config):
    (config.output / "kg.ttl").chmod(0o600)
    assert pipeline.build(config.with_options(title="Another")).changed
    assert (config.output / "kg.ttl").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("found", ["[]", "{", '{"files": {"": "", "..": "", "a/b": ""}}', "[" * 200_000])
def test_a_damaged_list_is_no_list(config, found):
    (config.output / ROOM / "files.json").write_text(found)
    (config.output / ROOM / "seal.json").write_text(found)
    with pytest.raises(ExportError, match="no build of ours wrote it"):
        pipeline.build(config.with_options(title="Another"))


# --- what is told after a build that was killed


def killed(config: Config, monkeypatch: pytest.MonkeyPatch, owner: object, step: str) -> None:
    """A build that ends before a step of it."""
    with monkeypatch.context() as patch:
        patch.setattr(owner, step, lambda *_, **__: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            pipeline.build(config)


def test_a_rebuild_after_a_killed_build_tells_what_the_exports_gain(config, toy, tmp_path, monkeypatch):
    few = few_of(toy, tmp_path, config)
    pipeline.build(few)
    killed(config, monkeypatch, pipeline.publish, "_write_all")
    assert pipeline.build(config, fresh=True).changes.startswith("6 papers gained")


def test_a_build_killed_after_it_has_shown_its_exports_is_the_last_build(config, toy, tmp_path, monkeypatch):
    few = few_of(toy, tmp_path, config)
    pipeline.build(few)
    killed(config, monkeypatch, pipeline.publish.published, "set_published")
    assert pipeline.build(few).changes.startswith("6 papers lost")
    killed(config, monkeypatch, pipeline.publish.published, "set_published")
    assert not pipeline.build(config).changed
    assert pipeline.build(few).changes.startswith("6 papers lost")


def few_of(toy: Path, folder: Path, config: Config) -> Config:
    source = folder / "few.jsonl"
    source.write_text(
        "\n".join((toy / "papers.jsonl").read_text(encoding="utf-8").splitlines()[:5]), encoding="utf-8"
    )
    return config.with_options(sources=(source,))


def test_readers_are_told_of_a_build_that_did_not_finish(config, toy, tmp_path, monkeypatch):
    from click.testing import CliRunner

    from kg.cli import kg

    stats = ["stats", "-o", str(config.output)]
    assert "didn't finish" not in CliRunner().invoke(kg, stats).output
    killed(config.with_options(title="Another"), monkeypatch, Output, "publish")
    assert (
        "didn't finish" not in CliRunner().invoke(kg, stats).output
    )  # what the store holds is what is shown
    killed(few_of(toy, tmp_path, config), monkeypatch, pipeline, "_link")
    done = CliRunner().invoke(kg, stats)
    assert done.exit_code == 0
    assert "the last build didn't finish" in done.output

"""The whole house on the toy corpus: golden exports, incremental builds, and what failures leave behind."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest
from annotated import Annotated

from kg import export, pipeline, reading
from kg.config import Config
from kg.errors import ConfigError, ExportError, SourceError, StoreError, UnknownNameError
from kg.store import Store

GOLDEN = ("kg.ttl", "kg.nt", "kg.jsonld", "papers.csv", "concepts.csv", "statements.csv", "graph.graphml")


@pytest.fixture
def annotated(monkeypatch, toy):
    """The extractor that knows the toy corpus; its `seen` lists the papers that it was given."""
    extractor = Annotated(toy / "gold.jsonl")
    monkeypatch.setattr(reading.extract, "load", lambda name: extractor)
    monkeypatch.setattr(reading.extract, "fingerprint", lambda name: extractor.fingerprint)
    return extractor


@pytest.fixture
def own_vocabulary(monkeypatch, toy):
    """The toy vocabulary in place of the package's, so that golden files don't change with that."""
    monkeypatch.setattr(pipeline.link, "PACKAGED", toy / "vocabulary.ttl")


@pytest.fixture
def config(tmp_path, toy, annotated, own_vocabulary):
    return Config(sources=(toy / "papers.jsonl",), output=tmp_path / "out", title="Toy papers")


def snapshot(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.name in export.EXPORTERS}


def test_exports_are_the_golden_ones_byte_for_byte(config, toy):
    pipeline.build(config)
    for name in GOLDEN:
        made, golden = config.output / name, toy / "golden" / name
        if os.environ.get("UPDATE_GOLDEN"):
            golden.parent.mkdir(exist_ok=True)
            shutil.copy(made, golden)
        assert made.read_text(encoding="utf-8") == golden.read_text(encoding="utf-8"), (
            f"{name} has changed: look at the difference, then UPDATE_GOLDEN=1 pytest tests/test_pipeline.py"
        )


def test_a_second_build_reads_and_writes_nothing(config, annotated):
    first = pipeline.build(config)
    before = {path: path.stat().st_mtime_ns for path in config.output.iterdir()}
    annotated.seen.clear()
    second = pipeline.build(config)
    assert (first.read, second.read) == (11, 0)
    assert annotated.seen == []
    assert second.files == []
    exports = [path for path in before if path.name in export.EXPORTERS]
    assert all(path.stat().st_mtime_ns == before[path] for path in exports)


def test_only_a_new_paper_is_read_and_the_result_is_that_of_a_build_from_nothing(
    config, toy, tmp_path, annotated
):
    lines = (toy / "papers.jsonl").read_text(encoding="utf-8").splitlines()
    part = tmp_path / "papers.jsonl"
    part.write_text("\n".join(lines[1:]), encoding="utf-8")
    grown = config.with_options(sources=(part,))
    pipeline.build(grown)
    annotated.seen.clear()
    part.write_text("\n".join(lines), encoding="utf-8")
    report = pipeline.build(grown)
    assert annotated.seen == ["brimstone-2021"]
    assert (report.new, report.gone, report.read) == (1, 0, 1)
    assert report.changes.startswith("1 papers gained")
    whole = config.with_options(sources=(part,), output=tmp_path / "whole")
    pipeline.build(whole)
    assert snapshot(grown.output) == snapshot(whole.output)


def test_a_paper_that_is_gone_from_the_sources_is_gone_from_the_graph(config, toy, tmp_path):
    pipeline.build(config)
    part = tmp_path / "papers.jsonl"
    lines = (toy / "papers.jsonl").read_text(encoding="utf-8").splitlines()
    part.write_text("\n".join(lines[1:]), encoding="utf-8")
    report = pipeline.build(config.with_options(sources=(part,)))
    assert (report.new, report.gone) == (0, 1)
    assert "brimstone-2021" not in (config.output / "kg.nt").read_text(encoding="utf-8")


def test_an_altered_or_missing_export_is_written_again(config):
    pipeline.build(config)
    before = snapshot(config.output)
    (config.output / "kg.nt").write_text("spoilt")
    (config.output / "papers.csv").unlink()
    assert pipeline.build(config).files
    assert snapshot(config.output) == before


def test_the_order_of_papers_changes_nothing(config, toy, tmp_path):
    pipeline.build(config)
    turned = tmp_path / "papers.jsonl"
    lines = (toy / "papers.jsonl").read_text(encoding="utf-8").splitlines()
    turned.write_text("\n".join(reversed(lines)), encoding="utf-8")
    other = config.with_options(sources=(turned,), output=tmp_path / "other")
    pipeline.build(other)
    assert snapshot(config.output) == snapshot(other.output)


def test_only_the_chosen_exports_are_written_and_all_when_they_are_wanted_again(config):
    pipeline.build(config)
    before = snapshot(config.output)
    (config.output / "papers.csv").write_text("a file of one's own by now")
    report = pipeline.build(config.with_options(exports=("kg.nt", "concepts.csv")))
    assert report.files == ["concepts.csv", "kg.nt"]
    assert set(report.removed) == before.keys() - {"concepts.csv", "kg.nt", "papers.csv"}
    assert snapshot(config.output).keys() == {"concepts.csv", "kg.nt", "papers.csv"}
    assert not pipeline.build(config.with_options(exports=("concepts.csv", "kg.nt"))).changed
    assert pipeline.build(config).files == sorted(before)
    assert snapshot(config.output) == before


def test_a_build_without_exports_leaves_none_of_an_earlier_graph(config, annotated):
    none = config.with_options(exports=("none",))
    first = pipeline.build(none)
    assert (first.changed, first.files, snapshot(config.output)) == (True, [], {})
    assert first.statements > 0
    annotated.seen.clear()
    assert not pipeline.build(none).changed
    assert annotated.seen == []
    pipeline.build(config)
    assert pipeline.build(none, fresh=True).removed == sorted(export.EXPORTERS)


@pytest.mark.parametrize("exports", [("kg.tll",), ("none", "kg.ttl"), ("all", "kg.ttl"), ("../x",)])
def test_an_unknown_export_is_told_before_anything_is_read(config, annotated, exports):
    with pytest.raises(UnknownNameError, match=r"no export '.*': name some of papers\.csv, "):
        pipeline.build(config.with_options(exports=exports))
    assert annotated.seen == []
    assert not config.output.exists()


def test_a_failing_exporter_leaves_the_last_exports_whole(config, monkeypatch):
    pipeline.build(config)
    before = snapshot(config.output)

    def fail(source, path):
        path.write_text("half of")
        raise OSError(28, "No space left on device", str(path))

    monkeypatch.setattr("kg.export.tables.write_papers", fail)
    with pytest.raises(ExportError, match="No space left on device"):
        pipeline.build(config.with_options(title="Another title"))
    assert snapshot(config.output) == before
    assert not (config.output / ".new").exists()


def test_a_failing_reader_leaves_all_as_it_was(config, tmp_path):
    pipeline.build(config)
    before = snapshot(config.output)
    empty = tmp_path / "empty.jsonl"
    empty.write_text("")
    with pytest.raises(SourceError, match="empty"):
        pipeline.build(config.with_options(sources=(empty,)))
    assert snapshot(config.output) == before


def test_a_rebuild_forgets_and_makes_the_same_and_mends_a_damaged_store(config, annotated):
    pipeline.build(config)
    before = snapshot(config.output)
    (config.output / "kg.sqlite").write_bytes(b"damaged" * 1000)
    with pytest.raises(StoreError, match="kg rebuild"):
        pipeline.build(config)
    assert snapshot(config.output) == before
    annotated.seen.clear()
    assert pipeline.build(config, fresh=True).read == 11
    assert snapshot(config.output) == before
    assert len(annotated.seen) == 11


def test_a_rebuild_that_fails_keeps_the_store_it_would_have_replaced(config, monkeypatch):
    pipeline.build(config)
    monkeypatch.setattr(pipeline.link, "Linker", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        pipeline.build(config, fresh=True)
    with Store.open(config.output / "kg.sqlite", readonly=True) as store:
        assert store.get_meta("linked")


def test_what_was_left_out_is_kept_as_issues(config, tmp_path, toy):
    source = tmp_path / "papers.jsonl"
    source.write_text((toy / "papers.jsonl").read_text(encoding="utf-8") + "{broken\n", encoding="utf-8")
    report = pipeline.build(config.with_options(sources=(source,)))
    assert any("papers.jsonl:13" in str(issue) for issue in report.issues)
    with pytest.raises(SourceError, match=r"papers\.jsonl:13"):
        pipeline.build(config.with_options(sources=(source,), strict=True))


def test_an_output_that_cannot_be_made_is_one_clear_error(config, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(ExportError, match="choose another"):
        pipeline.build(config.with_options(output=tmp_path / "file" / "out"))
    with pytest.raises(ConfigError, match="kg init"):
        pipeline.build(Config())


@pytest.mark.slow
def test_many_papers_are_read_by_several_processes_with_the_same_result(config, monkeypatch, tmp_path, toy):
    monkeypatch.undo()
    papers = [json.loads(line) for line in (toy / "papers.jsonl").read_text(encoding="utf-8").splitlines()]
    copies = [
        paper | {"id": f"{paper['id']}-{n}", "title": f"{paper['title']} {n}"}
        for n in range(30)
        for paper in papers
    ]
    source = tmp_path / "many.jsonl"
    source.write_text("\n".join(map(json.dumps, copies)))
    one = Config(sources=(source,), output=tmp_path / "one", pipeline="rules")
    monkeypatch.setattr(reading, "MANY", 10_000)
    pipeline.build(one)
    monkeypatch.setattr(reading, "MANY", 10)
    pipeline.build(one.with_options(output=tmp_path / "two"))
    assert (tmp_path / "one" / "kg.nt").read_bytes() == (tmp_path / "two" / "kg.nt").read_bytes()

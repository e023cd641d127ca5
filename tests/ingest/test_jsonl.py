"""JSON lines: what is kept, what is told, what is refused."""

from __future__ import annotations

import gzip
import io
import json
import lzma
from pathlib import Path

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import SourceError, UnknownNameError
from kg.ingest import read_papers
from kg.ingest.jsonl import read_jsonl
from kg.ingest.record import Notes

GOOD = {"id": "a", "title": "A Title", "abstract": "An abstract."}


def write(path: Path, *lines: object) -> Path:
    text = "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines)
    path.write_text(text, encoding="utf-8")
    return path


def test_all_known_fields_are_read_and_unknown_ones_kept(toy):
    papers = {paper.id: paper for paper in read_papers([toy / "papers.jsonl"]).papers}
    brimstone = papers["brimstone-2021"]
    assert brimstone.authors == ("Ada Marrow", "Bo Quill")
    assert (brimstone.venue, brimstone.track, brimstone.year) == ("TOYCONF", "Spotlight", 2021)
    assert papers["tallow-2019"].repository == "arXiv"
    assert papers["tallow-2019"].venue == ""
    assert papers["no-abstract-2018"].extra == {"shelf": "B7"}


def test_a_paper_without_abstract_is_kept_and_listed(toy):
    reading = read_papers([toy / "papers.jsonl"])
    assert any(paper.id == "no-abstract-2018" for paper in reading.papers)
    assert any(
        issue.paper_id == "no-abstract-2018" and "no abstract" in issue.message for issue in reading.issues
    )


@pytest.mark.parametrize(
    ("suffix", "pack"),
    [(".gz", gzip.compress), (".xz", lzma.compress), (".zst", zstandard.ZstdCompressor().compress)],
)
def test_packed_files_are_read_whatever_their_name(tmp_path, suffix, pack):
    data = pack(json.dumps(GOOD).encode())
    for name in (f"papers.jsonl{suffix}", "unnamed"):
        (tmp_path / name).write_bytes(data)
        assert read_papers([tmp_path / name]).papers[0].title == "A Title"


def test_a_broken_packed_file_is_refused(tmp_path):
    for pack in (gzip.compress, lzma.compress, zstandard.ZstdCompressor().compress):
        path = tmp_path / "papers"
        path.write_bytes(pack(json.dumps(GOOD).encode() * 500)[:40])
        with pytest.raises(SourceError, match="papers"):
            read_papers([path])


def test_standard_input_is_read(monkeypatch):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(json.dumps(GOOD).encode())))
    assert read_papers([Path("-")]).papers[0].id == "a"


def test_a_broken_line_is_skipped_with_its_number_or_stops_a_strict_run(tmp_path):
    path = write(tmp_path / "p.jsonl", GOOD, '{"id": "b", "title": ', {"id": "c", "title": "Other"})
    reading = read_papers([path])
    assert [paper.id for paper in reading.papers] == ["a", "c"]
    assert any(str(issue).startswith("p.jsonl:2: not JSON") for issue in reading.issues)
    with pytest.raises(SourceError, match=r"p\.jsonl:2"):
        read_papers([path], strict=True)


@pytest.mark.parametrize("line", ["[1]", "3", '{"id": "x"}', '{"title": ""}', '{"title": 3}', "[" * 100_000])
def test_lines_that_are_no_paper_are_told(tmp_path, line):
    reading = read_papers([write(tmp_path / "p.jsonl", GOOD, line)])
    assert len(reading.papers) == 1
    assert any("p.jsonl:2" in str(issue) for issue in reading.issues)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("year", "soon"),
        ("year", True),
        ("authors", 5),
        ("url", "javascript:alert(1)"),
        ("doi", "x"),
        ("arxiv_id", "?"),
    ],
)
def test_unusable_values_are_kept_aside_and_told(tmp_path, field, value):
    reading = read_papers([write(tmp_path / "p.jsonl", GOOD | {field: value})])
    assert not getattr(reading.papers[0], field)
    assert reading.papers[0].extra == {field: value}
    assert any(field in issue.message for issue in reading.issues)


@pytest.mark.parametrize(
    ("field", "value", "read"),
    [
        ("doi", "https://doi.org/10.5555/x.1", "10.5555/x.1"),
        ("arxiv_id", "arXiv:2210.14986v2", "2210.14986"),
        ("arxiv_id", "https://arxiv.org/pdf/2210.14986v1.pdf", "2210.14986"),
        ("authors", "Ada Marrow; Bo Quill", ("Ada Marrow", "Bo Quill")),
        ("authors", [{"name": "Ada Marrow"}], ("Ada Marrow",)),
        ("year", "2021", 2021),
    ],
)
def test_common_spellings_of_values_are_understood(tmp_path, field, value, read):
    reading = read_papers([write(tmp_path / "p.jsonl", GOOD | {field: value})])
    assert getattr(reading.papers[0], field) == read


def test_control_characters_and_lone_surrogates_are_dropped(tmp_path):
    path = write(
        tmp_path / "p.jsonl", '{"title": "A\\u0000 T\\ud800itle\\u001b[31m", "abstract": "x\\u0008y\\tz"}'
    )
    paper = read_papers([path]).papers[0]
    assert (paper.title, paper.abstract) == ("A Title[31m", "xy\tz")


def test_what_is_no_source_is_refused_in_one_line(tmp_path):
    (tmp_path / "empty").write_bytes(b"")
    (tmp_path / "blank").write_bytes(b"\n \n")
    (tmp_path / "binary").write_bytes(bytes(range(256)) * 10)
    (tmp_path / "prose").write_text("Just some words.\n")
    for name, words in [
        ("empty", "empty"), ("blank", "empty"), ("binary", "binary"), ("prose", "--format"), ("none", "no such file"),
        ("", "a folder"),
    ]:  # fmt: skip
        with pytest.raises(SourceError, match=words) as caught:
            read_papers([tmp_path / name])
        assert "\n" not in str(caught.value)
    with pytest.raises(UnknownNameError, match="jsonl, page"):
        read_papers([tmp_path / "prose"], format="bibtex")


@given(st.lists(st.binary(max_size=200), max_size=5))
def test_no_bytes_break_the_reader(chunks):
    notes = Notes("x")
    records = list(read_jsonl(io.BufferedReader(io.BytesIO(b"\n".join(chunks))), notes))
    assert all(record.paper.title for record in records)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
KEYS = st.sampled_from(
    ["id", "title", "abstract", "authors", "venue", "year", "keywords", "url", "doi", "x", "extra"]
)


@given(st.dictionaries(KEYS, JSON, max_size=6))
def test_a_paper_is_made_of_any_object_with_a_title_and_nothing_is_lost(found):
    notes = Notes("x")
    records = list(read_jsonl(io.BufferedReader(io.BytesIO(json.dumps(found).encode())), notes))
    for record in records:
        kept = {name for name in found if getattr(record.paper, name, None) or name in record.paper.extra}
        empty = {name for name, value in found.items() if value in (None, "", []) or not str(value).strip()}
        cleaned = {name for name, value in found.items() if isinstance(value, str | list)}
        assert set(found) - kept - empty - cleaned - {"id"} == set()

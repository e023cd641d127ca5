"""JSON lines as programs write them: missing numbers, whole numbers with a point, numbers beyond reading."""

from __future__ import annotations

import json
import shutil

import pytest

from kg.errors import SourceError
from kg.ingest import read_papers
from kg.ingest.record import MAX_ERRORS
from kg.records import PAPERS, encode_json

GOOD = '{"id": "a", "title": "A Title", "abstract": "An abstract."}'


@pytest.fixture
def read(tmp_path):
    def read_lines(*lines: str):
        path = tmp_path / "p.jsonl"
        path.write_text("\n".join(lines), encoding="utf-8")
        return read_papers([path])

    return read_lines


def one(reading):
    (paper,) = reading.papers
    return paper


def test_a_table_with_gaps_as_python_writes_it_is_read(root):
    reading = read_papers([root / "tests" / "cases" / "break" / "missing-as-nan.jsonl"])
    assert reading.papers
    assert [str(issue) for issue in reading.issues if "NaN" in issue.message]
    for paper in reading.papers:
        assert "NaN" not in encode_json([paper.year, dict(paper.extra)])
    assert {paper.id: paper.year for paper in reading.papers} == {"a": None, "b": 2020}


@pytest.mark.parametrize("missing", ["NaN", "Infinity", "-Infinity", "1e999", "-1e400"])
@pytest.mark.parametrize("field", ["year", "abstract", "authors", "doi", "citations"])
def test_a_number_that_is_none_is_missing_and_told_and_the_paper_kept(read, field, missing):
    reading = read(f'{{"title": "A Title", "url": "https://a.test/", "{field}": {missing}}}')
    paper = one(reading)
    assert (paper.title, paper.url) == ("A Title", "https://a.test/")
    assert not getattr(paper, field, None)
    assert field not in paper.extra
    told = [issue for issue in reading.issues if issue.message.startswith(field)]
    assert [(issue.level, issue.where) for issue in told] == [("warning", "p.jsonl:1")]


def test_a_missing_number_inside_of_a_value_is_null_there(read):
    reading = read('{"title": "T", "scores": {"x": [1, NaN, 2.5]}, "authors": ["Ada Marrow", NaN]}')
    assert one(reading).extra == {"scores": {"x": [1, None, 2.5]}}
    assert one(reading).authors == ("Ada Marrow",)
    assert sum("missing" in issue.message for issue in reading.issues) == 2


def test_nothing_is_missing_where_the_words_are_only_text(read):
    reading = read('{"title": "NaN", "abstract": "Infinity and NaN, 1e999.", "x": 1e300}')
    assert (one(reading).title, one(reading).extra, reading.issues) == ("NaN", {"x": 1e300}, ())


@pytest.mark.parametrize("field", ["year", "id", "x"])
@pytest.mark.parametrize("sign", ["", "-"])
def test_an_integer_beyond_reading_leaves_its_line_out(read, field, sign):
    reading = read(GOOD, f'{{"title": "Other", "{field}": {sign}{"9" * 5000}}}')
    assert one(reading).id == "a"
    (issue,) = [issue for issue in reading.issues if issue.level == "error"]
    assert issue.where == "p.jsonl:2"
    assert len(issue.message) < 200


@pytest.mark.parametrize("depth", [101, 500, 3000, 100_000])
@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"a":', "}")])
def test_deep_nesting_leaves_its_line_out(read, depth, opening, closing):
    line = '{"title": "Other", "x": ' + opening * depth + "1" + closing * depth + "}"
    reading = read(GOOD, line)
    assert one(reading).id == "a"
    assert any("p.jsonl:2" in str(issue) and "deep" in issue.message for issue in reading.issues)


def test_nesting_within_the_bound_is_kept(read):
    paper = one(read('{"title": "T", "x": ' + "[" * 99 + "]" * 99 + "}"))
    assert json.loads(PAPERS.encode(paper)[PAPERS.columns.index("extra")])["x"]


@pytest.mark.parametrize("year", ["2020", "2020.0", '"2020"', '"2020.0"', '" 2020.00 "'])
def test_a_year_with_a_point_is_a_year(read, year):
    assert one(read(f'{{"title": "T", "year": {year}}}')).year == 2020


@pytest.mark.parametrize("year", ["2020.5", '"2020.5"', "1e3", "true", "20200", "[2020]"])
def test_what_is_no_year_is_kept_aside(read, year):
    paper = one(read(f'{{"title": "T", "year": {year}}}'))
    assert (paper.year, paper.extra) == (None, {"year": json.loads(year)})


@pytest.mark.parametrize(
    ("given", "id_"),
    [("7", "7"), ("7.0", "7"), ('"7"', "7"), ('" a\\n b\\t\\u2028c  d "', "a b c d"), ("-1.0", "-1")],
)
def test_an_id_is_one_line_of_text(read, given, id_):
    assert one(read(f'{{"id": {given}, "title": "A Title"}}')).id == id_


@pytest.mark.parametrize("given", ["true", "false", "7.5", "[1]", "{}", "1e300"])
def test_what_is_no_id_is_kept_aside_and_told(read, given):
    reading = read(f'{{"id": {given}, "title": "A Title"}}')
    assert one(reading).id == "a-title"
    assert one(reading).extra == {"id": json.loads(given)}
    assert any(issue.message.startswith("id can't be used") for issue in reading.issues)


@pytest.mark.parametrize("given", ["null", '""', '" \\n "', "NaN"])
def test_an_empty_id_is_none(read, given):
    assert one(read(f'{{"id": {given}, "title": "A Title"}}')).id == "a-title"


def test_a_file_of_other_lines_is_refused_before_its_issues_fill_the_memory(tmp_path, monkeypatch):
    monkeypatch.setattr("kg.ingest.record.MAX_ERRORS", 10)
    path = tmp_path / "p.jsonl"
    path.write_text("{}\n" * 11 + GOOD)
    with pytest.raises(SourceError, match="is it a file of papers"):
        read_papers([path])
    assert MAX_ERRORS > 10_000


def test_what_is_written_is_strict_json_or_an_error():
    with pytest.raises(ValueError, match="JSON"):
        encode_json({"x": float("nan")})


@pytest.mark.slow
def test_the_exports_of_missing_numbers_are_json(root, tmp_path):
    from kg import pipeline
    from kg.config import Config

    def refuse(name: str) -> None:
        raise AssertionError(name)

    source = shutil.copy(root / "tests" / "cases" / "break" / "missing-as-nan.jsonl", tmp_path)
    config = Config(sources=(tmp_path / source,), output=tmp_path / "x", pipeline="rules")
    pipeline.build(config)
    json.loads((tmp_path / "x" / "kg.jsonld").read_text(encoding="utf-8"), parse_constant=refuse)

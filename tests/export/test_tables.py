"""CSV that every reader takes the same: Python's, strict ones, SQLite's `.import`."""

from __future__ import annotations

import csv
import io
import shutil
import sqlite3
import subprocess
from types import SimpleNamespace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kg.cells import csv_row
from kg.export.tables import write_papers
from kg.types import Paper

CELLS = st.text(st.sampled_from("ab\r\n,\"'=+-@ \t;\u00e9\u2028"), max_size=8)
ROWS = st.lists(st.lists(CELLS, min_size=1, max_size=4), min_size=1, max_size=5)
ODD = ["a\rb", "\r", "a\r", "\r\n", '"', 'a"\r\n', "=1+1", "-2", "@x", "\rx", "", " "]


def strict(text: str) -> list[list[str]]:
    """RFC 4180 by its letter: a quote only around a cell, an end of line outside of quotes LF or CRLF."""
    rows, row, place = [], [], 0
    while place < len(text):
        if text[place] == '"':
            end, cell = place + 1, ""
            while text[end] != '"' or text[end + 1 : end + 2] == '"':
                cell, end = cell + text[end], end + (2 if text[end] == '"' else 1)
            place = end + 1
        else:
            end = min(found for sign in ',"\r\n' if (found := text.find(sign, place)) >= 0)
            cell, place = text[place:end], end
        row.append(cell)
        assert text[place] in ",\r\n", "text after a quoted cell, or a quote within a plain one"
        if text[place] != ",":
            assert text[place] == "\n" or text[place : place + 2] == "\r\n", "a lone CR"
            place += text[place] == "\r"
            rows.append(row)
            row = []
        place += 1
        if text[place - 1] == "," and place == len(text):
            raise AssertionError("no end of line")
    return rows


@given(ROWS)
@example([[cell] for cell in ODD])
@example([ODD])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_every_row_is_read_as_it_was_written(end, rows):
    text = "".join(csv_row(row) + end for row in rows)
    assert list(csv.reader(io.StringIO(text, newline=""), strict=True)) == rows
    assert strict(text) == rows


@given(st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=1, max_size=4))
def test_rows_without_a_lone_return_are_as_python_writes_them(rows):
    plain = [[cell.replace("\r", "") for cell in row] for row in rows]
    file = io.StringIO(newline="")
    csv.writer(file, lineterminator="\n").writerows(plain)
    assert "".join(csv_row(row) + "\n" for row in plain) == file.getvalue()


@pytest.mark.skipif(not shutil.which("sqlite3"), reason="needs SQLite's command line")
def test_sqlite_imports_the_same(tmp_path):
    rows = [[cell, other, "end"] for cell in ODD for other in ODD]
    (tmp_path / "t.csv").write_text("".join(csv_row(row) + "\n" for row in rows), newline="")
    database = tmp_path / "t.db"
    commands = ["CREATE TABLE t (a, b, c)", ".mode csv", f".import {tmp_path / 't.csv'} t"]
    subprocess.run(["sqlite3", database, *commands], check=True)
    with sqlite3.connect(database) as connection:
        assert [list(row) for row in connection.execute("SELECT * FROM t ORDER BY rowid")] == rows
    connection.close()


@given(texts=st.lists(CELLS, min_size=4, max_size=4))
@example(texts=["\r", "=1", "a\rb", "-x"])
def test_a_table_of_papers_is_read_back_and_holds_no_formula(tmp_path_factory, texts):
    title, abstract, author, venue = texts
    paper = Paper("a", title or "T", abstract, (author,), venue)
    path = tmp_path_factory.mktemp("t") / "papers.csv"
    source = SimpleNamespace(store=SimpleNamespace(papers=lambda: [paper]))
    write_papers(source, path)
    (row,) = csv.DictReader(io.StringIO(read(path), newline=""))
    for field, text in (
        ("title", paper.title),
        ("abstract", abstract),
        ("authors", author),
        ("venue", venue),
    ):
        assert row[field].removeprefix("'") == text.removeprefix("'")
        assert row[field][:1] not in "=+-@\t\r" or row[field] == ""


def read(path) -> str:
    with path.open(encoding="utf-8", newline="") as file:
        return file.read()

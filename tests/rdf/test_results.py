"""Results of SELECT in four formats, beside pyoxigraph's own writer of them."""

from __future__ import annotations

import csv
import io
import json

import pyoxigraph as ox
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kg.rdf.results import ROWS

TEXT = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], include_characters='"\\,\t\n\r<&>'), max_size=12
)
TERMS = st.one_of(
    st.none(),
    TEXT.map(ox.Literal),
    TEXT.map(lambda text: ox.Literal(text, language="en-gb")),
    TEXT.map(lambda text: ox.Literal(text, datatype=ox.NamedNode("http://example.org/t"))),
    st.integers().map(ox.Literal),
    st.integers(0, 9).map(lambda number: ox.NamedNode(f"http://example.org/{number}")),
    st.integers(0, 9).map(lambda number: ox.BlankNode(f"b{number}")),
)
FORMATS = {
    "json": ox.QueryResultsFormat.JSON,
    "xml": ox.QueryResultsFormat.XML,
    "tsv": ox.QueryResultsFormat.TSV,
}


@given(rows=st.lists(st.tuples(TERMS, TERMS), max_size=4))
@example(rows=[(None, ox.Literal(" ")), (ox.Literal("\n a\t"), ox.Literal("\r\n"))])
@pytest.mark.parametrize("name", FORMATS)
def test_what_is_written_is_what_is_read(name, rows):
    text = "".join(ROWS[name](["a", "b"], rows))
    read = ox.parse_query_results(text, FORMATS[name])
    assert [variable.value for variable in read.variables] == ["a", "b"]
    assert [tuple(row) for row in read] == rows


@given(rows=st.lists(st.tuples(TEXT.map(ox.Literal), st.integers().map(ox.Literal)), max_size=4))
def test_csv_is_read_by_any_reader(rows):
    text = "".join(ROWS["csv"](["a", "b"], rows))
    read = list(csv.reader(io.StringIO(text, newline="")))
    assert read == [["a", "b"], *([term.value for term in row] for row in rows)]


def test_triple_terms_are_written_as_sparql_1_2_has_them():
    triple = ox.Triple(ox.NamedNode("a:s"), ox.NamedNode("a:p"), ox.Literal("o"))
    found = json.loads("".join(ROWS["json"](["t"], [(triple,)])))["results"]["bindings"][0]["t"]
    assert found["type"] == "triple"
    assert found["value"]["object"] == {"type": "literal", "value": "o"}
    assert "<triple><subject><uri>a:s</uri>" in "".join(ROWS["xml"](["t"], [(triple,)]))
    assert '<<( <a:s> <a:p> "o" )>>' in "".join(ROWS["tsv"](["t"], [(triple,)]))

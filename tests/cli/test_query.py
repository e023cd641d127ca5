"""`kg query` as a user meets it."""

from __future__ import annotations

import csv
import io
import json

import pytest
import rdflib
from click.testing import CliRunner
from exported import write_exports

from kg.cli import kg


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return write_exports(tmp_path_factory.mktemp("asked"), names=["kg.nt"])


@pytest.fixture
def ask(folder):
    def run(*arguments, text=None):
        return CliRunner().invoke(kg, ["query", "-o", str(folder), *arguments], input=text)

    return run


def test_a_table_by_name(ask):
    shown = ask("--name", "related-papers", "--param", "paper=Egret Compared", "--limit", "1")
    assert shown.exit_code == 0, shown.output
    assert "Tidemark, Heron, language model" in shown.output
    assert "1 row, there are more" in shown.output


def test_a_query_from_a_file_or_standard_input(ask, tmp_path):
    text = "SELECT ?name { ?x a kg:Dataset ; skos:prefLabel ?name }"
    (tmp_path / "mine.rq").write_text(text)
    for shown in (ask(str(tmp_path / "mine.rq")), ask("-", text=text), ask(text)):
        assert "Tidemark" in shown.output, shown.output
    missing = ask("no-such-file.rq")
    assert missing.exit_code == 7
    assert missing.output.startswith("kg: no-such-file.rq: neither a query nor a file that can be read")


def test_formats_for_programs(ask):
    text = "SELECT ?name ?n { ?x skos:prefLabel ?name ; kg:paperCount ?n } ORDER BY ?name"
    found = json.loads(ask(text, "--json").output)["results"]["bindings"]
    rows = list(csv.reader(io.StringIO(ask(text, "--format", "csv").output)))
    assert rows[0] == ["name", "n"]
    assert [row[0] for row in rows[1:]] == [row["name"]["value"] for row in found]
    assert ask(text, "--format", "tsv").output.startswith("?name\t?n\n")
    assert "<sparql xmlns=" in ask(text, "--format", "xml").output


@pytest.mark.parametrize(("format_", "syntax"), [("turtle", "turtle"), ("ntriples", "nt"), ("rdfxml", "xml")])
def test_a_graph_in_formats_of_graphs(ask, format_, syntax):
    shown = ask("--name", "describe-concept", "--param", "concept=heron", "--format", format_)
    assert len(rdflib.Graph().parse(data=shown.output, format=syntax)) > 10


def test_yes_and_no(ask):
    assert ask("ASK { ?s a kg:Model }").output == "yes\n"
    assert ask("ASK { ?s a kg:Nothing }").output == "no\n"


def test_the_list_names_every_query_with_its_parameters(ask):
    listed = ask("--list").output
    assert "shared-concepts" in listed
    assert "--param below=...  the confidence below which a statement is to be looked at [0.2]" in listed
    assert len(json.loads(ask("--list", "--json").output)) >= 20


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["SELECT * {"], "kg: line 1, column 11: expected"),
        (
            ["--name", "shared-concept"],
            "kg: no query named 'shared-concept': did you mean 'shared-concepts'?",
        ),
        (["--name", "path", "--param", "from"], "kg: --param from: write it as NAME=VALUE"),
        (["SELECT * { SERVICE <http://x/> {} }"], "kg: SERVICE asks another server and is not allowed"),
        (["DROP ALL"], "kg: DROP is an update: the graph can only be read"),
    ],
)
def test_errors_are_one_line(ask, arguments, message):
    shown = ask(*arguments)
    assert shown.exit_code in (7, 8)
    assert shown.output.startswith(message)
    assert shown.output.count("\n") == 1


def test_control_characters_in_a_cell_do_nothing(ask):
    assert "\x1b" not in ask('SELECT ("\\u001b[31mred" AS ?x) {}'.replace("\\u001b", "\x1b")).output

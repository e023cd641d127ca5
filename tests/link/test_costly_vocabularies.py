"""Vocabulary files that cost more than they should: nested, endless, in rings; each is one line, or read."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from kg.errors import VocabularyError
from kg.link import load_vocabularies
from kg.link.apart import parse_apart
from kg.link.depth import MAX_DEPTH, MAX_ELEMENTS
from kg.link.reading import APART, read_entries
from kg.link.skos import entries_of
from kg.link.vocabulary import refuse_cycles

HEAD = "@prefix skos: <http://www.w3.org/2004/02/skos/core#> . @prefix v: <https://v.test/> .\n"
XML = '<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:a="urn:a:">'
READ = (
    "import sys, resource; from pathlib import Path; resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))\n"
    "from kg.link.reading import read_entries; from kg.errors import VocabularyError\n"
    "for name in sys.argv[1:]:\n"
    "    try: read_entries(Path(name))\n"
    "    except VocabularyError as error: print(error)"
)


def concepts(number: int) -> str:
    return HEAD + "".join(
        f'v:c{n} a skos:Concept ; skos:prefLabel "Concept {n}"@en .\n' for n in range(number)
    )


@pytest.fixture
def write(tmp_path):
    def write(name, text):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


def refused(path) -> str:
    with pytest.raises(VocabularyError) as caught:
        read_entries(path)
    message = str(caught.value)
    assert message.isprintable()
    assert len(message.replace(str(path), "")) < 500
    return message


NESTED = {
    "objects.jsonld": '{"http://a/b":' * 100_000 + "1" + "}" * 100_000,
    "open.jsonld": '{"http://a/b":' * 100_000,
    "lists.jsonld": '{"@id":"a:b","http://a/b":{"@list":' * 10_000,
    "elements.owl": XML + "<a:A><a:b>" * 100_000 + "</a:b></a:A>" * 100_000 + "</r:RDF>",
    "terms.ttl": "<a:b> <a:c> " + "<<( <a:b> <a:c> " * 30_000 + "1" + " )>>" * 30_000 + ".",
    "terms.nt": "<a:b> <a:c> " + "<<( <a:b> <a:c> " * 30_000 + "<a:b>" + " )>>" * 30_000 + " .",
    "nodes.ttl": "<a:b> <a:c> " + "[ <a:b> " * 30_000 + "1" + "]" * 30_000 + ".",
    "lists.trig": "<a:b> <a:c> " + "( " * 30_000 + "1" + ")" * 30_000 + ".",
    "formulas.n3": "{" * 30_000,
    "strings.ttl": '\\"""' * 30_000 + "[" * 200,
}


def test_nested_files_are_refused_before_they_take_memory_or_end_the_process(write):
    paths = [write(name, text) for name, text in NESTED.items()]
    command = [sys.executable, "-c", READ, *map(str, paths)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    said = done.stdout.splitlines()
    assert len(said) == len(paths)
    assert [line for line, path in zip(said, paths, strict=True) if str(path) not in line] == []
    assert [line for line in said[:-1] if "deep" not in line] == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (
            "a.jsonld",
            '{"@graph":' + "[" * (MAX_DEPTH - 2) + json.dumps("[{" * 200) + "]" * (MAX_DEPTH - 2) + "}",
        ),
        (
            "a.ttl",
            HEAD
            + "# "
            + "[" * 200
            + '\nv:a skos:note "[['
            + "(" * 200
            + '", """a"\n"['
            + "{" * 200
            + '""" .',
        ),
        ("b.ttl", HEAD + "".join(f"v:a skos:x ( [ skos:y <[[[{n}> ] ) .\n" for n in range(200))),
        (
            "a.owl",
            XML
            + "<a:A><a:b>" * (MAX_ELEMENTS // 2 - 1)
            + "</a:b></a:A>" * (MAX_ELEMENTS // 2 - 1)
            + "</r:RDF>",
        ),
    ],
)
def test_what_is_only_written_is_not_nested(write, name, text):
    assert "no concept with a label" in refused(write(name, text))


def test_a_large_file_is_parsed_apart_to_the_same_entries(write):
    text = concepts(5000)
    assert len(text) > APART
    path = write("v.ttl", text)
    assert read_entries(path) == entries_of(text, ".ttl", "v.ttl")
    assert "v.ttl:5001: " in refused(write("v.ttl", text[:-3] + "\x1b[2J"))


def test_what_parsing_takes_is_bounded_and_told(monkeypatch):
    monkeypatch.setattr("kg.link.apart.MEGABYTES", 256)
    long = "".join(f'v:c{n} skos:prefLabel "{"x" * 1000}" .\n' for n in range(60_000))
    with pytest.raises(
        VocabularyError, match=r"v\.ttl: can't be parsed with the 256 MiB of memory that it may have"
    ):
        parse_apart(HEAD + long, ".ttl", "v.ttl")


@pytest.mark.slow
def test_the_time_that_parsing_takes_is_bounded_and_told(monkeypatch):
    monkeypatch.setattr("kg.link.apart.SECONDS", 1)
    context = {f"t{n}": f"http://a/{n}" for n in range(12_000)}
    graph = [{"@context": {}, "@id": f"http://x/{n}", "t1": "v"} for n in range(12_000)]
    with pytest.raises(VocabularyError, match="the 1 s of computing"):
        parse_apart(json.dumps({"@context": context, "@graph": graph}), ".jsonld", "v.jsonld")


@pytest.mark.parametrize("name", ["v.ttl", "v.jsonld", "v.nt"])
def test_a_value_longer_than_the_parser_takes_is_told(write, name):
    value = "x" * (17 << 20)
    text = f'{{"@id": "a:b", "http://a/b": "{value}"}}' if name == "v.jsonld" else f'<a:b> <a:c> "{value}" .'
    assert "over 16 MiB" in refused(write(name, text))


def test_a_long_chain_is_read_and_a_long_ring_named_in_short():
    chain = {f"c{n}": [f"c{n + 1}"] for n in range(100_000)}
    refuse_cycles(chain)
    refuse_cycles(dict(reversed(chain.items())))
    with pytest.raises(VocabularyError) as caught:
        refuse_cycles(chain | {"c99999": ["c0"]})
    assert "c0 > c1 > c2 > c3 > c4 > c5 > (99993 more) > c99999 > c0:" in str(caught.value)
    with pytest.raises(VocabularyError) as caught:
        refuse_cycles({"\x1b[2J" * 1000: ["\x1b[2J" * 1000]})
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 300


def test_many_ways_up_are_walked_once():
    refuse_cycles(
        {f"{level}.{n}": [f"{level + 1}.{m}" for m in range(30)] for level in range(60) for n in range(30)}
    )


TABLES = {
    "long.csv": ("label,altLabels\nx," + "y" * 200_000 + "\n", "field larger"),
    "return.csv": ("label\rx\ry\r", "new-line"),
    "cells.csv": ("label,type\nx,Model,extra\n", "cells.csv:2: more cells than columns"),
    "comma.csv": ("label\nconvolution, dilated\n", "quote a label"),
    "twice.csv": ("label,label\nx,y\n", "twice"),
    "wide.csv": ("label," + ",".join(f"c{n}" for n in range(100_000)) + "\n", "unknown column"),
    "escape.csv": ("label,\x1b[2J\nx,y\n", "unknown column"),
    "type.csv": ("label,type\nx," + "\x1b" * 5000 + "\n", "unknown type"),
    "null.csv": ("label\nx\0y\n", "binary"),
    "escape.ttl": ("\x1b]0;" * 1000, "escape.ttl:1"),
    "escape.owl": ("<a>\x1b[2J", "escape.owl:1"),
    "escape.jsonld": ('{"@context": {"\x1b[31m": "\x1b[2J"}}', "escape.jsonld"),
    "cut.owl": (XML + "<a:A>", "no XML"),
    "late.owl": ("<?xml version='1.0'?><!-- --><!DOCTYPE r:RDF>" + XML + "</r:RDF>", "DOCTYPE"),
}


@pytest.mark.parametrize("name", TABLES)
def test_odd_files_are_one_line(write, name):
    text, said = TABLES[name]
    assert said in refused(write(name, text))


def test_a_table_row_may_be_short_or_empty(write):
    found = read_entries(write("v.csv", 'type,uri,label\nModel,,"a, b"\nTask\n\n,,\nTask,,c\n'))
    assert [entry.label for entry in found] == ["a, b", "c"]


def test_names_of_files_are_text_in_what_is_kept(write, tmp_path):
    path = tmp_path / "caf\udce9.csv"
    path.write_text("label\nx\n")
    assert load_vocabularies([path]).titles[0] == "caf\ufffd.csv"
    with pytest.raises(VocabularyError, match="can't be read"):
        read_entries(tmp_path / "a\0.ttl")

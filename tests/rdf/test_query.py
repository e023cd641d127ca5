"""SPARQL by name and by text: what is answered, what is refused, and how errors read."""

from __future__ import annotations

import io
import json
import signal
import subprocess
import sys
import time
from decimal import Decimal
from pathlib import Path

import pytest
import rdflib

import kg.rdf
from kg.errors import QueryError, UnknownNameError
from kg.rdf import ending, named, worker
from kg.rdf.graphs import Rows
from kg.rdf.problems import CrashedError, QueryTimeoutError, StoppedError

GIVEN = {"concept": "heron", "paper": "paper-0", "from": "paper-0", "to": "paper-4", "words": "TIDE"}
QUERIES = {query.name: query for query in named.all_queries()}
EMPTY = {
    "decisions",
    "new-since",
    "low-confidence",
    "papers-without-concepts",
    "papers-using",
    "evaluated-on",
}


@pytest.fixture
def rows(data):
    def ask(text="", name="", **params):
        found = data.query(text, params, name=name)
        assert isinstance(found, Rows)
        return list(found.rows)

    return ask


def test_there_are_at_least_twenty_each_with_title_and_description():
    assert len(QUERIES) >= 20
    for query in QUERIES.values():
        assert query.title
        assert query.description
        assert query.form in ("SELECT", "CONSTRUCT")
        assert {kind for _, kind, *_ in query.parameters} <= set(named.KINDS)
        for parameter in query.parameters:
            assert f"${parameter.name}" in query.text or query.instead
            assert parameter.about


@pytest.mark.parametrize("name", QUERIES)
def test_every_named_query_answers(data, name):
    query = QUERIES[name]
    found = data.query(name=name, params={p.name: GIVEN[p.name] for p in query.parameters if p.required})
    assert isinstance(found, Rows) == (query.form == "SELECT")
    assert bool(found.rows if isinstance(found, Rows) else len(found)) == (name not in EMPTY)


@pytest.mark.parametrize("name", QUERIES)
def test_every_named_query_is_sparql_to_rdflib_too(name):
    from rdflib.plugins.sparql import prepareQuery

    assert prepareQuery(QUERIES[name].text)


def test_papers_that_share_concepts(rows):
    best = rows(name="shared-concepts")[0]
    assert best[1:] == ("Pruning with Salt", "Drift and Its Discontents", "drift, language model")
    with_one = rows(name="shared-concepts", paper="Egret Compared")
    assert with_one[0][1:3] == ("Heron: a Language Model for Tide Tables", "paper-0")
    assert all("paper-2" not in row for row in with_one)


@pytest.mark.parametrize(
    "name", ["Heron", "HERON", "model-heron", "https://w3id.org/paperkg/data/concept/model-heron"]
)
def test_a_concept_is_found_by_label_in_any_case_by_id_and_by_iri(rows, name):
    assert {row[0] for row in rows(name="introduced-by", concept=name)} == {
        "Heron: a Language Model for Tide Tables"
    }


@pytest.mark.parametrize("name", ["BM", "bm", "bird model", "Bird Models"])
def test_a_concept_is_found_by_alias_and_plural(rows, name):
    assert ("Heron", "model-heron") in {row[1:] for row in rows(name="narrower", concept=name)}


@pytest.mark.parametrize("name", ["paper-2", "Egret Compared", "egret compared", "Egret", "paper-2 "])
def test_a_paper_is_found_by_id_title_and_beginning(data, name):
    if name.endswith(" "):
        with pytest.raises(QueryError, match="no paper is called 'paper-2 '"):
            data.query(name="concepts-of-paper", params={"paper": name})
        return
    found = data.query(name="concepts-of-paper", params={"paper": name})
    assert ("introduces", "Egret", "Model") in {row[:3] for row in found.rows}


def test_sub_concepts_bring_their_papers(rows):
    assert {row[1] for row in rows(name="papers-below", concept="bird model")} == {"paper-0", "paper-2"}


def test_the_path_between_two_papers_goes_through_what_they_share(rows):
    steps = rows(name="path", **{"from": "paper-0", "to": "paper-4"})
    assert steps[0][0] == 1
    assert steps[0][2] == "language model"
    assert {row[3] for row in steps if row[0] == 2} >= {"Pruning with Salt"}


def test_evidence_comes_with_the_sentence(rows):
    found = rows(name="compared-with", concept="Heron")
    sentence = "Egret is better than Heron on Tidemark, a language model feat."
    assert ("Egret", "outperforms", Decimal("0.8"), sentence, "Egret Compared") in found


def test_values_are_pythons_own(data):
    text = 'SELECT (1 AS ?i) (1.50 AS ?d) (1e0 AS ?f) (true AS ?b) ("x" AS ?s) (<a:b> AS ?u) ?none {}'
    assert data.query(text).rows == ((1, Decimal("1.50"), 1.0, True, "x", "a:b", None),)
    assert list(data.query("SELECT ?x { VALUES ?x { 1 2 } }").records()) == [{"x": 1}, {"x": 2}]


def test_a_graph_comes_in_order_with_the_prefixes_that_it_uses(data):
    pieces = []
    query = "CONSTRUCT { ?c skos:broader ?b ; a ?type } WHERE { ?c a kg:Model ; a ?type OPTIONAL { ?c skos:broader ?b } }"
    found = data.ask(query, pieces.append, graph="turtle")
    text = b"".join(pieces).decode()
    prefixes = [line.split()[1] for line in text.splitlines() if line.startswith("@prefix")]
    assert set(prefixes) == {"rdf:", "kg:", "skos:"}
    subjects = [line.split()[0] for line in text.splitlines() if line.startswith("<")]
    assert subjects == sorted(set(subjects))
    assert text.count(" a ") == len(subjects)
    assert found["count"] == len(data.query(query))


def test_ask_is_a_bool_and_construct_a_graph(data):
    assert data.query("ASK { ?s a kg:Model }") is True
    assert data.query("ASK { ?s a kg:Nothing }") is False
    graph = data.query("CONSTRUCT { ?s a kg:Seen } WHERE { ?s a kg:Model }")
    assert isinstance(graph, rdflib.Graph)
    assert len(graph) == 4


def test_a_limit_cuts_and_says_so(data):
    found = data.query("SELECT ?x { VALUES ?x { 1 2 3 } }", limit=2)
    assert (len(found.rows), found.more) == (2, True)
    assert data.query("SELECT ?x { VALUES ?x { 1 2 } }", limit=2).more is False


HOSTILE = ['x" } #', "' OR 1=1", "x\\", 'a"b\nc', "<script>", '"^^<x>', "$concept", "?s ?p ?o . SERVICE"]


@pytest.mark.parametrize("value", HOSTILE)
def test_a_value_stays_a_value(data, value):
    assert data.query("SELECT ($words AS ?found) {}", {"words": value}).rows == ((value,),)
    with pytest.raises(QueryError, match="no concept is called"):
        data.query(name="papers-using", params={"concept": value})


def test_what_looks_like_a_parameter_in_a_string_an_iri_or_a_comment_is_left(data):
    text = "SELECT (\"$words\" AS ?a) ('$words' AS ?b) (<x:$words> AS ?c) ($words AS ?d) {} # $words"
    assert data.query(text, {"words": "w"}).rows == (("$words", "$words", "x:$words", "w"),)


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({}, "papers-using needs --param concept=...: its name, id or IRI"),
        ({"concept": "Heron", "x": "1"}, "papers-using has no parameter 'x': it has concept"),
    ],
)
def test_wrong_parameters_are_named(data, params, message):
    with pytest.raises(QueryError) as error:
        data.query(name="papers-using", params=params)
    assert str(error.value) == message


@pytest.mark.parametrize(
    "value",
    [
        "1e-100000000",
        "1E+100000000",
        "0e-99999999",
        "0e99999999",
        "1e999999999",
        "1" * 50,
        "sNaN",
        "-Infinity",
        "0." + "1" * 1000,
        "1e-21",
        "1e16",
        "x",
    ],
)
def test_a_number_has_bounds_before_it_is_written(data, value):
    with pytest.raises(QueryError, match="not decimal number") as error:
        data.prepare("", {"below": value}, name="low-confidence")
    assert len(str(error.value)) < 200


@pytest.mark.parametrize(
    ("value", "written"), [("0.25", "0.25"), ("1e-3", "0.001"), ("-2E+3", "-2000"), ("0", "0")]
)
def test_a_number_within_bounds_is_written_in_full(data, value, written):
    assert f'"{written}"^^' in data.prepare("", {"below": value}, name="low-confidence")


@pytest.mark.parametrize("value", ["", "three", "1.5", "NaN", "1e400", "inf"])
def test_a_number_must_be_one(data, value):
    if value == "":
        assert data.query(name="new-since", params={"build": "1"}).rows == ()
        return
    with pytest.raises(QueryError, match="not integer number"):
        data.query(name="new-since", params={"build": value})


def test_a_type_must_be_one_of_seven(rows, data):
    assert {row[2] for row in rows(name="commonest-concepts", type="dataset")} == {"dataset-tidemark"}
    with pytest.raises(QueryError, match="no type 'Bird': choose of Model, Dataset"):
        data.query(name="commonest-concepts", params={"type": "Bird"})


def test_an_unknown_name_gets_a_near_one():
    with pytest.raises(UnknownNameError, match="did you mean 'shared-concepts'"):
        named.query("shared-concept")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("SELECT * {\n ?s foo:bar ?o }", "line 2, column 5: unknown prefix foo:, declare it with PREFIX"),
        ("SELECT * { ?s ?p", "line 1, column 17: expected"),
        ("", "line 1, column 1: "),
        ("PREFIX x: <a:b> # c\ninsert data { <a:a> <a:a> 1 }", "INSERT is an update"),
        ("SELECT ?x { ?x a kg:Model } GROUP BY ?y", "line 1, column 40: "),
        (
            "# what\nSELEKT ?x {}",
            "line 2: a query begins with SELECT, ASK, CONSTRUCT, DESCRIBE, found 'SELEKT'",
        ),
        ("ASK { ?s ?p <a:b>", 'expected "," or "." or ";" or "{" or "{|" or "}", found the end of the line'),
        ("SELECT ?x ?x {}", "Duplicated variable name in SELECT"),
    ],
)
def test_errors_are_one_line_with_the_place(data, text, message):
    with pytest.raises(QueryError) as error:
        data.query(text)
    assert message in str(error.value)
    assert "\n" not in str(error.value)
    assert len(str(error.value)) < 250


LONG = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n1 ?o }"


def test_a_query_over_its_time_is_stopped_and_the_next_one_answered(folder):
    with kg.rdf.open(folder, seconds=0.5) as data:
        data.query("ASK {}")  # the process is up
        with pytest.raises(QueryTimeoutError, match=r"stopped after 0\.5 s"):
            data.query(LONG)
    with kg.rdf.open(folder) as data:
        assert data.query("ASK {}") is True


def test_a_query_that_takes_all_memory_harms_nobody(folder):
    from kg.rdf.answer import Request
    from kg.rdf.client import Worker

    worker = Worker(folder, megabytes=400)
    try:
        with pytest.raises(QueryError, match="memory"):
            worker.ask(
                Request("SELECT (COUNT(*) AS ?n) { SELECT DISTINCT * { ?a ?b ?c . ?d ?e ?f } }"), 60, len
            )
        assert worker.ask(Request("ASK {}"), 60, len)["kind"] == "boolean"
    finally:
        worker.stop()


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_a_process_whose_owner_is_gone_ends_itself(folder, monkeypatch):
    """As after a kill -9 of the server: nobody is left to end the worker."""
    code = (
        "import sys; from pathlib import Path; from kg.rdf import worker; worker.GRACE = 0.5\n"
        f"worker.main(Path({str(folder)!r}), 4096, network=False)"
    )
    process = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    process.stdin.write(json.dumps({"query": LONG, "seconds": 0.5}).encode() + b"\n")
    process.stdin.flush()
    assert process.wait(30) == -signal.SIGALRM
    process.stdin.close()
    process.stdout.close()


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the alarm ends it")
@pytest.mark.parametrize("seconds", [None, 3600.0])
def test_a_process_whose_owner_was_killed_ends_at_once(folder, seconds):
    code = (
        "import sys, time; from pathlib import Path; from kg.rdf.client import Worker; from kg.rdf.answer import Request\n"
        f"worker = Worker(Path({str(folder)!r})); worker.start(); print(worker._process.pid, flush=True)\n"
        f"worker.ask(Request({LONG!r}), {seconds}, print)"
    )
    owner = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)
    worker = int(owner.stdout.readline())
    until = time.monotonic() + 20
    while _state(worker) != "R" and time.monotonic() < until:
        time.sleep(0.01)  # until it is at the query
    owner.kill()
    owner.wait()
    owner.stdout.close()
    while _state(worker) not in ("", "Z") and time.monotonic() < until:
        time.sleep(0.01)
    assert _state(worker) in ("", "Z")


def _state(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return ""


def test_what_nobody_foresaw_is_told_as_what_it_is(monkeypatch):
    def broken(*_):
        raise LookupError("no such shelf")

    monkeypatch.setattr(worker, "answer", broken)
    written = io.BytesIO()
    worker.serve(None, json.dumps({"query": "ASK {}", "seconds": None}).encode(), written)
    kind, _ = worker.HEAD.unpack_from(written.getvalue())
    told = json.loads(written.getvalue()[worker.HEAD.size :])
    assert (kind, told["kind"]) == (b"E", "UnforeseenError")
    assert told["message"] == "the query met with an error of ours: LookupError: no such shelf"


@pytest.mark.parametrize(
    ("code", "words", "kind", "message"),
    [
        (-signal.SIGABRT, "memory allocation of 99 bytes failed", StoppedError, "needs too much memory"),
        (-signal.SIGABRT, "terminate called: std::bad_alloc\n", StoppedError, "needs too much memory"),
        (-signal.SIGKILL, "", StoppedError, "ended by the system"),
        (-signal.SIGSEGV, "", CrashedError, "(SIGSEGV): it said nothing"),
        (1, "Traceback\n  x\nKeyError: 'a'\n\n", CrashedError, "(exit code 1): KeyError: 'a'"),
        (-signal.SIGABRT, "thread panicked at x.rs", CrashedError, "(SIGABRT): thread panicked at x.rs"),
    ],
)
def test_how_a_process_ended_is_told(code, words, kind, message):
    error = ending.cause(code, words)
    assert type(error) is kind
    assert message in str(error)
    assert "\n" not in str(error)
    assert ("memory" in str(error)) == (kind is StoppedError)


def test_a_number_that_the_parser_trips_over_is_refused_in_a_line(data):
    with pytest.raises(QueryError, match="the word SERVICE in a query that the check can't read"):
        data.query("SELECT * { ?s <a:b>-1.0 } #service")


def test_a_worker_loads_no_models(folder):
    code = "import sys, kg.rdf.worker; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-P", "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()
    assert not {"onnxruntime", "spacy", "numpy", "requests", "httpx"} & set(loaded)


def test_files_in_the_working_folder_are_not_run(folder, tmp_path, monkeypatch):
    (tmp_path / "json.py").write_text("raise SystemExit('hostile')")
    (tmp_path / "pyoxigraph.py").write_text("raise SystemExit('hostile')")
    monkeypatch.chdir(tmp_path)
    with kg.rdf.open(folder) as data:
        assert data.query("ASK {}") is True


def test_a_folder_without_exports_says_what_to_do(tmp_path):
    with (
        kg.rdf.open(tmp_path) as data,
        pytest.raises(QueryError, match=r"no kg\.nt or kg\.ttl here: run `kg build`"),
    ):
        data.query("ASK {}")


def test_exports_that_are_no_rdf_are_named(tmp_path):
    (tmp_path / "kg.nt").write_text("<a:b> <a:c> oops .\n")
    with kg.rdf.open(tmp_path) as data, pytest.raises(QueryError, match=r"kg\.nt: .*run `kg build` again"):
        data.query("ASK {}")


def test_rdflib_on_the_same_store(data, folder):
    pytest.importorskip("oxrdflib")
    graph = data.rdflib()
    count = data.query("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }").rows[0][0]
    assert len(graph) == count == len((folder / "kg.nt").read_text().splitlines())
    label = rdflib.URIRef("http://www.w3.org/2004/02/skos/core#prefLabel")
    assert set(map(str, graph.objects(None, label))) >= {"Heron", "bird model"}


def test_json_lines_up_with_what_the_worker_says(data):
    pieces = []
    found = data.ask("SELECT ?x { VALUES ?x { 1 2 } }", pieces.append)
    assert found == {"kind": "rows", "count": 2, "more": False, "variables": ["x"]}
    assert len(json.loads(b"".join(pieces))["results"]["bindings"]) == 2

"""No query reaches the network: refused on its parse tree, and by the kernel were it not."""

from __future__ import annotations

import contextlib
import socket
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import QueryError
from kg.rdf import guard

PLACES = [
    "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
    "SELECT * { service silent <http://127.0.0.1:9/> { ?s ?p ?o } }",
    "ASK { { } UNION { ?s ?p ?o . SeRvIcE ?s { ?a ?b ?c } } }",
    "SELECT * { OPTIONAL { SERVICE <x:y> {} } }",
    "SELECT * { { SELECT * { SERVICE <x:y> { ?s ?p ?o } } } }",
    "SELECT * { ?s ?p ?o FILTER EXISTS { SERVICE <x:y> { ?s ?p ?o } } }",
    "SELECT * { ?s ?p ?o FILTER NOT EXISTS { { SERVICE <x:y> { ?s ?p ?o } } MINUS { ?a ?b ?c } } }",
    "CONSTRUCT { ?s ?p ?o } WHERE { GRAPH ?g { SERVICE <x:y> { ?s ?p ?o } } }",
    "DESCRIBE ?s { SERVICE <x:y> { ?s ?p ?o } }",
    "SELECT * { BIND(EXISTS { SERVICE <x:y> {} } AS ?x) }",
    "SELECT * { SERVICE#comment\n<x:y>{} }",
    "PREFIX s: <http://x/> SELECT * { SERVICE s:y { ?s ?p ?o } }",
    "SELECT * { BIND(1 AS ?a) FILTER(?a<1)SERVICE?s#>\n{ ?x ?y ?z} }",
    "SELECT * # a comment\r{ SERVICE <x:y> {} }",
    'SELECT * { ?s ?p "x\\u0022 # " . SERVICE <x:y> {?s ?p ?o} }',
    "SELECT * { \\u0053ERVICE <x:y> {?s ?p ?o} }",
    "SELECT * { LATERAL { SERVICE <x:y> {?s ?p ?o} } }",
    "SELECT * { ?s ?p <<( ?a ?b ?c )>> . SERVICE <x:y> {} }",
]
HARMLESS = [
    'SELECT * { ?s ?p "SERVICE <http://x/> { }" }',
    "SELECT * { ?service ?p <http://x/service> } # SERVICE <x:y> {}",
    "PREFIX service: <http://x/> SELECT * { ?s service:service ?o }",
    'SELECT * { ?s ?p """\nSERVICE <x:y> {}\n""" }',
    'SELECT * { ?s ?p "\\u0041 \\"from\\" <http://x/>" }',
    "SELECT ?from { ?from <x:from> ?to }",
]


@pytest.mark.parametrize("text", PLACES)
def test_service_is_refused_wherever_it_stands(text):
    with pytest.raises(QueryError, match="SERVICE"):
        guard.check(guard.normal(text), set())


@pytest.mark.parametrize("text", HARMLESS)
def test_the_word_alone_is_no_reason(text):
    guard.check(guard.normal(text), set())


@pytest.mark.parametrize("clause", ["FROM", "from named", "FROM<http://y/> FROM"])
def test_graphs_that_are_not_there_are_refused(clause):
    with pytest.raises(QueryError, match="no graph <http://x/> in this data set"):
        guard.check(f"SELECT * {clause} <http://x/> {{ ?s ?p ?o }}", {"http://y/"})
    guard.check("SELECT * FROM <http://y/> { ?s ?p ?o }", {"http://y/"})


def test_a_query_of_a_million_characters_is_refused():
    with pytest.raises(QueryError, match="the limit is 1,000,000"):
        guard.check("#" * 1_000_001)


@given(st.text(alphabet="{}()<>\"'#\\u0053 serviceSERVICE?$:.\n\r", max_size=60))
def test_any_text_is_let_through_or_refused(text):
    whole = guard.normal(f"SELECT * {{ {text} SERVICE <x:y> {{ }} }}")
    try:
        guard.check(whole, set())
    except QueryError:
        return
    import pyoxigraph as ox

    # it was let through: so it is no query, or one in which the clause is only words; were it followed, the
    # address without a server would be an OSError
    with contextlib.suppress(SyntaxError):
        list(ox.Store().query(whole))


@pytest.fixture
def listener():
    """A server on loopback that counts who knocks."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        yield server


def knocked(server):
    try:
        server.accept()[0].close()
    except TimeoutError:
        return False
    return True


def test_nothing_is_fetched(data, listener):
    port = listener.getsockname()[1]
    for text in (
        f"SELECT * {{ SERVICE <http://127.0.0.1:{port}/> {{ ?s ?p ?o }} }}",
        f"SELECT * {{ SERVICE SILENT <http://127.0.0.1:{port}/> {{ ?s ?p ?o }} }}",
        f"SELECT * FROM <http://127.0.0.1:{port}/> {{ ?s ?p ?o }}",
        f"LOAD <http://127.0.0.1:{port}/>",
        f"LOAD <file:///etc/passwd>; SELECT * FROM <http://127.0.0.1:{port}/> {{}}",
    ):
        with pytest.raises(QueryError):
            data.query(text)
    assert not knocked(listener)


@pytest.mark.skipif(sys.platform != "linux", reason="the second lock is Linux's")
def test_a_confined_process_has_no_sockets():
    code = (
        "import socket; from kg.sandbox import confine; confine(4096, network=False)\n"
        "try: socket.socket()\nexcept PermissionError: raise SystemExit(7)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 7


def test_service_is_followed_only_where_the_user_allows_it(folder, listener):
    from kg.rdf.graphs import Dataset

    port = listener.getsockname()[1]
    text = f"SELECT * {{ SERVICE <http://127.0.0.1:{port}/> {{ ?s ?p ?o }} }}"
    with Dataset(folder, seconds=1, allow_service=True) as data, pytest.raises(QueryError):
        data.query(text)
    assert knocked(listener)

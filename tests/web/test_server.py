"""The server as strangers meet it: pages, linked data, search, limits, and nothing that harms the others."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote, urlsplit

import httpx
import pytest
import rdflib
from exported import write_exports
from served import running

from kg.web.negotiation import best

HOUR = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n1 ?o }"
MANY = "SELECT ?a {{ {} }}".format(" ".join(f"VALUES ?{name} {{ 1 2 3 4 5 6 7 8 }}" for name in "abc"))
ODD = quote('topic-<script>alert(1)</script>/a"b', safe="")


def test_the_first_page_counts_and_links(client):
    page = client.get("/")
    assert "6 papers, " in page.text
    assert 'href="/concept/model-language-model"' in page.text
    assert client.get("/index.json").json()["papers"] == 6


@pytest.mark.parametrize("kind", ["paper", "concept"])
@pytest.mark.parametrize(
    ("accept", "ending"),
    [
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "html"),
        ("text/turtle", "ttl"),
        ("application/ld+json", "jsonld"),
        ("application/json", "json"),
        ("*/*", "html"),
    ],
)
def test_a_thing_redirects_to_the_document_that_suits(client, kind, accept, ending):
    name = {"paper": "paper-0", "concept": "model-heron"}[kind]
    response = client.get(f"/{kind}/{name}", headers={"accept": accept})
    assert response.status_code == 303
    assert response.headers["location"] == f"/{kind}/{name}.{ending}"
    assert response.headers["vary"] == "accept"
    document = client.get(response.headers["location"])
    assert document.status_code == 200
    assert "Heron" in document.text


def test_there_is_no_picture_of_a_paper(client):
    assert client.get("/paper/paper-0", headers={"accept": "image/png"}).status_code == 406


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")
@pytest.mark.parametrize(("ending", "syntax"), [("ttl", "turtle"), ("jsonld", "json-ld")])
@pytest.mark.parametrize("path", ["paper/paper-0", "concept/model-heron"])
def test_a_description_says_what_the_export_says(client, folder, path, ending, syntax):
    export = rdflib.Graph().parse(data=(folder / "kg.nt").read_bytes(), format="nt")
    found = rdflib.Graph().parse(data=client.get(f"/{path}.{ending}").text, format=syntax)
    thing = rdflib.URIRef(f"https://w3id.org/paperkg/data/{path}")
    assert set(found) <= set(export)
    assert set(found.predicate_objects(thing)) == set(export.predicate_objects(thing))
    assert len(found) > 20


@pytest.mark.parametrize(
    "path", ["/paper/none", "/paper/none.html", "/concept/none.ttl", "/paper/paper-0.exe", "/x"]
)
def test_what_is_not_there_is_not_found(client, path):
    assert client.get(path).status_code == 404


def test_an_id_of_signs_and_script_is_found_and_does_nothing(client):
    page = client.get(f"/concept/{ODD}", follow_redirects=True)
    assert page.status_code == 200
    assert "<script>alert" not in page.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page.text
    assert client.get(f"/concept/{ODD}.json").json()["name"] == "<script>alert(1)</script>"


def test_only_addresses_of_the_web_are_links(client):
    page = client.get(f"/concept/{ODD}.html").text
    assert '<a href="https://example.org/&quot;&gt;&lt;script&gt;" rel="noopener noreferrer">' in page
    assert "javascript:alert(2)" in page
    assert 'href="javascript' not in page


def test_evidence_is_marked_in_its_sentence(client):
    page = client.get("/paper/paper-2.html").text
    assert "<mark>Egret</mark> is better than Heron" in page


def test_search_ranks_names_first_and_escapes(client):
    found = client.get("/search.json", params={"q": "heron"}).json()
    assert found[0]["name"] in ("Heron", "Heron: a Language Model for Tide Tables")
    assert {item["kind"] for item in found} == {"paper", "concept"}
    assert len(client.get("/search.json", params={"q": "a", "limit": "1"}).json()) == 1
    assert client.get("/search.json", params={"q": '" OR * NEAR(^'}).json() == []
    assert client.get("/search.json", params={"q": "x", "limit": "-1"}).status_code == 400
    page = client.get("/search", params={"q": '"><script>'}).text
    assert '"><script>' not in page


def test_the_query_page_needs_nothing_from_outside(client):
    page = client.get("/sparql", headers={"accept": "text/html"})
    assert "<textarea" in page.text
    for name in ("query.js", "style.css"):
        text = client.get(f"/static/{name}").text
        assert text
        assert "http://" not in text
        assert "https://" not in text.replace("https?:", "")
    assert not [line for line in page.text.splitlines() if "<script>" in line or "onclick" in line]


def test_named_queries_with_values(client):
    known = {query["name"]: query for query in client.get("/queries.json").json()}
    assert known["papers-using"]["parameters"][0]["name"] == "concept"
    text = client.get("/queries/introduced-by.rq", params={"concept": "HERON"}).text
    found = client.post("/sparql", content=text, headers={"content-type": "application/sparql-query"}).json()
    assert "We present Heron, a language model." in json.dumps(found)
    assert client.get("/queries/introduced-by.rq", params={"concept": "nobody"}).status_code == 400
    assert client.get("/queries/nothing.rq").status_code == 404


def test_openapi_names_every_address(client):
    document = client.get("/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    for path, operations in document["paths"].items():
        filled = path.replace("{name}", "overview").replace(
            "{id}", "paper-0" if path.startswith("/paper") else "model-heron"
        )
        assert client.get(filled, params={"q": "x"} if "search" in path else None).status_code in (200, 303)
        assert operations["get"]["responses"]


def test_health_and_description(client):
    health = client.get("/health").json()
    assert health["status"] == "ok"
    assert health["papers"] == 6
    found = rdflib.Graph().parse(data=client.get("/.well-known/void").text, format="turtle")
    assert len(found) > 100


# --- safety


@pytest.mark.parametrize(
    "path", ["/", "/sparql", "/paper/paper-0.html", "/nothing", "/health", "/static/query.js"]
)
def test_every_response_says_what_a_browser_may_do(client, path):
    headers = client.get(path, headers={"accept": "text/html"}).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert "access-control-allow-origin" not in headers


def test_no_file_but_our_own_is_served(client):
    for path in ("/static/../settings.py", "/static/%2e%2e/settings.py", "/static//etc/passwd", "/kg.sqlite"):
        assert client.get(path).status_code in (404, 405)


def test_other_sites_may_ask_only_where_they_are_named(folder):
    with running(folder, origins=("https://good.example",), hosts=("127.0.0.1",)) as address:
        for origin, wanted in (
            ("https://good.example", "https://good.example"),
            ("https://bad.example", None),
        ):
            response = httpx.get(f"{address}/health", headers={"origin": origin})
            assert response.headers.get("access-control-allow-origin") == wanted
        # a name of another's that leads here (DNS rebinding)
        assert httpx.get(f"{address}/health", headers={"host": "bad.example"}).status_code == 400


# --- limits


def test_a_query_is_stopped_at_its_time(client):
    began = time.monotonic()
    response = client.get("/sparql", params={"query": HOUR})
    assert response.status_code == 503
    assert response.text == "stopped after 4 s: make the query smaller\n"
    assert time.monotonic() - began < 15
    assert client.get("/sparql", params={"query": "ASK {}"}).status_code == 200


def test_slow_queries_never_hold_up_a_fast_one(client, server):
    with ThreadPoolExecutor(4) as pool:
        slow = [
            pool.submit(httpx.get, f"{server}/sparql", params={"query": HOUR}, timeout=60) for _ in range(3)
        ]
        time.sleep(0.6)
        for _ in range(3):
            assert client.get("/sparql", params={"query": "ASK {}"}).status_code == 200
            assert client.get("/health").status_code == 200
        assert {response.result().status_code for response in slow} == {503}


def test_a_result_of_too_many_rows_or_bytes_is_refused(client):
    rows = client.get("/sparql", params={"query": MANY})
    assert (rows.status_code, rows.text) == (422, "more than 500 rows: add a LIMIT to the query\n")
    text = 'SELECT (CONCAT(?x, ?x, ?x) AS ?y) { VALUES ?n { 1 2 3 } BIND("' + "x" * 15_000 + '" AS ?x) }'
    large = client.post("/sparql", content=text, headers={"content-type": "application/sparql-query"})
    assert large.status_code == 422
    assert large.text.startswith("a result of more than 100,000 bytes")


def test_a_body_that_is_too_large_is_refused_before_it_has_come(client):
    headers = {"content-type": "application/sparql-query"}
    assert client.post("/sparql", content=b"#" * 20_001, headers=headers).status_code == 413

    def endless():
        for _ in range(10_000):
            yield b"#" * 10_000

    with suppress(httpx.HTTPError):  # the server may close the connection while we are still sending
        assert client.post("/sparql", content=endless(), headers=headers).status_code == 413
    assert client.get("/health").status_code == 200


def test_an_address_that_is_too_long_is_refused(client):
    with connect(str(client.base_url)) as line:
        line.sendall(b"GET /sparql?query=" + b"a" * 100_000 + b" HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        assert line.recv(100).startswith(b"HTTP/1.1 400")


def connect(server):
    parts = urlsplit(server)
    return socket.create_connection((parts.hostname, parts.port), timeout=10)


def test_half_a_body_is_given_up(server):
    with connect(server) as line:
        line.sendall(
            b"POST /sparql HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/sparql-query\r\n"
            b"Content-Length: 100\r\n\r\nASK"
        )
        assert line.recv(100).startswith(b"HTTP/1.1 408")


def test_half_a_head_is_given_up(server):
    with connect(server) as line:
        line.sendall(b"GET /sparql HTTP/1.1\r\nHost: ")
        assert line.recv(100) == b""


def test_open_connections_do_no_harm(client, server):
    lines = [connect(server) for _ in range(200)]
    try:
        for line in lines[::2]:
            line.sendall(b"GET / HTTP/1.1\r\n")
        assert client.get("/sparql", params={"query": "ASK {}"}).status_code == 200
    finally:
        for line in lines:
            line.close()


def test_a_query_whose_client_has_gone_is_ended(folder):
    with running(folder, seconds=60.0) as address:
        with pytest.raises(httpx.ReadTimeout):
            httpx.get(f"{address}/sparql", params={"query": HOUR}, timeout=0.8)
        until = time.monotonic() + 10
        while _workers_at_work() and time.monotonic() < until:
            time.sleep(0.1)
        assert httpx.get(f"{address}/sparql", params={"query": "ASK {}"}).status_code == 200
        assert not _workers_at_work()


def _workers_at_work():
    """Our own worker processes that run at the priority of slow queries."""
    if not Path("/proc").is_dir():
        return []
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            mine = (entry / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(mine[1]) == os.getpid() and int(mine[16]) == 10 and mine[0] != "Z":
            found.append(entry.name)
    return found


# --- life


@pytest.mark.slow
def test_new_exports_are_served_without_a_restart(tmp_path):
    write_exports(tmp_path, names=["kg.nt"])
    ask = {"query": "ASK { <a:new> <a:p> <a:o> }"}
    with running(tmp_path, seconds=10.0) as address:
        assert httpx.get(f"{address}/sparql", params=ask).json()["boolean"] is False
        with (tmp_path / "kg.nt").open("a") as file:
            file.write("<a:new> <a:p> <a:o> .\n")
        until = time.monotonic() + 20
        while time.monotonic() < until and not httpx.get(f"{address}/sparql", params=ask).json()["boolean"]:
            time.sleep(0.2)
        assert httpx.get(f"{address}/sparql", params=ask).json()["boolean"] is True


def test_without_exports_it_says_so_and_waits_for_them(tmp_path):
    with running(tmp_path) as address:
        assert httpx.get(f"{address}/health").status_code == 503
        response = httpx.get(f"{address}/sparql", params={"query": "ASK {}"})
        assert response.status_code == 503
        assert "kg build" in response.text
        assert httpx.get(f"{address}/paper/x").status_code == 503


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_the_command_serves_and_ends_gracefully(folder):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "kg", "serve", "-o", str(folder), "--port", str(port)]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    try:
        until = time.monotonic() + 30
        while time.monotonic() < until:
            try:
                if httpx.get(f"http://127.0.0.1:{port}/health").status_code == 200:
                    break
            except httpx.TransportError:
                time.sleep(0.1)
        answers = []
        query = {"query": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f }"}
        asking = threading.Thread(
            target=lambda: answers.append(
                httpx.get(f"http://127.0.0.1:{port}/sparql", params=query, timeout=30)
            )
        )
        asking.start()
        time.sleep(0.1)
        process.send_signal(signal.SIGTERM)
        asking.join()
        assert answers[0].status_code == 200  # what was begun is ended
        assert process.wait(20) in (0, -signal.SIGTERM)
        assert f"http://127.0.0.1:{port}/ serves" in process.stderr.read()
    finally:
        process.kill()
        process.stderr.close()
        process.wait()


def test_quality_decides_before_order():
    offered = {"a": "text/a", "b": "text/b"}
    assert best("text/a;q=0.1, text/b", offered) == "b"
    assert best("image/png", offered) == ""
    assert best("text/*;q=0.5, text/b;q=0.4", offered) == "a"

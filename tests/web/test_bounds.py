"""What is sent is bounded, in itself and over all connections, and so is what other sites' pages make us do."""

from __future__ import annotations

import socket
import time
from contextlib import ExitStack
from urllib.parse import quote, urlsplit

import httpx
import pytest
import rdflib
from served import running

from kg.rdf import describe
from kg.store import Store
from kg.web import library
from kg.web.outgoing import FullError, Outgoing, Parcel

LARGE = quote(
    "SELECT (CONCAT(?x, ?x, ?x, ?x) AS ?y) { VALUES ?a { 1 2 3 4 5 6 7 8 } VALUES ?b { 1 2 3 4 5 6 7 8 9 10 }"
    f' BIND("{"x" * 20_000}" AS ?x) }}'
)  # 6.4 MB
SMALL = quote("ASK {}")


# --- documents


@pytest.fixture
def few(monkeypatch):
    monkeypatch.setattr(describe, "MOST", 3)
    monkeypatch.setattr(library, "DESCRIBED", 3)


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")
@pytest.mark.parametrize(("kind", "name"), [("concept", "model-language-model"), ("paper", "paper-2")])
def test_a_document_of_very_much_holds_the_surest_and_says_how_to_get_all(client, few, kind, name):
    entry = client.get(f"/{kind}/{name}.json").json()
    shown = len(entry["concepts" if kind == "paper" else "papers"]) + len(entry["relations"])
    assert 0 < shown <= 3
    assert entry["left_out"] > 0
    assert entry["all"] == f"/queries/describe-{kind}.rq?{kind}={name}"
    page = client.get(f"/{kind}/{name}.html").text
    assert f"{entry['left_out']} more are left out" in page
    assert f'href="{entry["all"]}"' in page
    turtle = client.get(f"/{kind}/{name}.ttl").text
    assert turtle.startswith(f"# The surest 3 statements; {entry['left_out']} more are left out.")
    assert entry["all"] in turtle.splitlines()[0]
    said = client.get(f"/{kind}/{name}.jsonld")
    assert entry["all"] in said.json()["@graph"][0]["leftOut"]
    graphs = [
        rdflib.Graph().parse(data=text, format=form)
        for text, form in ((turtle, "turtle"), (said.text, "json-ld"))
    ]
    assert set(graphs[0]) == set(graphs[1]) != set()
    # the query gives more than the document has
    text = client.get(entry["all"]).text
    found = client.get("/sparql", params={"query": text}, headers={"accept": "application/n-triples"})
    assert (
        len(set(rdflib.Graph().parse(data=found.text, format="nt").subjects(rdflib.RDF.subject))) > 3
        or kind == "paper"
    )


def test_the_surest_statements_are_shown(client, monkeypatch):
    whole = client.get("/concept/model-language-model.json").json()
    monkeypatch.setattr(library, "DESCRIBED", 2)
    some = client.get("/concept/model-language-model.json").json()
    assert "left_out" not in whole
    best = sorted((row["score"] for row in whole["papers"]), reverse=True)[:2]
    assert sorted((row["score"] for row in some["papers"]), reverse=True) == best


# --- requests


@pytest.mark.parametrize(
    "path", ["/", "/sparql", "/search", "/queries/overview.rq", "/paper/paper-0.json", "/health"]
)
def test_an_address_of_too_many_fields_is_refused_in_a_line(client, path):
    response = client.get(f"{path}?{'&'.join(['a=1'] * 101)}")
    assert (response.status_code, response.text) == (400, "an address may have 100 fields at most\n")


def test_a_form_of_too_many_fields_is_refused_in_a_line(client):
    headers = {"content-type": "application/x-www-form-urlencoded"}
    response = client.post("/sparql", content="&".join(["a=1"] * 101), headers=headers)
    assert (response.status_code, response.text) == (400, "a form may have 100 fields at most\n")


def test_a_number_written_short_does_not_become_an_answer_of_100_mb(client):
    response = client.get("/queries/low-confidence.rq", params={"below": "1e-100000000"})
    assert response.status_code == 400
    assert response.text.startswith("--param below='1e-100000000': not decimal number")


ODD = ["\x00", "\n", "\ud7ff", "\u202e", "%", "'", '"', "..", "/", "\\", "a" * 5000, "&", ";", "*", "\uffff"]


@pytest.mark.parametrize("text", ODD)
def test_no_request_is_an_error_of_ours(client, text):
    for path in (
        f"/search.json?q={quote(text)}", f"/search?q={quote(text)}&limit={quote(text)}", f"/paper/{quote(text, safe='')}",
        f"/concept/{quote(text, safe='')}.ttl", f"/queries/{quote(text, safe='')}.rq", f"/sparql?query={quote(text)}",
        f"/queries/papers-using.rq?concept={quote(text)}", f"/queries/papers-using.rq?{quote(text)}=1",
        f"/queries/low-confidence.rq?below={quote(text)}", f"/sparql?default-graph-uri={quote(text)}&query={SMALL}",
        "/search.json?q=%ff%fe", "/paper/%ff", "/queries/papers-using.rq?concept=%ff",
    ):  # fmt: skip
        assert client.get(path).status_code < 500, path


@pytest.mark.parametrize("host", ["a b", "<x>", "[::1", "a:b:c", "\u00e9".encode("latin-1"), "x" * 3000])
def test_no_host_is_an_error_of_ours(client, host):
    for path in ("/sparql", "/", "/paper/paper-0"):
        assert client.get(path, headers={"host": host}).status_code < 500


# --- answers that nobody takes


class Slow:
    """A client that asks and doesn't read."""

    def __init__(self, address, path):
        parts = urlsplit(address)
        self.line = socket.socket()
        self.line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self.line.settimeout(20)
        self.line.connect((parts.hostname, parts.port))
        self.line.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/csv\r\n\r\n".encode())

    def read(self):
        """All that comes until the connection ends, and whether it was cut."""
        whole = b""
        try:
            while piece := self.line.recv(1 << 16):
                whole += piece
        except ConnectionResetError:
            return whole, True
        return whole, False


def test_who_takes_nothing_is_cut_off(folder):
    with running(folder, result_bytes=32 << 20, head_seconds=0.5) as address:
        slow = Slow(address, f"/sparql?query={LARGE}")
        time.sleep(2.0)
        whole, cut = slow.read()
        slow.line.close()
        assert cut
        assert len(whole) < 6_400_000
        assert httpx.get(f"{address}/sparql?query={LARGE}", timeout=30).status_code == 200


def test_who_reads_gets_all_of_it_however_large(folder):
    with running(folder, result_bytes=32 << 20, head_seconds=0.5) as address:
        whole = httpx.get(f"{address}/sparql?query={LARGE}", headers={"accept": "text/csv"}, timeout=30)
        assert len(whole.content) > 6_400_000
        assert int(whole.headers["content-length"]) == len(whole.content)


def test_what_waits_to_be_sent_is_bounded_over_all_connections(folder):
    limits = {"result_bytes": 32 << 20, "waiting_bytes": 8 << 20, "head_seconds": 3.0}
    with running(folder, **limits) as address, ExitStack() as stack:
        slow = [Slow(address, f"/sparql?query={LARGE}") for _ in range(6)]
        for client in slow:
            stack.callback(client.line.close)
        answers = [client.line.recv(12) for client in slow]
        assert set(answers) == {b"HTTP/1.1 200", b"HTTP/1.1 503"}
        assert answers.count(b"HTTP/1.1 200") <= 3  # the system's own buffers hold some of each
        refused = httpx.get(f"{address}/sparql?query={LARGE}", timeout=30)
        assert refused.status_code == 503
        assert refused.text == "too many answers are waiting to be sent: try again in a moment\n"
        assert refused.headers["retry-after"]
        for path in ("/health", f"/sparql?query={SMALL}"):
            assert httpx.get(f"{address}{path}", timeout=30).status_code == 200
        until = time.monotonic() + 30
        while httpx.get(f"{address}/sparql?query={LARGE}", timeout=30).status_code == 503:
            assert time.monotonic() < until  # until they are cut off
            time.sleep(0.2)


def test_what_was_counted_is_counted_out():
    outgoing = Outgoing(100)
    parcel = Parcel(outgoing)
    for _ in range(10):
        parcel.add(b"x" * 10)
    with pytest.raises(FullError):
        parcel.add(b"x")
    assert parcel.take() == b"x" * 10
    parcel.add(b"y" * 10)
    parcel.drop()
    Parcel(outgoing).add(b"z" * 100)


# --- pages of other sites


IMAGE = {"sec-fetch-mode": "no-cors", "sec-fetch-dest": "image"}
LINK = {"sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}
COSTLY = [
    "/sparql?query=ASK%20%7B%7D",
    "/search?q=x",
    "/search.json?q=x",
    "/queries/overview.rq",
    "/concept/model-heron.html",
    "/",
]


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
@pytest.mark.parametrize("path", COSTLY)
def test_a_page_of_another_site_is_refused(client, path, site):
    for headers in (IMAGE, {**LINK, "sec-fetch-dest": "iframe"}, {**LINK, "sec-purpose": "prefetch"}):
        response = client.get(path, headers={"sec-fetch-site": site, **headers})
        assert response.status_code == 403
        assert (
            response.text
            == "a page of another site asks: start the server with --cors and its origin to allow it\n"
        )
    form = client.post("/sparql", data={"query": "ASK {}"}, headers={"sec-fetch-site": site, **LINK})
    assert form.status_code == 403


@pytest.mark.parametrize("path", COSTLY)
def test_links_our_own_pages_and_programs_are_let_through(client, path):
    for headers in (
        {"sec-fetch-site": "cross-site", **LINK}, {"sec-fetch-site": "same-origin", **IMAGE},
        {"sec-fetch-site": "none", **LINK}, {}, {"origin": "https://other.example"},
    ):  # fmt: skip
        assert client.get(path, headers=headers).status_code == 200


def test_sites_that_are_named_are_let_through(folder):
    ask = {"params": {"query": "ASK {}"}}
    with running(folder, origins=("https://good.example",)) as address:
        for origin, wanted in (("https://good.example", 200), ("https://bad.example", 403), (None, 403)):
            headers = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "cors", "sec-fetch-dest": "empty"}
            headers |= {"origin": origin} if origin else {}
            assert httpx.get(f"{address}/sparql", headers=headers, **ask).status_code == wanted
        preflight = {
            "origin": "https://good.example",
            "access-control-request-method": "POST",
            "sec-fetch-site": "cross-site",
        }
        assert httpx.options(f"{address}/sparql", headers=preflight).status_code == 200
    with running(folder, origins=("*",)) as address:
        assert (
            httpx.get(
                f"{address}/sparql", headers={"sec-fetch-site": "cross-site", **IMAGE}, **ask
            ).status_code
            == 200
        )


def test_a_document_takes_as_many_questions_however_much_it_holds(client, monkeypatch):
    asked = []
    query = Store.query
    monkeypatch.setattr(Store, "query", lambda *given: (asked.append(given[1]), query(*given))[1])
    counts = []
    for name in ("model-egret", "model-language-model"):  # in one paper, and in five
        client.get(f"/concept/{name}.ttl")
        counts.append(len(asked))
        asked.clear()
    assert counts[0] == counts[1] < 12

"""Searches and documents are bounded: in words, in time, in number; nobody waits behind them."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import httpx
import pytest
from served import running

from kg.database import EndedError
from kg.fulltext import MOST_WORDS
from kg.web import serve
from kg.web.library import Library

FOREVER = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n"


class Endless:
    """A search that nothing but an interrupt ends, with counts of those begun and those that ended."""

    def __init__(self):
        self.begun, self.ended = [], []

    def __call__(self, library, words, limit, deadline):
        self.begun.append(words)
        try:
            with library._open(deadline) as store:
                next(store.query(FOREVER))
        except EndedError:
            self.ended.append(words)
            raise

    def until(self, what, number):
        until = time.monotonic() + 20
        while len(what) < number and time.monotonic() < until:
            time.sleep(0.01)
        assert len(what) == number


@pytest.fixture
def endless(monkeypatch):
    search = Endless()
    monkeypatch.setattr(Library, "search", lambda *given: search(*given))
    return search


@pytest.mark.parametrize("path", ["/search", "/search.json"])
def test_a_search_of_too_many_words_is_refused_in_a_line(client, path):
    many = " ".join(f"w{number}" for number in range(MOST_WORDS + 1))
    for words in (many, many.replace(" ", "-"), "x" * 1001, " ".join(["heron"] * 800)):
        response = client.get(path, params={"q": words})
        assert response.status_code == 400
        assert response.text == "too much to search for: give 32 words at most\n"


def test_a_word_counts_once(client):
    few = " ".join(f"w{number}" for number in range(MOST_WORDS))
    assert client.get("/search.json", params={"q": few}).status_code == 200
    once, often = (client.get("/search.json", params={"q": "Heron " * times}).json() for times in (1, 150))
    assert once == often != []
    assert client.get("/search.json", params={"q": "tide heron tid"}).json()


def test_a_search_is_stopped_at_its_time_and_the_store_goes_on(folder, endless):
    with running(folder, read_seconds=0.5) as address:
        response = httpx.get(f"{address}/search.json", params={"q": "x"}, timeout=30)
        assert response.status_code == 503
        assert response.headers["retry-after"]
        assert response.text == (
            "ended before it was done: it took too long, or nobody waited for it; ask for less\n"
        )
        assert httpx.get(f"{address}/paper/paper-0.json").status_code == 200


def test_nobody_waits_behind_searches_and_too_many_of_them_are_refused_at_once(folder, endless):
    with ThreadPoolExecutor(2) as pool, running(folder, readers=2, waiting=0, read_seconds=60.0) as address:
        ask = {"params": {"q": "x"}, "timeout": 60}
        two = [pool.submit(httpx.get, f"{address}/search.json", **ask) for _ in range(2)]
        endless.until(endless.begun, 2)
        refused = httpx.get(f"{address}/index.json", timeout=20)
        assert refused.status_code == 503
        assert refused.text == "too many requests are waiting: try again in a moment\n"
        assert refused.headers["retry-after"]
        assert httpx.get(f"{address}/health").json()["papers"] == 6
        assert httpx.get(f"{address}/sparql", params={"query": "ASK {}"}).json()["boolean"] is True
        named = httpx.get(f"{address}/queries/introduced-by.rq", params={"concept": "heron"})
        assert named.status_code == 200
        assert not endless.ended
    # the server has ended though they ran, see `running`
    assert {answer.result().status_code for answer in two if answer.exception() is None} <= {503}


def test_a_search_that_nobody_waits_for_is_ended(folder, endless):
    with running(folder, readers=1, read_seconds=60.0) as address:
        with ThreadPoolExecutor(3) as pool:
            for _ in range(3):
                pool.submit(lambda: suppress_timeout(f"{address}/search.json?q=x"))
        # whoever waited behind them has the thread now
        assert httpx.get(f"{address}/paper/paper-0.json", timeout=20).status_code == 200
        assert endless.ended == endless.begun != []


def suppress_timeout(address):
    with suppress(httpx.ReadTimeout):
        httpx.get(address, timeout=0.5)


def test_health_waits_for_no_query(folder):
    text = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n1 ?o }"
    with running(folder, seconds=60.0, spare=0) as address:
        names = [f"{address}/queries/introduced-by.rq?concept=heron"] * 12
        with ThreadPoolExecutor(13) as pool:
            pool.submit(suppress_timeout, f"{address}/sparql?query={text.replace('?', '%3F')}")
            for name in names:
                pool.submit(suppress_timeout, name)
            for _ in range(5):
                assert httpx.get(f"{address}/health", timeout=20).status_code == 200


def test_queries_get_a_moment_when_the_server_goes_and_are_told(folder, monkeypatch):
    text = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n1 ?o }"
    monkeypatch.setattr(serve, "MOMENT", 0.3)
    with ThreadPoolExecutor(1) as pool:
        with running(folder, seconds=120.0) as address:
            query = pool.submit(httpx.get, f"{address}/sparql", params={"query": text}, timeout=120)
            time.sleep(1.0)  # it is at work
        assert query.result().status_code == 503
        assert query.result().text == "the server is going: ask again when it is back\n"

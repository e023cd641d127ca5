"""The query page in Chromium: it runs, colours, and asks nobody but its own server."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from kg.web.library import Library

pytestmark = pytest.mark.browser


@pytest.fixture
def visit(chromium, server):
    """A page of the server, with what its console said and whom it asked."""
    page = chromium.new_page()
    page.said, page.asked = [], []
    page.on("console", lambda message: page.said.append(message.text))
    page.on("pageerror", lambda error: page.said.append(str(error)))
    page.on("request", lambda request: page.asked.append(request.url))
    yield page
    assert page.said == []
    assert not [url for url in page.asked if not url.startswith((server, "data:"))]
    page.close()


def test_a_named_query_is_filled_in_run_and_shown(visit, server):
    visit.goto(f"{server}/sparql")
    visit.wait_for_selector("option[value=introduced-by]", state="attached")
    visit.select_option("#named", "introduced-by")
    visit.fill("#parameters input", "HERON")
    visit.click("#run")
    visit.wait_for_selector("#result td")
    assert "We present Heron, a language model." in visit.inner_text("#result")
    assert visit.inner_text("#status").startswith("2 rows, ")
    assert visit.locator("#colours .keyword").count() > 3


def test_a_query_of_ones_own_is_run_by_key(visit, server):
    visit.goto(f"{server}/sparql")
    visit.fill("#query", 'SELECT ("<script>alert(1)</script>" AS ?x) {} # a comment')
    visit.press("#query", "Control+Enter")
    visit.wait_for_selector("#result td")
    assert visit.inner_text("#result td") == "<script>alert(1)</script>"
    assert visit.locator("#colours .comment").inner_text() == "# a comment"


def test_signs_that_act_on_text_are_shown_in_results(visit, server):
    visit.goto(f"{server}/sparql")
    visit.fill("#query", 'SELECT ("safe \u202egnp.exe" AS ?x) {}')
    visit.press("#query", "Control+Enter")
    visit.wait_for_selector("#result td")
    assert visit.inner_text("#result td") == "safe [U+202E]gnp.exe"


def test_search_leads_to_a_thing(visit, server):
    visit.goto(server)
    visit.fill("#q", "egret")
    visit.press("#q", "Enter")
    visit.click("text=Egret Compared")
    assert visit.inner_text("h1") == "Egret Compared"
    assert visit.locator("mark").count() > 2


def test_an_error_is_told(chromium, server):
    page = chromium.new_page()
    page.goto(f"{server}/sparql")
    page.fill("#query", "SELECT * {")
    page.click("#run")
    page.wait_for_selector("#status.error")
    assert page.inner_text("#status").startswith("line 1, column 11: expected")
    page.close()


@pytest.fixture
def elsewhere(server):
    """The address of a page on another port, which asks our server by all means that a page has."""
    page = (
        f'<img src="{server}/search?q=tide"><script src="{server}/search.json?q=tide"></script>'
        f'<iframe src="{server}/paper/paper-0.html"></iframe><a href="{server}/search?q=egret">there</a>'
        f"<script>fetch('{server}/sparql?query=ASK%7B%7D', {{mode: 'no-cors'}});"
        f"fetch('{server}/sparql', {{method: 'POST', mode: 'no-cors', body: new URLSearchParams({{query: 'ASK{{}}'}})}});"
        "</script>"
    )

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("content-type", "text/html")
            self.end_headers()
            self.wfile.write(page.encode())

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as other:
        thread = threading.Thread(target=other.serve_forever)
        thread.start()
        yield other.server_address[1]
        other.shutdown()
        thread.join()


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])  # the same site, and another
def test_a_page_from_elsewhere_gets_nothing_but_its_links_work(
    chromium, server, elsewhere, host, monkeypatch
):
    page = chromium.new_page()
    answers, asked, searched = [], [], []
    search = Library.search
    monkeypatch.setattr(Library, "search", lambda *given: (searched.append(given[1]), search(*given))[1])
    page.on("request", lambda request: asked.append(request.url))
    page.on("response", lambda response: answers.append((response.url, response.status)))
    page.goto(f"http://{host}:{elsewhere}/")
    page.wait_for_load_state("networkidle")
    ours = [(url, status) for url, status in answers if url.startswith(server)]
    assert {status for _, status in ours} == {403}
    assert {f"{server}/search?q=tide", f"{server}/search.json?q=tide"} <= set(asked)
    assert searched == []  # the browser keeps what it got of those to itself
    page.click("text=there")
    page.wait_for_selector("text=Egret Compared")
    assert searched == ["egret"]
    page.close()

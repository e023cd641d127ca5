"""The query page in Chromium: it runs, colours, and asks nobody but its own server."""

from __future__ import annotations

import pytest

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

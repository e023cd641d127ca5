"""What titles, names, authors and addresses may hold: all of it is shown as text, and none of it runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from visiting import write_page

from kg.types import Concept
from kg.vocab import ConceptType

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from visiting import Visit

EVIL = (
    "<img src=x onerror=alert(1)>",
    "</script><script>alert(2)</script>",
    "<!--<script>",
    "javascript:alert(3)",
    "&lt;b&gt; \u2028 \u2029 \"'`",
    "{{script}} ${alert(4)}",
    "\u202eright to left\u202c \u0639\u0631\u0628\u064a \U0001f9a4",
    "x" * 10_000,
)


@pytest.fixture(scope="module")
def hostile_html(tmp_path_factory: pytest.TempPathFactory) -> Path:
    texts = {
        f"{evil} number {n}": f"Begins {evil} [uses|Dataset|{evil.replace('|', '')}|thing {n}] and "
        f"[uses|Model|shared <i>model</i>|shared]. [studies|Topic|rare <b>{n % 2}</b>|rare]."
        for n, evil in enumerate(EVIL)
    }
    up = Concept(
        "topic-above",
        "above <u>all</u>",
        ConceptType.TOPIC,
        definition=EVIL[0],
        aliases=(EVIL[1],),
        see_also=EVIL,
    )
    return write_page(
        tmp_path_factory.mktemp("hostile"),
        title="</title><script>alert(9)</script>",
        texts=texts,
        extra=[up],
        authors=("<script>alert(5)</script>", EVIL[0]),
        venue='"><svg onload=alert(6)>',
        track=EVIL[0],
        url="javascript:alert(7)",
        doi='10.1/"><script>alert(8)</script>',
    )


def test_hostile_text_shows_and_runs_nothing(visit: Callable[..., Visit], hostile_html: Path) -> None:
    seen = visit(hostile_html, "#view=both&least=1")
    assert seen.page.title() == "</title><script>alert(9)</script>"
    addresses = sorted(seen.shown())
    assert len(addresses) > len(EVIL)
    for address in addresses:
        seen.page.evaluate(
            "a => { location.hash = new URLSearchParams({ chosen: a, least: 1, view: 'both' }); }", address
        )
        seen.page.wait_for_function(
            "a => document.querySelector('#details h2').textContent !== 'What is here'", arg=address
        )
    for tab in ("papers", "concepts", "communities", "gaps", "time"):
        seen.page.evaluate("tab => { location.hash = `tab=${tab}`; }", tab)
    seen.page.keyboard.press("Escape")
    seen.search("alert")
    assert "<img src=x onerror=alert(1)>" in seen.page.locator("#found").inner_text()
    assert seen.page.locator("#details img, #list img, #found img, #details b, #list script").count() == 0
    assert seen.page.locator("a[href^='javascript']").count() == 0
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= 1280


def test_hostile_links_and_paths(visit: Callable[..., Visit], hostile_html: Path) -> None:
    seen = visit(hostile_html, "#chosen=paper/paper-0&other=paper/paper-1")
    assert "rare <b>" in seen.details() or "shared <i>model</i>" in seen.details()
    seen.page.evaluate("location.hash = 'chosen=paper/paper-0&walk=paper/paper-2&view=both'")
    seen.page.locator("#details .steps").wait_for()
    assert seen.page.locator("#details b, #details i, #details img").count() == 0


def test_the_policy_stops_what_would_slip_through(visit: Callable[..., Visit]) -> None:
    seen = visit()
    seen.page.evaluate("""() => {
        const image = document.createElement('img');
        image.setAttribute('onerror', 'document.title = "ran"');
        image.src = 'data:image/png;base64,broken';
        document.body.append(image);
    }""")
    seen.page.wait_for_timeout(200)
    assert seen.page.title() == "Invented papers"
    assert all("Content Security Policy" in complaint for complaint in seen.complaints)
    seen.complaints.clear()

"""What titles, names, authors and addresses may hold: all of it is shown as text, and none of it runs."""

from __future__ import annotations

import re
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


UNSEEN = "\u202e\u202a\u2066\u2069\u200e\u200f\u061c\u200b\u2060\ufeff"


@pytest.fixture(scope="module")
def turned_html(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Signs that turn the direction of all that follows, where people read."""
    texts = {
        f"Turned \u202ecod.exe {n}": f"\u2067Begins\U0001f9a4\u202e [uses|Dataset|Tide\u202ekram|Tide\u202ekram] and then "
        f"[uses|Model|plain name|plain name], {UNSEEN} [studies|Topic|last|last]."
        for n in range(3)
    }
    return write_page(
        tmp_path_factory.mktemp("turned"), title="Papers \u202e of ours", texts=texts,
        authors=("Ada\u202e Example",), venue="Conf \u2066 of tides",
    )  # fmt: skip


def test_signs_that_turn_the_text_are_shown_and_turn_nothing(
    visit: Callable[..., Visit], turned_html: Path
) -> None:
    seen = visit(turned_html, "#view=both&least=1&chosen=paper/paper-1")
    assert seen.page.title() == "Papers [U+202E] of ours"
    assert "Papers [U+202E] of ours" in seen.page.locator("h1").inner_text()
    seen.page.get_by_role("heading", name="Turned [U+202E]cod.exe 1").wait_for()
    marks = seen.page.locator("#details .abstract .mark").all_inner_texts()
    assert marks == ["Tide[U+202E]kram", "plain name", "last"]
    said = seen.page.locator("#details .abstract").inner_text()
    assert said.startswith("[U+2067]Begins\U0001f9a4[U+202E] Tide[U+202E]kram and then plain name, ")
    assert all(f"[U+{ord(sign):04X}]" in said for sign in UNSEEN)
    assert "Ada[U+202E] Example" in seen.details()
    assert (
        "\U0001f9a4[U+202E] Tide[U+202E]kram and then" in seen.page.locator("blockquote").first.inner_text()
    )
    for tab in ("papers", "concepts", "communities", "gaps", "time"):
        seen.page.evaluate("tab => { location.hash = `tab=${tab}&view=both&least=1`; }", tab)
        shown = seen.page.evaluate("""() => document.body.innerText + document.title
            + [...document.querySelectorAll("[title], [aria-label], option")].map((e) => e.title + e.ariaLabel + e.textContent).join()""")
        assert not {*UNSEEN, "\u202e"} & {*shown}
    seen.search("turned")
    assert "Turned [U+202E]cod.exe" in seen.page.locator("#found").inner_text()


def bibtex_entries(text: str) -> dict[str, dict[str, str]]:
    """Entries by key, read as BibTeX reads them: braces counted, whatever stands before them."""
    found: dict[str, dict[str, str]] = {}
    for entry in text.split("\n\n"):
        head, *lines = entry.strip().split("\n")
        assert (head[0], head[-1], lines[-1]) == ("@", ",", "}"), entry
        key = head.partition("{")[2][:-1]
        assert key.casefold() not in {known.casefold() for known in found}
        fields = [line.strip().rstrip(",").partition(" = ") for line in lines[:-1]]
        for _, _, value in fields:
            depths = [value[:n].count("{") - value[:n].count("}") for n in range(1, len(value))]
            assert min(depths) > 0, value
            assert value.count("{") == value.count("}"), value
        found[key] = {name: value for name, _, value in fields}
    return found


def test_what_is_copied_as_bibtex_is_text_to_tex(
    visit: Callable[..., Visit], tmp_path_factory: pytest.TempPathFactory
) -> None:
    evil = "\\input{/etc/passwd} 5% & $x_1^2$ #1 ~{ }} \u202e"
    path = write_page(
        tmp_path_factory.mktemp("bibtex"), texts={f"{evil} number {n}": "A [uses|Model|thing|thing]." for n in range(2)},
        authors=(evil, "Barnes and Noble"), venue=evil, doi=evil, arxiv_id=evil, url="https://example.org/a?b=\\input{x}%20&c_d~e#^f",
    )  # fmt: skip
    seen = visit(path, permissions=["clipboard-read", "clipboard-write"])
    seen.page.locator("#menu summary").click()
    seen.page.get_by_role("button", name="Copy papers as BibTeX").click()
    seen.page.get_by_text("is on the clipboard").wait_for()
    entries = bibtex_entries(seen.page.evaluate("navigator.clipboard.readText()"))
    assert list(entries) == ["paper-0", "paper-1"]
    for fields in entries.values():
        assert {*fields} == {"title", "author", "booktitle", "year", "doi", "eprint", "url"}
        assert "{Barnes and Noble}" in fields["author"]
        for value in fields.values():
            commands = {*re.findall(r"\\([A-Za-z]+|.)", value)}
            assert commands <= {
                "textbackslash",
                "textbraceleft",
                "textbraceright",
                "textasciicircum",
                "textasciitilde",
                *"&%$#_",
            }
            assert not re.search(r"(?<!\\)[&%$#_~^]", value)
            assert "\u202e" not in value
        assert fields["doi"].startswith(
            "{\\textbackslash{}input\\textbraceleft{}/etc/passwd\\textbraceright{} 5\\% \\& \\$x\\_1"
        )
        assert fields["url"] == "{https://example.org/a?b=\\%5Cinput\\%7Bx\\%7D\\%20\\&c\\_d\\%7Ee\\#\\%5Ef}"


def test_keys_of_bibtex_are_unique_and_say_something_in_any_script(
    visit: Callable[..., Visit], tmp_path_factory: pytest.TempPathFactory
) -> None:
    from kg.config import Config
    from kg.export import Source
    from kg.export.html import write
    from kg.graph import build
    from kg.store import Store
    from kg.types import Paper

    ids = ["知识图谱", "知识 图谱", "граф-знаний", "a b", "a, b", "a{b}", "---", "{}", "हिन्दी", "x" * 5]
    folder = tmp_path_factory.mktemp("keys")
    with Store.open(folder / "kg.sqlite") as store:
        store.set_papers([Paper(id_, f"Title {n}") for n, id_ in enumerate(ids)])
        write(Source(store, build(store), Config()), folder / "graph.html")
    seen = visit(folder / "graph.html", permissions=["clipboard-read", "clipboard-write"])
    seen.page.locator("#menu summary").click()
    seen.page.get_by_role("button", name="Copy papers as BibTeX").click()
    seen.page.get_by_text("is on the clipboard").wait_for()
    entries = bibtex_entries(seen.page.evaluate("navigator.clipboard.readText()"))
    assert len(entries) == len(ids)
    kept = {"知识图谱", "知识-图谱", "граф-знаний", "हिन्दी", "xxxxx"}
    assert kept | {"a-b-2", "a-b-3", "paper", "paper-2"} <= {*entries}


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

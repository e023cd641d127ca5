"""Ids with line breaks are found, and signs that act on the text around them do nothing on our pages."""

from __future__ import annotations

from html.parser import HTMLParser
from urllib.parse import quote

import httpx
import pytest
from exported import write_exports
from invented import TEXTS
from served import running

from kg.store import Store
from kg.types import Concept, Paper
from kg.vocab import ConceptType

ACTING = [
    *map(
        chr, [0x202A, 0x202B, 0x202C, 0x202D, 0x202E, 0x2066, 0x2067, 0x2068, 0x2069, 0x200E, 0x200F, 0x061C]
    )
]
CODES = ["\x1b", "\x07", "\x7f", "\x9b"]
HOSTILE = "safe \u202egnp.exe\u202c" + "".join(ACTING[:]) + "".join(CODES)
BREAK = "10.1/a\nb\r\nc/\u202ed"


@pytest.fixture(scope="module")
def odd(tmp_path_factory):
    concept = Concept(
        "topic-odd",
        HOSTILE,
        ConceptType.TOPIC,
        (HOSTILE + "2",),
        definition=HOSTILE,
        see_also=("https://x.example/\u202ea",),
    )
    folder = write_exports(
        tmp_path_factory.mktemp("odd"), names=["kg.nt"], extra=[concept], texts={HOSTILE: HOSTILE, **TEXTS},
        authors=(HOSTILE,), venue=HOSTILE,
    )  # fmt: skip
    with Store.open(folder / "kg.sqlite") as store, store.transaction():
        store.update(
            Paper, [Paper(BREAK, "Broken Lines", "Of lines."), Paper("\n", "Nothing but a Line", "x")]
        )
    with running(folder) as address:
        yield address


class Text(HTMLParser):
    """The text of a page, and that of its signs."""

    def __init__(self, page):
        super().__init__()
        self.text, self.signs, self._sign = "", [], False
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self._sign = ("class", "sign") in attrs

    def handle_data(self, data):
        self.text += data
        if self._sign:
            self.signs.append(data)
        self._sign = False


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/paper/paper-0.html",
        "/concept/topic-odd.html",
        f"/search?q={quote(HOSTILE.replace(' ', ''))}",
        "/search?q=safe",
    ],
)
def test_signs_are_shown_as_what_they_are(odd, path):
    page = httpx.get(f"{odd}{path}", timeout=20)
    assert page.status_code == 200
    assert not [sign for sign in (*ACTING, *CODES) if sign in page.text]
    if path != "/":
        found = Text(page.text)
        assert {f"[U+{ord(sign):04X}]" for sign in (*ACTING, *CODES)} <= set(found.signs)
        assert "safe" in found.text


def test_data_keeps_what_was_written(odd):
    assert httpx.get(f"{odd}/concept/topic-odd.json").json()["name"] == HOSTILE


@pytest.mark.parametrize("identifier", [BREAK, "\n"])
def test_an_id_with_a_line_break_is_found(odd, identifier):
    path = f"/paper/{quote(identifier, safe='')}"
    there = httpx.get(f"{odd}{path}", headers={"accept": "application/json"})
    assert there.status_code == 303
    assert there.headers["location"] == f"{path}.json"
    for ending in ("json", "html", "ttl", "jsonld"):
        assert httpx.get(f"{odd}{path}.{ending}").status_code == 200
    assert httpx.get(f"{odd}{path}.json").json()["id"] == identifier
    missing = httpx.get(f"{odd}/paper/none%0Ahere%E2%80%AE")
    assert (missing.status_code, missing.text) == (404, "there is no paper 'none\\nhere\\u202e' here\n")

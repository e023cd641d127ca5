"""Texts that are runs of signs: they took minutes when expressions tried every way to read them."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from kg.ingest import read_papers
from kg.ingest.prose import MAX_PARAGRAPHS, tidy, without_repeats
from kg.text import normal_form

if TYPE_CHECKING:
    from pathlib import Path

SIZE = 100_000  # characters of each text
SIGNS = [
    *"(-:[`'\",.!)]A1 \u2013",
    "``",
    "''",
    "( ",
    ":-",
    " -",
    "A ",
    "A. ",
    "[1",
    "[1, ",
    "in ",
    '. "',
    "\u0323\u0301",
]
SIGNS += [" this https URL", "(2020) ", " at", '" ', "word. ", "A word of six or more here.\n\n"]
READ = (
    "import sys; from pathlib import Path; from kg.ingest import read_papers\n"
    "for name in sys.argv[1:]: read_papers([Path(name)], format='page')"
)


def read_all(paths: list[Path], seconds: float) -> None:
    """In a process of its own, which is ended when it takes minutes: it did, or hours, for each of these."""
    subprocess.run([sys.executable, "-c", READ, *paths], timeout=seconds, check=True)


def test_parentheses(root):
    read_all([root / "tests" / "cases" / "break" / "parentheses.txt"] * 20, 60)


def test_runs_of_signs(tmp_path):
    paths = []
    for number, sign in enumerate(SIGNS):
        run = (sign * SIZE)[:SIZE]
        text = f"A title {number}\n\nText. {run}\n\nRead More\n{run}\nA title\n\nText.\n\nRead More\n"
        paths.append(tmp_path / f"{number}.txt")
        paths[-1].write_text(text, encoding="utf-8")
    read_all(paths, 120)


def test_many_headers_and_many_paragraphs(tmp_path):
    header = "".join(
        f"Aa B{letters(n)} Aa B{letters(n)}\nTitle {n}\n\nText.\n\nRead More\n" for n in range(8000)
    )
    path = tmp_path / "headers.txt"
    path.write_text(header)
    paragraphs = tmp_path / "paragraphs.txt"
    paragraphs.write_text(
        "A title\n\n" + "".join(f"A paragraph of six words {n}.\n\n" for n in range(10_000))
    )
    read_all([path, paragraphs], 60)


def letters(number: int) -> str:
    return "".join(chr(97 + number // 26**place % 26) for place in range(4))


def test_names_of_a_citation_have_one_reading(tmp_path):
    initials = " ".join("ABCDEFGH"[n % 8] + "." for n in range(60))
    path = tmp_path / "p.txt"
    path.write_text(f'A title\n\n{initials} 1 "The title of it." Somewhere, 2020.\n\nRead More\n')
    read_all([path], 60)


def test_a_venue_has_one_reading(tmp_path):
    path = tmp_path / "p.jsonl"
    path.write_text('{"title": "T", "venue": "' + "A" * SIZE + '!"}')
    subprocess.run([sys.executable, "-c", READ.replace("'page'", "'jsonl'"), path], timeout=60, check=True)


def test_accents_by_thousands_keep_their_form():
    form = normal_form("e" + "\u0323\u0301" * SIZE)
    assert form.startswith("\u1eb9")
    assert normal_form("Caf\u00e9s de Bogota\u0301") == "caf\u00e9s de bogot\u00e1"


@pytest.mark.parametrize("title", ["this https URL", "\u200b\x01\x02".strip("\u200b"), "(this https URL)"])
def test_a_title_of_which_nothing_is_left_is_told(tmp_path, title):
    path = tmp_path / "p.txt"
    path.write_text(f"{title}\n\nText.\n\nRead More\nGood\n\nText.\n\nRead More\n")
    reading = read_papers([path])
    assert [paper.title for paper in reading.papers] == ["Good"]
    assert [issue.where for issue in reading.issues] == ["p.txt:1"]


@pytest.mark.parametrize(
    ("raw", "tidied"),
    [
        ("Code: at, via this https URL) more", "Code more"),
        ("Look here: (this http URL). It see this https URL, too", "Look. It, too"),
        ("What that this https URL", "What that"),
        ("this https URL this https URL end", "end"),
        ("``a'' and ``b'' and ``c", '"a" and "b" and ``c'),
        ("''a`` b'' ```c'''", '\'\'a" b" "`c"\''),
    ],
)
def test_what_leads_up_to_an_address_goes_with_it(raw, tidied):
    assert tidy(raw) == tidied


def test_very_many_paragraphs_lose_only_what_is_the_same():
    many = [f"A paragraph of all six words {n}" for n in range(MAX_PARAGRAPHS + 1)]
    assert without_repeats([*many, many[5], "paragraph of all six words 5"]) == [
        *many,
        "paragraph of all six words 5",
    ]
    assert without_repeats([*many[:9], many[5], "A paragraph of all six words"]) == many[:9]

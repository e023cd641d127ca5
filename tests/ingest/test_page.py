"""The papers page: the bundled one, and each of its traps by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kg.errors import SourceError
from kg.ingest import read_papers

if TYPE_CHECKING:
    from pathlib import Path

    from kg.ingest import Reading
    from kg.types import Paper

PROSE = "We present a thing of use. It is measured on many other things, and found good by all who tried it."


@pytest.fixture
def read(tmp_path: Path):
    def read_text(text: str) -> Reading:
        path = tmp_path / "page.txt"
        path.write_text(text, encoding="utf-8")
        return read_papers([path])

    return read_text


@pytest.fixture
def one(read):
    def read_one(text: str) -> Paper:
        (paper,) = read(text).papers
        return paper

    return read_one


@pytest.fixture(scope="module")
def bundled(root: Path) -> dict[str, Paper]:
    reading = read_papers([root / "data" / "eleutherai-papers.txt"])
    assert reading.issues == ()
    return {paper.title: paper for paper in reading.papers}


def test_the_bundled_page_holds_twenty_papers_with_abstracts(bundled):
    assert len(bundled) == 20
    assert all(len(paper.abstract) > 500 for paper in bundled.values())
    assert not any("Read More" in paper.text or "https URL" in paper.text for paper in bundled.values())


@pytest.mark.parametrize(
    ("title", "venue", "track", "repository", "listed_by"),
    [
        ("Llemma: An Open Language Model For Mathematics", "NeurIPS", "Workshop (Math-AI)", "", "Stella Biderman"),
        ("LEACE: Perfect linear concept erasure in closed form", "NeurIPS", "", "", "Stella Biderman"),
        (
            "Reconstructing the Mind's Eye: fMRI-to-Image with Contrastive Learning and Diffusion Priors",
            "NeurIPS", "Spotlight", "", "Stella Biderman",
        ),
        ("Grokking Group Multiplication with Cosets", "", "", "", "Alex Loftus"),
        ("Do LLMs selectively encode the goal of an agent's reach?", "ICML", "Workshop", "", "Stella Biderman"),
        ("RWKV: Reinventing RNNs for the Transformer Era", "EMNLP", "Findings", "", "Stella Biderman"),
        ("Role-Play with Large Language Models", "", "", "arXiv", "Stella Biderman"),
        ("Continual Pre-Training of Large Language Models: How to (re)warm your model?", "", "", "", ""),
    ],
)  # fmt: skip
def test_venue_track_repository_and_poster_are_told_apart(
    bundled, title, venue, track, repository, listed_by
):
    paper = bundled[title]
    assert (paper.venue, paper.track, paper.repository) == (venue, track, repository)
    assert paper.listed_by == ((listed_by,) if listed_by else ())


def test_the_poster_is_not_an_author(bundled):
    assert bundled["Llemma: An Open Language Model For Mathematics"].authors == ()


def test_a_citation_of_the_paper_itself_goes_into_its_fields(bundled):
    paper = next(paper for paper in bundled.values() if paper.title.startswith("The Goldilocks"))
    assert paper.authors[0] == "Laura Ruis"
    assert paper.authors[-1] == "Edward Grefenstette"
    assert len(paper.authors) == 6
    assert (paper.arxiv_id, paper.year) == ("2210.14986", 2022)
    assert paper.extra["alternative_title"] == "Large language models are not zero-shot communicators"
    assert paper.abstract.startswith("Despite widespread use of LLMs")


def test_an_abstract_printed_twice_stands_once(bundled):
    paper = next(paper for paper in bundled.values() if paper.title.startswith("trlX"))
    assert paper.abstract.count("we present the trlX library") == 1
    assert len(paper.abstract.splitlines()) == 2


def test_ids_are_readable(bundled):
    ids = {paper.id for paper in bundled.values()}
    assert "llemma-an-open-language-model-for-mathematics" in ids
    assert "rwkv-reinventing-rnns-for-the-transformer-era" in ids


def test_an_abstract_printed_twice_in_part_stands_once(one):
    first = "We present a thing of use to everybody. It works on all the data that we have tried."
    paper = one(f"A Title\n\n{first}\n\n{first} It is also quick and small and cheap to run.\n\nRead More\n")
    assert paper.abstract == f"{first} It is also quick and small and cheap to run."


def test_a_beginning_printed_after_the_whole_is_dropped(one):
    paper = one(f"A Title\n\n{PROSE}\n\nWe present a thing of use. It is measured on many\n\nRead More\n")
    assert paper.abstract == PROSE


def test_paragraphs_stay_apart(one):
    paper = one(f"A Title\n\n{PROSE}\n\nA second paragraph says more of it.\n\nRead More\n")
    assert paper.abstract == f"{PROSE}\nA second paragraph says more of it."


@pytest.mark.parametrize(
    ("raw", "tidied"),
    [
        ("Guidance (CFG) [37] has emerged.", "Guidance (CFG) has emerged."),
        ("Guidance [1, 2] and [3-5] help.", "Guidance and help."),
        ("Values in [0, 1] stay, and in [1, 5] too.", "Values in [0, 1] stay, and in [1, 5] too."),
        ("Code is at this https URL.", "Code is."),
        ("It is hosted live - this https URL. More follows.", "It is hosted live. More follows."),
        ("Code (this https URL) is open.", "Code is open."),
        ("A so-called \u201cconcept scrubbing,\u201d and a model\u2019s way.", 'A so-called "concept scrubbing," and a model\'s way.'),
        ("They ``grokked'' it.", 'They "grokked" it.'),
    ],
)  # fmt: skip
def test_marks_of_the_page_are_cleared_away(one, raw, tidied):
    assert one(f"A Title\n\n{raw} {PROSE}\n\nRead More").abstract == f"{tidied} {PROSE}"


def test_the_last_entry_may_lack_its_newline_or_its_read_more(read):
    assert len(read(f"One\n\n{PROSE}\n\nRead More\nTwo\n\n{PROSE}").papers) == 2
    assert len(read(f"One\n\n{PROSE}\n\nRead More\nTwo\n\n{PROSE}\nRead More").papers) == 2


def test_a_title_that_stands_twice_is_no_header(one):
    assert one(f"Mirror Mirror\n\n{PROSE * 3}\n\nRead More").title == "Mirror Mirror"


def test_unknown_posters_are_told_by_the_venue_or_by_other_headers(read):
    text = (
        f"Zork Ann Bee Zork Ann Bee\n\nOne\n\n{PROSE}\n\nRead More\n"
        f"Ann Bee Ann Bee\n\nTwo\n\n{PROSE}\n\nRead More\n"
        f"CVPR 2024 (Oral) Jo de la Cruz CVPR 2024 (Oral) Jo de la Cruz\n\nThree\n\n{PROSE}\n\nRead More\n"
    )
    found = {paper.title: (paper.venue, paper.track, paper.listed_by) for paper in read(text).papers}
    assert found["One"] == ("Zork", "", ("Ann Bee",))
    assert found["Two"] == ("", "", ("Ann Bee",))
    assert found["Three"] == ("CVPR 2024", "Oral", ("Jo de la Cruz",))


def test_an_apa_citation_is_understood(one):
    citation = (
        "Marrow, A., & Quill, B. (2021). A thing of use. Journal of Things, 3. https://doi.org/10.5555/12.a"
    )
    paper = one(f"A Title\n\n{citation}\n\n{PROSE}\n\nRead More")
    assert paper.authors == ("A. Marrow", "B. Quill")
    assert (paper.year, paper.doi) == (2021, "10.5555/12.a")
    assert paper.abstract == PROSE


def test_prose_with_a_quotation_and_a_year_is_no_citation(one):
    prose = 'In this work we ask what "a model" is, as Woodward did in 1998. The answer is that it depends on 2 things.'
    assert one(f"A Title\n\n{prose}\n\nRead More").abstract == prose


def test_an_entry_without_title_is_told_and_left_out(read):
    reading = read(f"{'long words ' * 60}\n\nRead More\nTwo\n\n{PROSE}\n\nRead More")
    assert [paper.title for paper in reading.papers] == ["Two"]
    assert "page.txt:1" in str(reading.issues[0])


def test_bytes_that_are_no_text_are_refused_with_their_line(tmp_path):
    path = tmp_path / "page.txt"
    path.write_bytes(b"One\n\n\xff\xfe words\n\nRead More\n")
    with pytest.raises(SourceError, match=r"page\.txt:3: not UTF-8"):
        read_papers([path])

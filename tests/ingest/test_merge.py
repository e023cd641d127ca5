"""One paper, one record: ids, repeats and clashes, whatever the order of the sources."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.ids import normal_title, slug
from kg.ingest import read_papers
from kg.ingest.merge import merge
from kg.ingest.record import Record
from kg.types import Paper


def record(title: str, id_: str = "", **fields: object) -> Record:
    return Record(Paper(id=id_ or slug(title), title=title, **fields), given=bool(id_))  # type: ignore[arg-type]


def test_the_same_title_in_two_sources_is_one_paper_with_both_recorded(toy):
    papers = {paper.id: paper for paper in read_papers([toy / "papers.jsonl", toy / "page.txt"]).papers}
    corpus = papers["kitchenweb-2020"]
    assert corpus.sources == ("page.txt", "papers.jsonl")
    assert corpus.listed_by == ("Mona Lister",)
    assert corpus.authors == ("Cy Pestle",)
    assert corpus.keywords == ("recipes",)
    assert corpus.extra["other_ids"] == ["reprint"]
    assert "reprint" not in papers
    assert "kitchenweb-a-corpus-of-recipe-pages" not in papers


def test_the_order_of_sources_changes_nothing(toy):
    one, other = toy / "papers.jsonl", toy / "page.txt"
    assert read_papers([one, other]).papers == read_papers([other, one]).papers


def test_an_id_made_of_a_title_gives_way_to_a_given_one():
    papers, _ = merge([record("Attention"), record("Something Else", "attention")])
    ids = {paper.title: paper.id for paper in papers}
    assert ids["Something Else"] == "attention"
    assert ids["Attention"].startswith("attention-")


def test_titles_that_only_signs_tell_apart_get_two_ids():
    assert len({slug("C"), slug("C++"), slug("C#")}) == 3
    assert slug("C") == "c"


TITLES = st.text(min_size=1, max_size=60).filter(lambda text: text.strip())


@given(TITLES, TITLES)
def test_slugs_tell_titles_apart_and_are_fit_for_a_path(one, other):
    assert (slug(one) == slug(other)) == ((normal_title(one) or one) == (normal_title(other) or other))
    assert slug(one)
    assert all(c in "abcdefghijklmnopqrstuvwxyz0123456789-" for c in slug(one))


RECORDS = st.lists(
    st.builds(record, st.sampled_from(["A b", "a B!", "C", "D"]), st.sampled_from(["", "x", "y"]),
              abstract=st.sampled_from(["", "p", "qq"]), year=st.sampled_from([None, 2020, 2021])),
    max_size=7,
)  # fmt: skip


@given(RECORDS, st.randoms())
def test_merging_is_blind_to_order_and_ids_are_unique(records, shuffle: random.Random):
    papers, _ = merge(records)
    mixed = list(records)
    shuffle.shuffle(mixed)
    assert merge(mixed)[0] == papers
    assert len({paper.id for paper in papers}) == len(papers)


CASES = Path(__file__).parent.parent / "cases"


def test_one_id_in_two_files_with_other_titles_is_two_papers_and_is_told():
    files = [CASES / "break" / f"same-id-{number}.jsonl" for number in (1, 2)]
    reading = read_papers(files)
    assert {(paper.title, paper.authors) for paper in reading.papers} == {
        ("Pythia: a suite for analyzing language models", ("Ann A",)),
        ("Scaling laws for BERT", ("Ann A",)),
        ("Cancer imaging with U-Net", ("Bob B",)),
        ("ResNet for galaxies", ("Bob B",)),
    }
    assert all("tumours" not in paper.abstract or paper.authors == ("Bob B",) for paper in reading.papers)
    told = [str(issue) for issue in reading.issues]
    assert len(told) == 2
    assert all(
        words in told[0] for words in ("Pythia", "Cancer imaging", "same-id-1.jsonl:1", "same-id-2.jsonl:1")
    )
    assert read_papers(reversed(files)).papers == reading.papers


def test_one_title_with_what_speaks_against_it_is_two_papers_and_is_told():
    reading = read_papers([CASES / "users" / "same-title-two-papers" / "papers.jsonl"])
    assert {(paper.authors[0], paper.year, paper.abstract.split()[-1]) for paper in reading.papers} == {
        ("Ida Loom", 2019, "recordings."), ("Otto Spar", 2021, "ReF."),
        ("Mae Pike", 2020, "MARCO."), ("Rob Dace", 2008, "kennels."),
    }  # fmt: skip
    assert sum("other DOIs" in str(issue) for issue in reading.issues) == 2


LONG = "A long enough title for one paper"
TEXT = "We train a small model of tides on harbour logs and find that it works"
OTHER = "Bread is baked from rye by bakers whose ovens stand near mills at rivers"


@pytest.mark.parametrize(
    ("title", "one", "other", "papers"),
    [
        (LONG, {"authors": ("Ann Loom",)}, {}, 1),
        (LONG, {"authors": ("Ann Loom",)}, {"authors": ("Loom, A.", "B. Weft")}, 1),
        (LONG, {"authors": ("José Núñez",)}, {"authors": ("Jose Nunez",)}, 1),
        (LONG, {"authors": ("Ann Loom",)}, {"authors": ("Bob Weft",)}, 2),
        (LONG, {"authors": ("Ann Loom",), "doi": "10.1/x"}, {"authors": ("Bob Weft",), "doi": "10.1/X"}, 1),
        (LONG, {"doi": "10.1000/x"}, {"doi": "10.1000/y"}, 2),
        (LONG, {"doi": "10.48550/arXiv.2401.00001"}, {"doi": "10.1000/y"}, 1),
        (LONG, {"doi": "10.1101/2020.01.02.123456"}, {"doi": "10.1000/y"}, 1),
        (LONG, {"doi": "10.1101/gr.1234.56"}, {"doi": "10.1101/gr.9999.56"}, 2),
        (LONG, {"arxiv_id": "2401.00001"}, {"arxiv_id": "2402.00001"}, 2),
        (LONG, {"year": 2020}, {"year": 2022}, 1),
        (LONG, {"year": 2020}, {"year": 2023}, 2),
        (LONG, {"abstract": TEXT}, {"abstract": TEXT + " well"}, 1),
        (LONG, {"abstract": TEXT}, {"abstract": OTHER}, 2),
        (LONG, {"abstract": TEXT}, {"abstract": "Short."}, 1),
        ("Introduction", {"abstract": TEXT}, {"abstract": OTHER}, 2),
        ("Introduction", {"abstract": TEXT}, {"authors": ("Ann Loom",)}, 2),
        ("Introduction", {"abstract": TEXT}, {"abstract": TEXT}, 1),
        ("Introduction", {"abstract": TEXT}, {}, 1),
        ("Introduction", {"authors": ("Ann Loom",)}, {"authors": ("A. Loom",), "abstract": TEXT}, 1),
        ("Introduction", {"venue": "V", "year": 2020, "abstract": TEXT}, {"venue": "V", "year": 2020, "doi": "10.1/x"}, 1),
    ],
)  # fmt: skip
def test_what_makes_records_of_one_title_one_paper(title, one, other, papers):
    for ids in (("", ""), ("x", ""), ("x", "y"), ("x", "x")):
        records = [record(title, ids[0], **one), record(title, ids[1], **other)]
        found, issues = merge(records)
        assert len(found) == papers
        assert len({paper.id for paper in found}) == papers
        assert sum("kept apart" in str(issue) for issue in issues) == (papers - 1)
        assert merge(reversed(records))[0] == found


@given(RECORDS)
def test_nobody_gets_text_or_names_of_another_title(records):
    for paper in merge(records)[0]:
        alike = [r.paper for r in records if normal_title(r.paper.title) == normal_title(paper.title)]
        assert not paper.abstract or paper.abstract in {each.abstract for each in alike}
        assert paper.year is None or paper.year in {each.year for each in alike}

"""One paper, one record: ids, repeats and clashes, whatever the order of the sources."""

from __future__ import annotations

import random

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

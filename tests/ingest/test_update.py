"""Sources read into a store that knows some of their lines: the result is that of reading all."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import SourceError
from kg.ingest import jsonl, read_papers, update
from kg.store import Store

if TYPE_CHECKING:
    from pathlib import Path

TITLES = ("On Tides", "On tides", "Salt", "Salt!", "Drift & C++", "on-tides")
IDS = (None, "a", "a", "b", "on-tides", "salt")
LINES = st.builds(
    lambda title, id_, abstract, year: json.dumps(
        {"title": title, "id": id_, "abstract": abstract, "year": year, "venue": "X"}
    ),
    st.sampled_from(TITLES),
    st.sampled_from(IDS),
    st.sampled_from(("", "A text.", "A longer text.")),
    st.sampled_from((2020, "soon", None)),
) | st.sampled_from(("", "{broken", '{"title": ""}'))
GOOD = json.dumps({"title": "Always Here", "abstract": "Yes."})
POOLS = st.lists(LINES, min_size=2, max_size=8)
STATES = st.lists(st.tuples(*[st.sets(st.integers(0, 7), max_size=4)] * 2), min_size=2, max_size=4)


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("update")


def content(store: Store) -> dict[str, list[Any]]:
    tables = ("papers", "issues", "records", "meta", "search")
    return {name: sorted(store.query(f"SELECT * FROM {name}")) for name in tables}


@settings(max_examples=250)
@given(POOLS, STATES)
def test_any_changes_end_as_if_all_were_read_at_once(folder, pool, states):
    paths = [folder / "one.jsonl", folder / "two.jsonl"]
    with Store.temporary() as store, Store.temporary() as whole:
        for state in states:
            for path, chosen in zip(paths, state, strict=True):
                path.write_text("\n".join([GOOD, *(pool[i] for i in sorted(chosen) if i < len(pool))]))
            before = {paper.id for paper in store.papers()}
            done = update(store, paths)
            after = {paper.id for paper in store.papers()}
            assert (done.papers, done.new, done.gone) == (
                len(after),
                len(after - before),
                len(before - after),
            )
        reading = read_papers(paths)
        assert tuple(store.papers()) == reading.papers
        assert sorted(map(str, done.issues)) == sorted(map(str, reading.issues))
        update(whole, paths)
        assert content(store) == content(whole)


LADLE, TALLOW = "LadleBench: Measuring Recipe Generation", "Tallow: Slow-Cooked Attention Heads"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ([(2, LADLE), (7, LADLE), (7, TALLOW)], [(7, LADLE), (7, TALLOW)]),
        ([("x", LADLE), ("x", TALLOW)], [("x", LADLE), ("x", TALLOW), ("a", LADLE)]),
        ([(7, LADLE), (7, TALLOW), (8, TALLOW)], [(7, TALLOW), (8, TALLOW)]),
        ([(1, LADLE), (2, TALLOW), (1, "Drift")], [(1, "Drift"), (2, TALLOW), (2, "Drift")]),
    ],
)
def test_an_id_that_one_paper_takes_from_another_costs_no_paper(tmp_path, before, after):
    def write(rows):
        path = tmp_path / "papers.jsonl"
        path.write_text(
            "\n".join(json.dumps({"id": id_, "title": title, "abstract": "Yes."}) for id_, title in rows)
        )
        return [path]

    with Store.temporary() as grown, Store.temporary() as whole:
        update(grown, write(before))
        update(grown, write(after))
        update(whole, write(after))
        assert content(grown) == content(whole)
        assert len(list(grown.papers())) == len({title for _, title in after})


def test_a_line_that_is_known_is_not_read_again(tmp_path, monkeypatch):
    path = tmp_path / "papers.jsonl"
    path.write_text("\n".join(json.dumps({"title": f"Paper {n}", "abstract": "Yes."}) for n in range(9)))
    with Store.temporary() as store:
        update(store, [path])
        seen = []
        read = jsonl._record
        monkeypatch.setattr(jsonl, "_record", lambda found, *rest: seen.append(found) or read(found, *rest))
        path.write_text(json.dumps({"title": "Another", "abstract": "Yes."}) + "\n" + path.read_text())
        assert update(store, [path]).new == 1
    assert [found["title"] for found in seen] == ["Another"]


def test_a_source_that_cannot_be_read_leaves_the_store_as_it_was(tmp_path):
    one, other = tmp_path / "one.jsonl", tmp_path / "other.jsonl"
    one.write_text(GOOD)
    other.write_text("{broken")
    with Store.temporary() as store:
        update(store, [one])
        before = content(store)
        one.write_text(GOOD + "\n" + json.dumps({"title": "New", "abstract": "Yes."}))
        with pytest.raises(SourceError, match=r"other\.jsonl:1"):
            update(store, [one, other])
        with pytest.raises(SourceError, match="not JSON"):
            update(store, [one, other], strict=True)
        assert content(store) == before

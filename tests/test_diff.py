"""What changed between two builds."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from kg.cli import kg
from kg.cli.changes import to_lines
from kg.diff import Build, Named, diff, read_build, to_record
from kg.errors import SourceError


def build(concepts, links=(), papers=("p1", "p2")):
    """Concepts as {id: (name, aliases...)}, of type Method."""
    named = {key: Named(names[0], "Method", tuple(names[1:])) for key, names in concepts.items()}
    return Build({key: f"Title of {key}" for key in papers}, named, frozenset(links))


def test_nothing():
    one = build({"a": ["A"]}, [("p1", "uses", "a")])
    assert not diff(one, one)
    assert diff(one, one).summary() == "nothing has changed"
    assert to_lines(diff(one, one)) == ["Nothing has changed."]


def test_gained_and_lost():
    old = build({"a": ["A"], "b": ["B"]}, [("p1", "uses", "a"), ("p1", "uses", "b")], papers=("p1",))
    new = build({"a": ["A"], "c": ["C"]}, [("p1", "studies", "a"), ("p2", "uses", "a")], papers=("p2", "p1"))
    changes = diff(old, new)
    assert (changes.papers_gained, changes.papers_lost) == (["p2"], [])
    assert (changes.concepts_gained, changes.concepts_lost) == (["C"], ["B"])
    assert (changes.links_gained, changes.links_lost) == ([("p1", "studies", "a")], [("p1", "uses", "a")])


def test_a_renamed_concept_is_followed_and_its_links_are_no_change():
    old = build({"a": ["A", "alpha"]}, [("p1", "uses", "a")])
    new = build({"alpha": ["alpha", "A"]}, [("p1", "uses", "alpha")])
    changes = diff(old, new)
    assert changes.concepts_renamed == [("A", "alpha")]
    assert changes.summary() == "1 concepts renamed"


def test_merged_and_split():
    apart = build({"a": ["A"], "b": ["B"]}, [("p1", "uses", "a"), ("p2", "uses", "b")])
    merged = build({"a": ["A", "B"]}, [("p1", "uses", "a"), ("p2", "uses", "a")])
    assert diff(apart, merged).concepts_merged == [("B", "A")]
    assert not diff(apart, merged).links_gained
    assert diff(merged, apart).concepts_split == [("A", "B")]


def test_two_old_concepts_that_are_one_new():
    old = build({"a": ["A"], "b": ["B"]})
    new = build({"c": ["C", "A", "B"]})
    changes = diff(old, new)
    assert changes.concepts_renamed == [("A", "C")]
    assert changes.concepts_merged == [("B", "C")]
    assert not changes.concepts_gained


def test_another_type_and_another_title():
    old = Build({"p": "Old"}, {"method-x": Named("x", "Method")}, frozenset())
    new = Build({"p": "New"}, {"model-x": Named("x", "Model")}, frozenset())
    changes = diff(old, new)
    assert changes.papers_renamed == [("Old", "New")]
    assert changes.concepts_retyped == [("x (Method)", "x (Model)")]


def test_markdown_shows_names_as_they_are():
    changes = diff(build({}), build({"x": ["<script>*a*_b_"], "y": ["line\nbreak"]}))
    text = "\n".join(to_lines(changes, markdown=True))
    assert "## Concepts gained (2)" in text
    assert r"- &lt;script&gt;\*a\*\_b\_" in text
    assert "- line break" in text


def test_a_long_list_is_cut_and_counted():
    changes = diff(build({}), build({str(n): [f"c{n}"] for n in range(30)}))
    lines = to_lines(changes)
    assert lines[0] == "Concepts gained (30)"
    assert lines[-1] == "  ... and 10 more"
    assert to_record(changes)["counts"]["concepts_gained"] == 30


def test_a_store_and_the_tables_made_of_it_are_one_build(toy_exports, tmp_path):
    for name in ("papers.csv", "concepts.csv", "statements.csv"):
        (tmp_path / name).write_bytes((toy_exports / name).read_bytes())
    assert read_build(toy_exports) == read_build(tmp_path)
    assert not diff(read_build(toy_exports), read_build(tmp_path))
    result = CliRunner().invoke(kg, ["diff", str(toy_exports), str(tmp_path), "--json"])
    assert set(json.loads(result.output)["counts"].values()) == {0}


def test_what_is_no_build_is_one_clear_error(tmp_path):
    with pytest.raises(SourceError, match="no build here"):
        read_build(tmp_path)
    for name in ("papers.csv", "concepts.csv", "statements.csv"):
        (tmp_path / name).write_text("x\n1\n")
    with pytest.raises(SourceError, match="no column 'id'"):
        read_build(tmp_path)

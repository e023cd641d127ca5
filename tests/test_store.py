"""The store: what is written comes back, and nothing is half there."""

from __future__ import annotations

import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg import database, records
from kg.errors import StoreError
from kg.store import Store
from kg.types import Claim, Concept, Extraction, Issue, Link, Mention, Paper, Statement
from kg.vocab import ConceptType

PAPER = Paper("p", "A Title", "Some text on Foo.", authors=("Ada",), year=2020, extra={"shelf": ["B", 7]})
MENTION = Mention("p", 21, 24, "Foo", "Foo", ConceptType.MODEL, "rule", 0.5)
CLAIM = Claim("p", "", "studies", MENTION.id, 8, 25, "rule", 0.5)
EXTRACTION = Extraction("p", (MENTION,), (CLAIM,))


@pytest.fixture
def store(tmp_path):
    with Store.open(tmp_path / "kg.sqlite") as store:
        yield store


def test_papers_mentions_and_claims_come_back_as_they_went_in(store):
    store.set_papers([PAPER])
    store.add_extractions([(PAPER, EXTRACTION)], "f1")
    assert list(store.papers()) == [PAPER]
    assert list(store.mentions()) == [MENTION]
    assert list(store.claims("p")) == [CLAIM]
    assert store.paper("q") is None


TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30)


@given(
    st.builds(
        Paper, TEXT, TEXT, TEXT, st.lists(TEXT, max_size=3).map(tuple), year=st.none() | st.integers(1500, 2200),
        extra=st.dictionaries(TEXT, TEXT | st.integers(-5, 5) | st.lists(TEXT, max_size=2), max_size=3),
    ),
    st.builds(Concept, TEXT, TEXT, st.sampled_from(ConceptType), aliases=st.lists(TEXT, max_size=3).map(tuple)),
    st.builds(Issue, TEXT, TEXT, TEXT, data=st.dictionaries(TEXT, TEXT, max_size=2)),
)  # fmt: skip
def test_any_record_survives_its_row(paper, concept, issue):
    for table, record in [(records.PAPERS, paper), (records.CONCEPTS, concept), (records.ISSUES, issue)]:
        assert table.decode(table.encode(record)[: len(table.columns)]) == record


def test_only_unread_papers_are_read_again(store):
    store.set_papers([PAPER])
    assert store.unread("f1") == [PAPER]
    store.add_extractions([(PAPER, EXTRACTION)], "f1")
    assert store.unread("f1") == []
    assert store.unread("f2") == [PAPER]
    changed = Paper("p", "A Title", "Some text on Foo, and more.")
    store.set_papers([changed])
    assert store.unread("f1") == [changed]


def test_what_was_read_in_a_paper_goes_with_it(store):
    other = Paper("q", "Another")
    store.set_papers([PAPER])
    store.add_extractions([(PAPER, EXTRACTION)], "f1")
    assert store.set_papers([other]) == (1, 1)
    assert list(store.mentions()) == []
    assert list(store.extracted()) == []


def test_a_failed_transaction_leaves_all_as_it_was(store):
    concept = Concept("model-foo", "Foo", ConceptType.MODEL)
    with store.transaction():
        store.replace(Concept, [concept])
    with pytest.raises(ZeroDivisionError), store.transaction():
        store.replace(Concept, [])
        _ = 1 / 0
    assert list(store.concepts()) == [concept]


def test_statements_links_and_counts(store):
    link = Link(MENTION.id, "model-foo", 0.9, "same form")
    statement = Statement("s", "p", "studies", "model-foo", "p", 8, 25, 21, 24, "rule", 0.5)
    with store.transaction():
        store.replace(Link, [link])
        store.replace(Statement, [statement])
    assert list(store.links("model-foo")) == [link]
    assert list(store.statements("object = ?", ("model-foo",))) == [statement]
    assert store.papers_per_concept() == {"model-foo": 1}
    assert store.concepts_in_papers() == 0  # the statement's concept isn't there
    assert store.count(Statement) == 1


@pytest.mark.parametrize(
    "words", ["foo", "FOO tit", "some te", 'foo" OR "x', "foo*", "*", '"', "NEAR(", "a\0b", ""]
)
def test_search_finds_words_and_takes_no_operator(store, words):
    store.set_papers([PAPER])
    found = store.search(words)
    assert found == ([("paper", "p", "A Title")] if words in ("foo", "FOO tit", "some te", "foo*") else [])


def test_a_readonly_store_must_exist_and_cannot_be_written(tmp_path, store):
    with pytest.raises(StoreError, match="kg build"):
        Store.open(tmp_path / "none.sqlite", readonly=True)
    with Store.open(store.path, readonly=True) as reader, pytest.raises(StoreError, match="readonly"):
        reader.set_papers([PAPER])


def test_a_damaged_store_is_refused_and_left_as_it_is(tmp_path):
    path = tmp_path / "kg.sqlite"
    for damage in (b"not a database " * 100, b"SQLite format 3\0" + b"\xff" * 4000):
        path.write_bytes(damage)
        with pytest.raises(StoreError, match="kg rebuild"), Store.open(path) as store:
            list(store.papers())
        assert path.read_bytes() == damage


def test_a_store_of_another_version_or_program_is_refused(tmp_path, store):
    store.close()
    with sqlite3.connect(store.path) as raw:
        raw.execute("PRAGMA user_version = 99")
    raw.close()
    with pytest.raises(StoreError, match=r"version 99.*kg rebuild"):
        Store.open(store.path)
    other = tmp_path / "other.sqlite"
    with sqlite3.connect(other) as raw:
        raw.execute("CREATE TABLE t (x)")
    raw.close()
    with pytest.raises(StoreError, match="not a store of paperkg"):
        Store.open(other)


def test_a_store_that_another_build_writes_is_refused(store, monkeypatch):
    with Store.open(store.path) as other, store.transaction():
        other._connection.execute("PRAGMA busy_timeout = 10")
        with pytest.raises(StoreError, match="another build"):
            other.set_papers([PAPER])


@pytest.fixture
def nowhere_to_write(monkeypatch):
    """As in a folder where SQLite can't put what readers and writers share."""
    connect = database.connect

    def refused(path, mode):
        if mode == "mode=ro":
            error = sqlite3.OperationalError("unable to open database file")
            error.sqlite_errorcode = sqlite3.SQLITE_CANTOPEN
            raise error
        return connect(path, mode)

    monkeypatch.setattr(database, "connect", refused)


def test_a_store_in_a_folder_that_cannot_be_written_can_be_read(store, nowhere_to_write):
    store.set_papers([PAPER])
    store.close()
    with Store.open(store.path, readonly=True) as reader:
        assert list(reader.papers()) == [PAPER]
    assert [path.name for path in store.path.parent.iterdir()] == ["kg.sqlite"]


def test_what_a_build_changes_under_a_reader_without_a_lock_is_told(store, nowhere_to_write):
    store.set_papers([PAPER])
    store.close()
    with Store.open(store.path, readonly=True) as reader:
        with Store.open(store.path) as writer:
            writer.set_papers([Paper("q", "Another")])
        with pytest.raises(StoreError, match="a build is writing it: try again"):
            list(reader.papers())


def test_a_log_that_cannot_be_read_is_no_damage(store, nowhere_to_write):
    store.set_papers([PAPER])
    with pytest.raises(StoreError, match="didn't finish"):
        Store.open(store.path, readonly=True)

"""Why two names are one concept: by the graph, by decisions, by the vocabulary, by features."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from kg.cli import kg
from kg.errors import CurationError
from kg.link import Entry, Linker, Vocabulary, link
from kg.link.explain import Explainer, as_record, read_pairs
from kg.link.review import load_skipped, questions, skip
from kg.store import Store
from kg.types import Concept, Extraction, Judgement, Link, Mention, Paper

from .invented import mentions, uses

WORDS = Vocabulary.of(
    [
        Entry("https://v.test/1", "rotary position embedding", alternatives=("RoPE",)),
        Entry("https://v.test/2", "positional encoding"),
    ]
)


def store_of(path, rows):
    """A store that holds what was read in some papers, linked."""
    made = mentions(rows)
    store = Store.open(path)
    papers = [Paper(id=key, title=key) for key in sorted({each.paper_id for each in made})]
    store.set_papers(papers)
    for paper in papers:
        found = tuple(each for each in made if each.paper_id == paper.id)
        store.add_extractions([(paper, Extraction(paper.id, found, ()))], "hand")
    linked = link(made)
    with store.transaction():
        store.replace(Concept, linked.concepts)
        store.replace(Link, linked.links)
    return store


def explained(left, right, judgements=(), store=None, vocabulary=WORDS):
    return Explainer(vocabulary, judgements, store).explain([(left, right)])[0]


def test_by_features_with_their_meaning():
    found = explained("LLaMA-7B", "LLaMA")
    assert (found.same, found.decided_by) == (True, "features")
    assert found.features["size"] == 1.0
    assert any("family" in meaning for _, _, meaning in found.describe())
    assert not explained("LLaMA", "Llama 2").same


def test_by_the_vocabulary_also_near_a_label():
    assert explained("RoPE", "Rotary Position Embeddings").decided_by == "vocabulary"
    assert explained("rotary positional embedding", "RoPE").same
    assert not explained("RoPE", "positional encodings").same


def test_by_a_person():
    decided = Judgement("foo", "bar", "same", "Ada", "2026", line=7)
    found = explained("Bar", "foo", [decided])
    assert (found.same, found.decided_by) == (True, "curation")
    assert "line 7" in found.detail


def test_by_the_graph_with_the_papers_that_say_so(tmp_path):
    rows = uses("zig zag transport", "Method", "zig zag transport", "ZZT", papers=3)
    with store_of(tmp_path / "kg.sqlite", [*rows, *uses("other", "Method", first=9)]) as store:
        found = explained("ZZT", "zig zag transport", store=store)
        assert (found.same, found.decided_by) == (True, "graph")
        assert found.papers == ("p000", "p001", "p002")
        assert not explained("ZZT", "other", store=store).same
        assert explained("ZZT", "never seen", store=store).decided_by == "features"


def test_either_order_says_the_same():
    left, right = explained("RLHF", "human feedback"), explained("human feedback", "RLHF")
    assert (left.same, left.score, left.features) == (right.same, right.score, right.features)
    assert as_record(left)["same"] is False


def test_pairs_are_read_with_or_without_a_heading():
    assert read_pairs("left\tright\tlabel\na\tb\tsame\n\nc\td\n") == [("a", "b"), ("c", "d")]
    with pytest.raises(ValueError, match="line 2"):
        read_pairs("a\tb\nc\n")


def test_the_command(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    run = CliRunner().invoke
    one = json.loads(run(kg, ["explain", "GPT-3", "GPT-4", "--json"]).output)
    assert (one["same"], one["features"]["other_number"]) == (False, 1.0)
    (tmp_path / "pairs.tsv").write_text("LLMs\tlarge language model\nGPT-3\tGPT-4\n")
    many = json.loads(run(kg, ["explain", "--pairs", "pairs.tsv", "--json"]).output)
    assert [each["same"] for each in many] == [True, False]
    assert run(kg, ["explain", "GPT-3"]).exit_code == 2
    assert run(kg, ["explain", "--pairs", "missing.tsv"]).exit_code == 3


def test_doubtful_pairs_are_asked_most_valuable_first_and_once(tmp_path):
    made = mentions(
        [
            *uses("exploration procedure", "Method", papers=5),
            *uses("exploration", "Method", papers=9, first=20),
            *uses("unit testing", "Task", papers=2, first=40),
            *uses("unit test", "Task", papers=2, first=50),
            *uses("LLaMA", "Model", papers=5, first=60),
            *uses("LLaMA-7B", "Model", papers=5, first=70),
        ]
    )
    asked = questions(made, Vocabulary(), [])
    assert [{each.left, each.right} for each in asked] == [
        {"exploration procedure", "exploration"},
        {"unit testing", "unit test"},
    ]
    skip(tmp_path / "review.jsonl", asked[0])
    left = questions(made, Vocabulary(), [], load_skipped(tmp_path / "review.jsonl"))
    assert left == asked[1:]
    decided = Judgement(asked[1].right, asked[1].left, "different", "Ada", "2026")
    assert questions(made, Vocabulary(), [decided]) == asked[:1]


def test_review_writes_a_decision_a_key(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "0")
    rows = [*uses("unit testing", "Task", papers=2), *uses("unit test", "Task", papers=2, first=9)]
    store_of(tmp_path / "kg.sqlite", rows).close()
    options = ["review", "-o", str(tmp_path), "--file", "curation.jsonl", "--by", "Ada"]
    first = CliRunner().invoke(kg, options, input="xs")
    assert first.exit_code == 0, first.output
    line = json.loads((tmp_path / "curation.jsonl").read_text())
    assert {line["left"], line["right"]} == {"unit testing", "unit test"}
    assert (line["verdict"], line["by"], line["at"]) == ("same", "Ada", "1970-01-01")
    assert "Nothing is in doubt" in CliRunner().invoke(kg, options).output


def test_the_company_that_names_keep_is_shown_with_the_concepts_that_make_it(tmp_path):
    rows = []
    for number in range(4):
        rows += uses("quick quilt", "Method", first=number) + uses("fabric", "Topic", first=number)
        rows += uses("QQX", "Method", first=10 + number) + uses("fabric", "Topic", first=10 + number)
        rows += uses("weather", "Topic", first=20 + number)
    path = tmp_path / "kg.sqlite"
    with Store.open(path) as store, store.transaction():
        store.insert(Mention, mentions(rows))
        Linker(store, Vocabulary(), ()).update(None)
    with Store.open(path, readonly=True) as store:
        alike, other = Explainer(Vocabulary(), (), store).explain(
            [("quick quilt", "QQX"), ("QQX", "weather")]
        )
    assert (alike.company, alike.beside) == (1.0, (("fabric", 4, 4),))
    assert (other.company, other.beside) == (0.0, ())
    assert as_record(alike)["beside"] == [{"name": "fabric", "left": 4, "right": 4}]
    assert "company" not in alike.features


@pytest.mark.parametrize("line", ["[" * 100_000, "[1]", "3", "9" * 5000, "{", '"abc"'])
def test_a_list_of_put_off_pairs_that_is_none_is_one_line(tmp_path, line):
    path = tmp_path / "review.jsonl"
    path.write_text(f'["a\u2028b", "c"]\n{line}\n', encoding="utf-8")
    with pytest.raises(CurationError, match="not a list of pairs"):
        load_skipped(path)
    path.write_text('["a\u2028b", "c"]\n', encoding="utf-8")
    assert load_skipped(path) == [("a\u2028b", "c")]

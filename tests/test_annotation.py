"""Annotations and predictions as files: odd lines are told with their number."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from kg import evaluate
from kg.cli import kg
from kg.errors import SourceError

CONCEPT = {"name": "BERT", "type": "Model", "role": "uses", "mentions": ["BERT"]}
GOOD = {"id": "a", "concepts": [CONCEPT], "relations": []}
BAD = {
    "number": "3",
    "list": "[1]",
    "null": "null",
    "no id": json.dumps({"concepts": []}),
    "id": json.dumps({"id": 3, "concepts": []}),
    "no concepts": json.dumps({"id": "b"}),
    "concepts": json.dumps({"id": "b", "concepts": "BERT"}),
    "concept": json.dumps({"id": "b", "concepts": [3]}),
    "name": json.dumps({"id": "b", "concepts": [CONCEPT | {"name": ["x"]}]}),
    "no mentions": json.dumps({"id": "b", "concepts": [{"name": "x", "type": "Task"}]}),
    "mentions": json.dumps({"id": "b", "concepts": [CONCEPT | {"mentions": [3]}]}),
    "mention": json.dumps({"id": "b", "concepts": [CONCEPT | {"mentions": "BERT"}]}),
    "type": json.dumps({"id": "b", "concepts": [CONCEPT | {"type": {}}]}),
    "role": json.dumps({"id": "b", "concepts": [CONCEPT | {"role": None}]}),
    "relations": json.dumps(GOOD | {"relations": {}}),
    "relation": json.dumps(GOOD | {"relations": [["BERT", "uses"]]}),
    "unknown": json.dumps(GOOD | {"relations": [["BERT", "used_for", "GLUE"]]}),
    "half a pair": json.dumps(GOOD | {"id": "\ud800"}),
    "digits": '{"id": "b", "concepts": [], "x": ' + "9" * 5000 + "}",
    "deep": "[" * 100_000,
    "escape": '{"id": "\x1b[2J"',
}


@pytest.mark.parametrize("name", BAD)
def test_an_odd_line_is_named(tmp_path, name):
    path = tmp_path / "predicted.jsonl"
    path.write_text(f"{json.dumps(GOOD)}\n\n{BAD[name]}\n")
    with pytest.raises(SourceError, match=r"predicted\.jsonl, line 3: not an annotation") as caught:
        evaluate.read(path)
    assert str(caught.value).isprintable()
    gold = tmp_path / "gold.jsonl"
    gold.write_text(json.dumps(GOOD))
    assert CliRunner().invoke(kg, ["evaluate", str(gold), str(path)]).exit_code == 3


def test_files_that_are_none_are_one_line(tmp_path):
    (tmp_path / "latin").write_bytes(b"\xff")
    for name in ("none", "latin", "", "a\0b"):
        with pytest.raises(SourceError):
            evaluate.read(tmp_path / name)


def test_a_prediction_may_lack_roles_and_relations(tmp_path):
    path = tmp_path / "p.jsonl"
    path.write_text(json.dumps({"id": "a", "concepts": [{k: v for k, v in CONCEPT.items() if k != "role"}]}))
    result = evaluate.evaluate({"a": GOOD}, evaluate.read(path))
    assert result.counts["matched"] == result.counts["typed"] == 1
    assert result.counts["roled"] == 0


def named(*mentions: str) -> dict[str, object]:
    return CONCEPT | {"mentions": list(mentions)}


def test_a_chain_of_thousands_of_concepts_is_matched():
    """Each finds a place only when all before it move on."""
    gold = [named(f"c{n}", f"c{n + 1}") for n in range(3000)]
    predicted = [named(f"c{n}") for n in reversed(range(1, 3000))] + [named("c0")]
    assert len(evaluate.match(gold, predicted)) == 3000
    assert len(evaluate.match([*gold[1:], named("c0"), named("c1")], predicted)) == 3000


@given(
    st.lists(st.sets(st.sampled_from("abcdef"), min_size=1), max_size=6),
    st.lists(st.sets(st.sampled_from("abcdef"), min_size=1), max_size=6),
)
def test_no_matching_is_larger(left, right):
    gold, predicted = [named(*each) for each in left], [named(*each) for each in right]
    found = evaluate.match(gold, predicted)
    assert len(set(found.values())) == len(found)
    assert all(left[i] & right[j] for i, j in found.items())

    def most(i: int, free: frozenset[int]) -> int:
        if i == len(left):
            return 0
        rest = [1 + most(i + 1, free - {j}) for j in free if left[i] & right[j]]
        return max([most(i + 1, free), *rest])

    assert len(found) == most(0, frozenset(range(len(right))))

"""The measure: its figures by hand, and those of the annotation's own script."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from kg import evaluate
from kg.errors import SourceError

if TYPE_CHECKING:
    from pathlib import Path


def concept(name: str, *mentions: str, type: str = "Method", role: str = "uses") -> dict[str, Any]:
    return {"name": name, "type": type, "role": role, "mentions": list(mentions or (name,))}


GOLD = {
    "a": {
        "id": "a",
        "concepts": [
            concept("BERT", type="Model", role="introduces"),
            concept("fine-tuning", "fine-tuning", "finetunings"),
            concept("GLUE", type="Dataset", role="evaluates_on"),
        ],
        "relations": [["BERT", "evaluated_on", "GLUE"]],
    }
}


def test_figures_by_hand() -> None:
    found = {
        "a": {
            "id": "a",
            "concepts": [
                concept("BERT", type="Model", role="introduces"),
                concept("Fine tuning"),
                concept("data"),
            ],
            "relations": [["BERT", "used_for", "Fine tuning"]],
        }
    }
    result = evaluate.evaluate(GOLD, found)
    figures = result.figures()
    assert figures["concepts"] == pytest.approx((2 / 3, 2 / 3, 2 / 3))
    assert figures["introduced"].f1 == 1.0
    assert figures["relations"].f1 == 0.0
    assert result.shares()["named artefact recall"] == 0.5
    assert result.missed == {("GLUE", "Dataset"): 1}
    assert evaluate.by_label(result.types, ["Dataset", "Model"])["Model"].f1 == 1.0


def test_a_document_that_is_missing_has_nothing_found() -> None:
    assert evaluate.evaluate(GOLD, {}).figures()["concepts"].recall == 0.0


def test_a_broken_line_is_named(tmp_path: Path) -> None:
    path = tmp_path / "gold.jsonl"
    path.write_text('{"id": "a", "concepts": []}\n{"id"', encoding="utf-8")
    with pytest.raises(SourceError, match="line 2"):
        evaluate.read(path)


def test_figures_are_those_of_the_annotations_script(shared: Path, tmp_path: Path) -> None:
    gold_path = shared / "annotation" / "dev.gold.jsonl"
    gold = evaluate.read(gold_path)
    chance = random.Random(3)
    damaged = {
        name: {
            "id": name,
            "concepts": [
                each | {"role": chance.choice(["uses", each["role"]]), "mentions": each["mentions"][:1]}
                for each in record["concepts"]
                if chance.random() < 0.8
            ],
        }
        for name, record in gold.items()
    }
    for name, record in damaged.items():
        kept = {each["name"] for each in record["concepts"]}
        record["relations"] = [r for r in gold[name]["relations"] if {r[0], r[2]} <= kept]
    path = tmp_path / "predicted.jsonl"
    path.write_text("".join(json.dumps(each) + "\n" for each in damaged.values()), encoding="utf-8")
    script = [sys.executable, str(shared / "annotation" / "score.py"), str(gold_path), str(path), "--json"]
    theirs = json.loads(subprocess.run(script, capture_output=True, check=True).stdout)
    result = evaluate.evaluate(gold, evaluate.read(path))
    for name, score in result.figures().items():
        assert theirs[name] == pytest.approx(dict(zip("prf", score, strict=True)))
    for name, share in result.shares().items():
        assert theirs[name] == pytest.approx(share)

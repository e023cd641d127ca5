"""Floors under the default pipeline's figures on the annotated dev texts: a scored run, apart from unit tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kg import evaluate, extract
from kg.extract.output import to_record
from kg.ingest import read_papers

if TYPE_CHECKING:
    from pathlib import Path

FLOORS = {"concepts": 0.72, "concepts+type": 0.58, "introduced": 0.60, "relations": 0.22}


@pytest.mark.slow
def test_dev_figures_are_above_their_floors(shared: Path) -> None:
    papers = read_papers([shared / "annotation" / "dev.docs.jsonl"]).papers
    found = extract.load().extract(papers)
    records = {paper.id: to_record(paper, each) for paper, each in zip(papers, found, strict=True)}
    figures = evaluate.evaluate(evaluate.read(shared / "annotation" / "dev.gold.jsonl"), records).figures()
    for name, floor in FLOORS.items():
        assert figures[name].f1 >= floor, name

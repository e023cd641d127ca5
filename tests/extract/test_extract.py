"""The whole extractor: what it promises about mentions and claims, whatever the text, and other pipelines."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
import spacy

from kg import extract
from kg.errors import ExtractError
from kg.extract.output import to_record
from kg.types import Paper

if TYPE_CHECKING:
    from pathlib import Path

    from kg.types import Extraction

PAPER = Paper(
    "zephyrine",
    "Zephyrine: Contrastive Pretraining for Question Answering",
    "Large language models (LLMs) answer questions. We introduce Zephyrine, a language model that is trained by"
    " contrastive learning on the Tarn Corpus. Zephyrine outperforms BERT on TarnQA. Code is available.",
)
HOSTILE = {
    "empty": "",
    "chinese": "\u6211\u4eec\u63d0\u51fa\u4e00\u79cd\u65b0\u7684\u8bed\u8a00\u6a21\u578b\u3002\u5b83\u5f88\u597d\u3002"
    * 20,
    "capitals": PAPER.abstract.upper(),
    "bibtex": "@article{a, title={On {LLM}s}, author={J. Smith and A. Doe}, year=2020}\n" * 30,
    "noise": "".join(map(chr, (i * 7919 % 55000 + 32 for i in range(3000)))),
    "control": "We \x00 use \x1b[31m BERT \ud800 and \ufeff RoBERTa.\x07",
    "right to left": "\u0646\u062d\u0646 \u0646\u0633\u062a\u062e\u062f\u0645 BERT \u0644\u0644\u062a\u0631\u062c\u0645\u0629",
    "brackets": "(" * 5000,
    "one word": "a" * 20000,
    "hyphens": "pre-" * 5000,
}


@pytest.fixture(scope="module")
def rules() -> extract.Extractor:
    return extract.load("rules")


def read(extractor: extract.Extractor, abstract: str, title: str = "A title") -> Extraction:
    (found,) = extractor.extract([Paper("p", title, abstract)])
    return found


def check(paper: Paper, found: Extraction) -> None:
    """What every extraction must hold to."""
    ids = {mention.id: mention for mention in found.mentions}
    places = [(mention.start, mention.end) for mention in found.mentions]
    assert places == sorted(set(places))
    assert all(paper.text[m.start : m.end] == m.text and 0 <= m.score <= 1 for m in found.mentions)
    types: dict[str, set[str]] = {}
    for mention in found.mentions:
        types.setdefault(mention.name, set()).add(str(mention.type))
    assert all(len(each) == 1 for each in types.values())
    roles = [ids[claim.object].name for claim in found.claims if not claim.subject]
    assert sorted(roles) == sorted(types)
    for claim in found.claims:
        assert 0 <= claim.score <= 1
        assert claim.start <= ids[claim.object].start < claim.end or claim.subject
        assert claim.subject in ids or not claim.subject


def test_a_paper_is_read(rules: extract.Extractor) -> None:
    (found,) = rules.extract([PAPER])
    check(PAPER, found)
    named = {mention.text: mention.name for mention in found.mentions}
    assert named["LLMs"] == named["Large language models"] == "large language model"
    assert "Zephyrine" in named


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_hostile_text_is_read(rules: extract.Extractor, name: str) -> None:
    check(Paper("p", "A title", HOSTILE[name]), read(rules, HOSTILE[name]))


def test_papers_come_back_in_order(rules: extract.Extractor) -> None:
    papers = [Paper(str(n), f"Title {n}", PAPER.abstract) for n in range(5)]
    assert [found.paper_id for found in rules.extract(papers, batch_size=2)] == list("01234")


def test_the_same_text_gives_the_same_bytes_in_another_process() -> None:
    code = (
        "import json;from kg import extract;from kg.extract.output import to_record;from kg.types import Paper;"
        f"p=Paper('p','T',{PAPER.abstract!r});"
        "print(json.dumps([to_record(p,x) for x in extract.load('rules').extract([p])]))"
    )
    runs = {
        subprocess.run(
            [sys.executable, "-c", code], env={"PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("1", "2")
    }
    assert len(runs) == 1


def test_the_record_is_in_the_guidelines_format(rules: extract.Extractor) -> None:
    (found,) = rules.extract([PAPER])
    record = json.loads(json.dumps(to_record(PAPER, found)))
    names = {concept["name"] for concept in record["concepts"]}
    assert record["id"] == PAPER.id
    for concept in record["concepts"]:
        assert all(form in PAPER.text for form in concept["mentions"])
        assert [PAPER.text[o["start"] : o["end"]] in concept["mentions"] for o in concept["offsets"]]
    assert all(s in names and o in names for s, _, o in record["relations"])
    assert len(record["relations"]) == len(record["relation_evidence"])


def own_pipeline(folder: Path, label: str = "Model") -> Path:
    """A pipeline of somebody else's, saved to a folder: an entity ruler that knows one name."""
    nlp = spacy.blank("en")
    nlp.add_pipe("entity_ruler").add_patterns([{"label": label, "pattern": "Zephyrine"}])
    nlp.to_disk(folder)
    return folder


def test_another_pipelines_concepts_are_all_kept(tmp_path: Path) -> None:
    extractor = extract.load(str(own_pipeline(tmp_path)))
    (found,) = extractor.extract([PAPER])
    check(PAPER, found)
    assert {(m.text, str(m.type)) for m in found.mentions} == {("Zephyrine", "Model")}
    assert len(found.mentions) == PAPER.text.count("Zephyrine")


def test_another_pipelines_label_must_be_ours(tmp_path: Path) -> None:
    extractor = extract.load(str(own_pipeline(tmp_path, "PERSON")))
    with pytest.raises(ExtractError, match="'PERSON' is none of Model, Dataset"):
        list(extractor.extract([PAPER]))


def test_the_fingerprint_follows_the_pipeline(tmp_path: Path) -> None:
    one, other = own_pipeline(tmp_path / "a"), own_pipeline(tmp_path / "b", "Task")
    prints = {extract.fingerprint(str(each)) for each in ("default", "rules", one, other)}
    assert len(prints) == 4
    assert extract.load(str(one)).fingerprint == extract.fingerprint(str(one))


def test_an_unknown_pipeline_is_an_error_of_one_line() -> None:
    with pytest.raises(ExtractError, match="no-such-pipeline: "):
        extract.load("no-such-pipeline")

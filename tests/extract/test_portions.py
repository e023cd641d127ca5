"""Very long texts: cut without loss, and read as one."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg import extract
from kg.extract import portions as cutting
from kg.extract.portions import LONGEST, joined, portions
from kg.types import Claim, Extraction, Mention, Paper
from kg.vocab import ConceptType

SENTENCE = "We introduce Zephyrine, which outperforms BERT on machine translation and on TarnQA. "


@settings(max_examples=30)
@given(st.lists(st.sampled_from([SENTENCE, "word ", "x" * 70_000, "\n", "\u6211\u4eec" * 999]), max_size=900))
def test_portions_lose_nothing_and_say_where_they_stand(pieces: list[str]) -> None:
    text = "".join(pieces)
    found = list(portions(text))
    assert "".join(part[at < 0 or number > 0 :] for number, (at, part) in enumerate(found)) == text
    assert all(len(part) <= LONGEST + 1 for _, part in found)
    assert all(text[at + 1 : at + len(part)] == part[1:] for at, part in found)


def test_a_long_text_is_cut_at_the_end_of_a_sentence() -> None:
    found = [part for _, part in portions(SENTENCE * 3000)]
    assert len(found) == 3
    assert all(part.endswith(". ") for part in found)


def test_a_long_text_is_read_to_its_end_as_one(monkeypatch: pytest.MonkeyPatch) -> None:
    paper = Paper("p", "Zephyrine: machine translation", SENTENCE * 8)
    extractor = extract.load("rules")
    (whole,) = extractor.extract([paper])
    monkeypatch.setattr(cutting, "LONGEST", 250)
    monkeypatch.setattr("kg.extract.extractor.LONGEST", 250)
    short = Paper("q", "Machine translation", "We study machine translation.")
    found, other = extractor.extract([paper, short])
    assert other.paper_id == "q"
    assert {m.start for m in found.mentions if m.text == "Zephyrine"} == {
        m.start for m in whole.mentions if m.text == "Zephyrine"
    }
    assert all(paper.text[m.start : m.end] == m.text for m in found.mentions)
    names = {m.id: m.name for m in found.mentions}
    said = [names[claim.object] for claim in found.claims if not claim.subject]
    assert sorted(said) == sorted(set(names.values()))
    assert all(
        claim.start <= int(claim.object.rpartition("=")[2].partition(",")[0]) < claim.end
        for claim in found.claims
        if not claim.subject
    )


def test_one_concept_has_one_type_in_all_portions() -> None:
    def part(start: int, type_: ConceptType, score: float) -> Extraction:
        found = Mention("p", start, start + 4, "BERT", "BERT", type_, "tagger", score)
        return Extraction(
            "p", (found,), (Claim("p", "", "uses", found.id, start, start + 9, "roles", score),)
        )

    whole = joined([part(0, ConceptType.TASK, 0.5), part(50, ConceptType.MODEL, 0.9)])
    assert [mention.type for mention in whole.mentions] == [ConceptType.MODEL, ConceptType.MODEL]
    assert [claim.start for claim in whole.claims] == [50]

"""What a paper's short names stand for in that paper."""

from __future__ import annotations

import pytest

from kg.link import link
from kg.link.within import full_names
from kg.types import Judgement, Mention
from kg.vocab import ConceptType

DATASET, SOFTWARE, MODEL = ConceptType.DATASET, ConceptType.SOFTWARE, ConceptType.MODEL


def at(start, name, type_=DATASET):
    return Mention("p", start, start + len(name), name, name, type_, "hand", 0.9)


@pytest.mark.parametrize(
    ("mentions", "found"),
    [
        # a noun that says what kind of thing it is, the short name by itself elsewhere
        ([at(0, "GAIA Search", SOFTWARE), at(90, "GAIA", SOFTWARE)], {"GAIA": "GAIA Search"}),
        # a short name that stands only inside the longer one
        (
            [at(0, "KoQuiz"), at(0, "KoQuiz Hard"), at(50, "KoQuiz"), at(50, "KoQuiz Hard")],
            {"KoQuiz": "KoQuiz Hard"},
        ),
        # of another type; a thing built from it; two longer names; no coined name; a number
        ([at(0, "CLIP Search", SOFTWARE), at(90, "CLIP", MODEL)], {}),
        ([at(0, "Llama Guard", MODEL), at(90, "Llama", MODEL)], {}),
        ([at(0, "GAIA Search", SOFTWARE), at(40, "GAIA Hub", SOFTWARE), at(90, "GAIA", SOFTWARE)], {}),
        ([at(0, "text corpus"), at(90, "text")], {}),
        ([at(0, "Llama", MODEL), at(0, "Llama 2", MODEL)], {}),
    ],
)
def test_a_coined_name_and_the_noun_that_belongs_to_it(mentions, found):
    assert full_names(mentions) == found


def test_the_words_of_an_abbreviated_term_name_it_but_not_an_artefact():
    def long(name, text, type_):
        return Mention("p", 0, len(text), text, name, type_, "hand", 0.9)

    terms = [long("RL", "reinforcement learning", ConceptType.METHOD)]
    assert full_names(terms) == {"RL": "reinforcement learning"}
    assert full_names([long("SST", "Stanford Sentiment Treebank", DATASET)]) == {}


def test_a_person_can_keep_a_coined_name_and_the_longer_one_apart():
    found = [at(0, "GAIA Search", SOFTWARE), at(90, "GAIA", SOFTWARE)]
    apart = [Judgement("GAIA Search", "gaia", "different", "Ada", "2026-01-01")]
    assert len({each.concept_id for each in link(found).links}) == 1
    assert len({each.concept_id for each in link(found, judgements=apart).links}) == 2

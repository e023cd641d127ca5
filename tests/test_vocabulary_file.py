"""The shipped vocabulary is sound SKOS, and says of well-known concepts what everybody knows of them."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from functools import cache
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from kg.text import normal_form, spelling_key
from kg.vocab import ONTOLOGY, VOCABULARY, ConceptType

if TYPE_CHECKING:
    from pathlib import Path

SKOS = "http://www.w3.org/2004/02/skos/core#"
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
SOURCE = "http://purl.org/dc/terms/source"
HOMEPAGE = "http://xmlns.com/foaf/0.1/homepage"
AT_LEAST = {
    "Model": 250,
    "Dataset": 250,
    "Method": 350,
    "Task": 150,
    "Metric": 70,
    "Software": 70,
    "Topic": 150,
}


class Scheme:
    """The file's triples as subject, predicate, values; IRIs of the vocabulary are cut to their local names."""

    def __init__(self, text: bytes) -> None:
        self.rows: defaultdict[str, defaultdict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        self.languages: Counter[tuple[str, str, str]] = Counter()
        for triple in ox.parse(text, format=ox.RdfFormat.TURTLE):
            subject, predicate = short(triple.subject.value), triple.predicate.value
            self.rows[subject][predicate].append(short(triple.object.value))
            if isinstance(triple.object, ox.Literal):
                self.languages[subject, predicate, triple.object.language or ""] += 1

    @property
    def concepts(self) -> list[str]:
        return [name for name, row in self.rows.items() if SKOS + "Concept" in row[TYPE]]

    def of(self, concept: str, term: str) -> list[str]:
        return self.rows[concept][SKOS + term]

    def labels(self, concept: str) -> list[str]:
        return self.of(concept, "prefLabel") + self.of(concept, "altLabel")

    def above(self, concept: str) -> set[str]:
        """Every concept more general than this one, however far up; itself too where broader goes in a ring."""
        found: set[str] = set()
        todo = [concept]
        while todo:
            new = [above for above in self.of(todo.pop(), "broader") if above not in found]
            found.update(new)
            todo.extend(new)
        return found

    @cache  # noqa: B019  # one scheme a session
    def called(self, name: str) -> str:
        """The one concept with this prefLabel or altLabel."""
        (concept,) = {concept for concept in self.concepts if name in self.labels(concept)}
        return concept


def short(iri: str) -> str:
    return iri.removeprefix(VOCABULARY)


@pytest.fixture(scope="session")
def scheme(root: Path) -> Scheme:
    return Scheme((root / "data" / "vocabulary.ttl").read_bytes())


def test_there_are_enough_concepts_of_every_type(scheme: Scheme):
    types = Counter(
        type_.removeprefix(ONTOLOGY) for concept in scheme.concepts for type_ in scheme.rows[concept][TYPE]
    )
    assert len(scheme.concepts) >= 1250
    assert {name: types[name] for name in AT_LEAST if types[name] < AT_LEAST[name]} == {}


def test_every_concept_has_one_type_of_ours_and_lies_in_the_scheme(scheme: Scheme):
    ours = {type_.iri for type_ in ConceptType}
    for concept in scheme.concepts:
        types = set(scheme.rows[concept][TYPE]) - {SKOS + "Concept"}
        assert len(types) == 1, concept
        assert types <= ours, concept
        assert scheme.of(concept, "inScheme") == [""], concept
    assert SKOS + "ConceptScheme" in scheme.rows[""][TYPE]


def test_names_of_iris_are_plain(scheme: Scheme):
    assert [name for name in scheme.concepts if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name)] == []


def test_one_preferred_label_and_one_definition_each_in_english(scheme: Scheme):
    for concept in scheme.concepts:
        assert len(scheme.of(concept, "prefLabel")) == len(scheme.of(concept, "definition")) == 1, concept
    assert {language for _, _, language in scheme.languages} == {"en"}


def test_definitions_are_one_sentence(scheme: Scheme):
    for concept in scheme.concepts:
        (text,) = scheme.of(concept, "definition")
        assert re.fullmatch(r"\S.{8,}[^.\s]\.", text), f"{concept}: {text}"
        assert not re.search(r"[.?!] [A-Z]", text), f"{concept}: {text}"
        assert text[0].isupper() or not text[0].isalpha(), f"{concept}: {text}"


@pytest.mark.parametrize("form", [str.casefold, normal_form, spelling_key])
def test_no_label_names_two_concepts(scheme: Scheme, form):
    owners = defaultdict(set)
    for concept in scheme.concepts:
        for label in scheme.labels(concept):
            owners[form(label)].add(concept)
    assert {label: names for label, names in owners.items() if len(names) > 1} == {}


def test_the_labels_of_a_concept_differ_and_are_clean(scheme: Scheme):
    for concept in scheme.concepts:
        labels = scheme.labels(concept) + scheme.of(concept, "hiddenLabel")
        assert len(labels) == len(set(labels)), concept
        assert [
            label for label in labels if label != " ".join(label.split()) or not spelling_key(label)
        ] == []


def test_a_candidate_is_no_other_concepts_label(scheme: Scheme):
    """A hidden label may stand for several concepts; one that is another's own label would never be asked."""
    owners = {label.casefold(): concept for concept in scheme.concepts for label in scheme.labels(concept)}
    for concept in scheme.concepts:
        for label in scheme.of(concept, "hiddenLabel"):
            assert owners.get(label.casefold(), concept) == concept, (concept, label)


def test_broader_and_related_lead_to_concepts_of_the_scheme(scheme: Scheme):
    known = set(scheme.concepts)
    for concept in known:
        assert set(scheme.of(concept, "broader") + scheme.of(concept, "related")) <= known, concept


def test_broader_has_no_ring_and_ends_at_a_top(scheme: Scheme):
    for concept in scheme.concepts:
        assert concept not in scheme.above(concept), concept
        top = scheme.of(concept, "topConceptOf") == [""]
        assert top != bool(scheme.of(concept, "broader")), concept


def test_related_concepts_are_not_in_one_line(scheme: Scheme):
    for concept in scheme.concepts:
        for other in scheme.of(concept, "related"):
            assert other not in scheme.above(concept), (concept, other)
            assert concept not in scheme.above(other), (concept, other)


def test_links_are_papers_and_home_pages(scheme: Scheme):
    paper = re.compile(r"https://(arxiv\.org/abs/(\d{4}\.\d{4,5}|[a-z\-]+/\d{7})|doi\.org/10\.\d{4,}/\S+)")
    sources = [link for concept in scheme.concepts for link in scheme.rows[concept][SOURCE]]
    pages = [link for concept in scheme.concepts for link in scheme.rows[concept][HOMEPAGE]]
    assert len(sources) >= 100
    assert [link for link in sources if not paper.fullmatch(link)] == []
    assert [link for link in pages if not link.startswith("https://") or "arxiv.org/abs" in link] == []
    assert len(pages) == len(set(pages))


def test_concepts_stand_in_the_order_of_their_names(root: Path):
    text = (root / "data" / "vocabulary.ttl").read_text(encoding="utf-8")
    names = re.findall(r"^v:(\S+) a skos:Concept", text, re.MULTILINE)
    assert names == sorted(names)


@pytest.mark.parametrize(
    ("narrow", "wide"),
    [
        ("RoPE", "positional encoding"),
        ("YaRN", "positional encoding"),
        ("YaRN", "RoPE"),
        ("RLHF", "fine-tuning"),
        ("RLHF", "alignment"),
        ("LLaMA", "large language model"),
        ("Llama 2", "LLaMA"),
        ("Code Llama", "code language model"),
        ("MATH", "mathematical reasoning benchmark"),
        ("LoRA", "parameter-efficient fine-tuning"),
        ("GPT-4", "large language model"),
        ("Faster R-CNN", "object detector"),
        ("AdamW", "optimization algorithm"),
        ("PPO", "reinforcement learning"),
        ("visual question answering", "question answering"),
        ("BLEU", "evaluation metric"),
    ],
)
def test_what_is_a_kind_of_what(scheme: Scheme, narrow: str, wide: str):
    assert scheme.called(wide) in scheme.above(scheme.called(narrow))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("rotary position embedding", "RoPE"),
        ("reinforcement learning from human feedback", "RLHF"),
        ("chain-of-thought prompting", "CoT"),
        ("reinforcement learning", "RL"),
        ("large language model", "LLM"),
        ("k-nearest neighbors", "kNN"),
        ("simultaneous localization and mapping", "SLAM"),
    ],
)
def test_two_names_of_one_concept(scheme: Scheme, one: str, other: str):
    assert scheme.called(one) == scheme.called(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("MATH", "mathematics"),
        ("GPT-3", "GPT-4"),
        ("LLaMA", "Llama 2"),
        ("Llama 2", "Code Llama"),
        ("RoPE", "YaRN"),
        ("language model", "large language model"),
        ("hallucination", "factuality"),
        ("prompting", "prompt tuning"),
    ],
)
def test_two_concepts(scheme: Scheme, one: str, other: str):
    assert scheme.called(one) != scheme.called(other)


@pytest.mark.parametrize(
    ("short_form", "candidates"),
    [
        ("AR", {"augmented reality", "autoregressive model"}),
        ("MAE", {"mean absolute error", "masked autoencoder"}),
        ("SAM", {"Segment Anything Model", "sharpness-aware minimization"}),
        ("LDA", {"latent Dirichlet allocation", "linear discriminant analysis"}),
    ],
)
def test_an_ambiguous_abbreviation_is_a_candidate_of_each(
    scheme: Scheme, short_form: str, candidates: set[str]
):
    holders = {concept for concept in scheme.concepts if short_form in scheme.of(concept, "hiddenLabel")}
    assert holders >= {scheme.called(name) for name in candidates}
    assert not [concept for concept in scheme.concepts if short_form in scheme.labels(concept)]

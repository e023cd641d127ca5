"""Names become concepts: what is one, what stays apart, what each is called."""

from __future__ import annotations

import random

import pytest

from kg.link import Entry, Vocabulary, link
from kg.types import Judgement
from kg.vocab import ConceptType

from .invented import mentions, uses


def linked(*rows, vocabulary=None, judgements=()):
    made = mentions([row for group in rows for row in group])
    return made, link(made, vocabulary, judgements)


def concept_of(made, result, form, paper=None):
    """The concept that the first mention with this form was linked to."""
    links = {each.mention_id: each for each in result.links}
    concepts = {each.id: each for each in result.concepts}
    mention = next(each for each in made if each.text == form and paper in (None, each.paper_id))
    return concepts[links[mention.id].concept_id]


def one(left, right, type_="Method", other=None, **options):
    made, result = linked(
        uses(left, type_, papers=3), uses(right, other or type_, papers=2, first=5), **options
    )
    return concept_of(made, result, left).id == concept_of(made, result, right).id


@pytest.mark.parametrize(
    ("left", "right", "type_"),
    [
        ("pre-training", "pretraining", "Method"),
        ("language model", "Language Models", "Model"),
        ("optimisation", "optimization", "Topic"),
        ("LLM agents", "Large Language Model (LLM) agents", "Model"),
        ("robotic manipulation", "robot manipulation", "Task"),
        ("LLaMA-7B", "LLaMA", "Model"),
        ("Llama 2 7B/13B", "Llama-2", "Model"),
        ("Pythia 410M", "Pythia", "Model"),
        ("Qwen2.5-72B-Instruct", "Qwen2.5", "Model"),
        ("BERT-base", "BERT", "Model"),
        ("Adam optimizer", "Adam", "Method"),
        ("KITTI dataset", "KITTI", "Dataset"),
        ("YCB-Video dataset", "YCB-Video", "Dataset"),
        ("BLEU", "bleu", "Metric"),
        ("LLMs", "llms", "Model"),
        ("Lasso", "LASSO", "Method"),
        ("LASSO", "lasso", "Method"),
        ("LLaMA", "Llama", "Model"),
        ("ViT", "vit", "Model"),
        ("NumPy", "numpy", "Software"),
        ("kNN", "KNN", "Method"),
        ("DoF", "DOF", "Topic"),
        ("RLHF", "reinforcement learning from human feedback", "Method"),
        ("RLHF", "Reinforcement Learning with Human Feedback", "Method"),
        ("dialogue systems", "dialog systems", "Model"),
        ("human judgements", "human judgment", "Metric"),
        ("quadruped robot", "quadrupedal robot", "Topic"),
        ("disentanglement", "disentangling", "Topic"),
        ("particle filter", "particle filtering", "Method"),
        ("finite element", "finite element method", "Method"),
    ],
)
def test_one_concept(left, right, type_):
    assert one(left, right, type_)


@pytest.mark.parametrize(
    ("left", "right", "type_", "other"),
    [
        ("LLaMA", "Llama 2", "Model", "Model"),
        ("Llama 2", "Code Llama", "Model", "Model"),
        ("GPT-3", "GPT-4", "Model", "Model"),
        ("GPT-3.5", "GPT-3", "Model", "Model"),
        ("CIFAR-10", "CIFAR-100", "Dataset", "Dataset"),
        ("MATH", "math", "Dataset", "Topic"),
        ("mAP", "map", "Metric", "Topic"),
        ("mAP", "MAP", "Metric", "Method"),
        ("mAP", "MAP", "Metric", "Metric"),
        ("RoPE", "rope", "Method", "Topic"),
        ("CoT", "cot", "Method", "Topic"),
        ("SoC", "SOC", "Topic", "Topic"),
        ("PaLM", "palm", "Model", "Topic"),
        ("graph model", "graphical model", "Model", "Model"),
        ("person detection", "personality detection", "Task", "Task"),
        ("social robot", "social robotics", "Topic", "Topic"),
        ("Bayesian network", "Bayesian model", "Model", "Model"),
        ("generalization", "generation", "Task", "Topic"),
        ("structured prediction", "structure prediction", "Task", "Task"),
        ("Markov model", "Markov network", "Model", "Model"),
        ("NLP", "NLP models", "Topic", "Model"),
        ("3D object detection", "3D object detection models", "Task", "Model"),
        ("language model", "large language model", "Model", "Model"),
        ("language model", "language modeling", "Model", "Task"),
        ("supervised learning", "unsupervised learning", "Method", "Method"),
        ("symmetric encryption", "asymmetric encryption", "Method", "Method"),
        ("FPS", "FP", "Metric", "Metric"),
        ("AR", "augmented reality", "Topic", "Topic"),
        ("ModelNet10", "ModelNet40", "Dataset", "Dataset"),
        ("RoPE", "YaRN", "Method", "Method"),
        ("planner", "planning", "Model", "Task"),
        ("PointNet", "Pointer Net", "Model", "Model"),
    ],
)
def test_two_concepts(left, right, type_, other):
    assert not one(left, right, type_, other)


def test_an_abbreviation_follows_the_definition_in_its_own_text_and_stays_alone_in_doubt():
    made, result = linked(
        uses("zig zag transport", "Method", "zig zag transport", "ZZT", papers=4),
        uses("zebra zoo toolkit", "Software", "zebra zoo toolkit", "ZZT", papers=3, first=10),
        uses("ZZT", "Method", papers=2, first=20),
    )
    assert concept_of(made, result, "ZZT", "p000").name == "zig zag transport"
    assert concept_of(made, result, "ZZT", "p010").name == "zebra zoo toolkit"
    assert concept_of(made, result, "ZZT", "p020").name == "ZZT"
    assert "ZZT" in concept_of(made, result, "zebra zoo toolkit").aliases


def test_an_abbreviation_that_most_papers_define_alike_needs_no_definition():
    made, result = linked(
        uses("zig zag transport", "Method", "zig zag transport", "ZZT", papers=9),
        uses("ZZT", "Method", papers=2, first=20),
    )
    alone = concept_of(made, result, "ZZT", "p020")
    assert alone.name == "zig zag transport"
    detail = next(each.detail for each in result.links if each.mention_id.startswith("p020"))
    assert "ZZT" in detail
    assert "define" in detail


def test_an_ambiguous_abbreviation_is_read_by_the_papers_other_concepts():
    rows = []
    for number in range(12):
        rows += uses("quick quilt", "Method", "quick quilt", "QQX", first=number)
        rows += uses("fabric", "Topic", first=number) + uses("thread", "Topic", first=number)
        rows += uses("quantum quark", "Topic", "quantum quark", "QQX", first=50 + number)
        rows += uses("particle", "Topic", first=50 + number) + uses("collider", "Topic", first=50 + number)
    for number in range(100, 140):
        rows += uses("weather", "Topic", first=number)
    rows += uses("QQX", "Topic", first=200) + uses("particle", "Topic", first=200)
    rows += uses("collider", "Topic", first=200)
    rows += uses("QQX", "Topic", first=201) + uses("weather", "Topic", first=201)
    made, result = linked(rows)
    assert concept_of(made, result, "QQX", "p200").name == "quantum quark"
    assert concept_of(made, result, "QQX", "p201").name == "QQX"


def test_a_word_with_two_meanings_in_the_vocabulary_is_read_by_the_papers_other_concepts():
    known = Vocabulary.of(
        [
            Entry("v:power", "power transformer", ConceptType.TOPIC, candidates=("transformer",)),
            Entry("v:model", "transformer model", ConceptType.MODEL, candidates=("transformer",)),
        ]
    )
    rows = []
    for number in range(12):
        rows += uses("power transformer", "Topic", first=number)
        rows += uses("voltage", "Topic", first=number) + uses("grid", "Topic", first=number)
        rows += uses("transformer model", "Model", first=50 + number)
        rows += uses("token", "Topic", first=50 + number) + uses("attention", "Topic", first=50 + number)
    for number in range(100, 140):
        rows += uses("weather", "Topic", first=number)
    for number, others in enumerate((("voltage", "grid"), ("token", "attention"), ("weather",))):
        rows += uses("transformer", "Topic", first=200 + number)
        rows += [row for other in others for row in uses(other, "Topic", first=200 + number)]
    made, result = linked(rows, vocabulary=known)
    assert concept_of(made, result, "transformer", "p200").name == "power transformer"
    assert concept_of(made, result, "transformer", "p201").name == "transformer model"
    assert concept_of(made, result, "transformer", "p202").name == "transformer"


def test_the_order_of_papers_changes_nothing():
    rows = [
        *uses("LLaMA", "Model", papers=4),
        *uses("LLaMA-7B", "Model", first=9),
        *uses("GAN", "Model", first=3),
    ]
    rows += [
        *uses("generative adversarial network", "Model", "GANs", papers=5, first=20),
        *uses("gan", "Model", first=7),
    ]
    made = mentions(rows)
    papers = sorted({each.paper_id for each in made})
    expected = link(made)
    for seed in range(3):
        random.Random(seed).shuffle(papers)
        assert link([each for paper in papers for each in made if each.paper_id == paper]) == expected


def test_a_concept_is_called_as_most_papers_call_it_in_full_and_singular():
    made, result = linked(
        uses("RL", "Method", papers=9),
        uses("reinforcement learning", "Method", papers=2, first=20),
        uses("Models of Things", "Model", first=30),
        uses("neural networks", "Model", papers=3, first=40),
        uses("LLaMA-7B", "Model", first=50),
    )
    assert concept_of(made, result, "RL").name == "reinforcement learning"
    assert concept_of(made, result, "neural networks").name == "neural network"
    assert concept_of(made, result, "LLaMA-7B").name == "LLaMA"


def test_the_type_is_what_most_papers_say_and_ids_are_unique():
    made, result = linked(
        uses("planning", "Task", papers=5),
        uses("planning", "Method", papers=2, first=8),
        uses("C++", "Software"),
        uses("C", "Software", first=1),
    )
    assert concept_of(made, result, "planning").type is ConceptType.TASK
    ids = [each.id for each in result.concepts]
    assert len(ids) == len(set(ids)) == 3
    assert ids == sorted(ids)


def test_a_release_and_a_derived_model_have_their_family_above_them():
    made, result = linked(
        uses("LLaMA", "Model", papers=2),
        uses("Llama 2", "Model", first=5),
        uses("Code Llama", "Model", first=7),
    )
    family = concept_of(made, result, "LLaMA").id
    assert concept_of(made, result, "Llama 2").broader == (family,)
    assert concept_of(made, result, "Code Llama").broader == (family,)
    assert concept_of(made, result, "LLaMA").broader == ()


def vocabulary():
    return Vocabulary.of(
        [
            Entry("https://v.test/pe", "positional encoding", ConceptType.METHOD),
            Entry(
                "https://v.test/rope",
                "rotary position embedding",
                ConceptType.METHOD,
                alternatives=("RoPE", "rotary embedding"),
                broader=("https://v.test/pe",),
                definition="Positions as rotations.",
            ),
            Entry("https://v.test/unseen", "unseen thing", ConceptType.TOPIC),
        ],
        titles=("test",),
    )


def test_a_vocabulary_names_types_joins_and_orders():
    made, result = linked(
        uses("RoPE", "Model", papers=3), uses("Rotary Embeddings", "Topic", first=8), vocabulary=vocabulary()
    )
    found = concept_of(made, result, "RoPE")
    assert found == concept_of(made, result, "Rotary Embeddings")
    assert (found.name, found.type) == ("rotary position embedding", ConceptType.METHOD)
    assert found.same_as == ("https://v.test/rope",)
    assert found.definition == "Positions as rotations."
    above = next(each for each in result.concepts if each.id == found.broader[0])
    assert above.name == "positional encoding"
    assert {each.concept_id for each in result.links} == {found.id}
    source = result.coverage.sources[0]
    assert (source.concepts, source.matched, source.unseen, source.ambiguous) == (3, 1, 2, 0)
    assert source.matched_examples == ("rotary position embedding",)


def test_a_label_of_two_concepts_goes_by_type_or_is_reported():
    words = Vocabulary.of(
        [
            Entry("https://v.test/a", "zed", ConceptType.MODEL),
            Entry("https://v.test/b", "zed", ConceptType.TOPIC),
            Entry("https://v.test/c", "zum", ConceptType.TOPIC),
            Entry("https://v.test/d", "zum", ConceptType.TOPIC),
        ],
        titles=("test",),
    )
    made, result = linked(uses("zed", "Topic"), uses("zum", "Topic", first=1), vocabulary=words)
    assert concept_of(made, result, "zed").same_as == ("https://v.test/b",)
    assert concept_of(made, result, "zum").same_as == ()
    assert result.coverage.sources[0].ambiguous_examples == ("zum",)


def test_two_vocabularies_concepts_of_one_name_are_one_and_the_first_names_it():
    words = Vocabulary.of(
        [
            Entry("https://v.test/1", "Zed Method", ConceptType.METHOD, source=0),
            Entry("https://w.test/1", "zed method", ConceptType.TOPIC, source=1),
        ],
        titles=("one", "two"),
    )
    made, result = linked(uses("zed methods", "Topic"), vocabulary=words)
    found = concept_of(made, result, "zed methods")
    assert found.same_as == ("https://v.test/1", "https://w.test/1")
    assert (found.name, found.type) == ("Zed Method", ConceptType.METHOD)


def decided(verdict, left, right="", line=1):
    return Judgement(left, right, verdict, "Ada", "2026-02-01", line=line)


def test_people_decide_before_all_else():
    assert one("foo", "bar", judgements=[decided("same", "foo", "bar")])
    assert not one("LLaMA-7B", "LLaMA", "Model", judgements=[decided("different", "LLaMA-7B", "LLaMA")])


def test_a_decision_for_two_does_not_come_back_through_a_third():
    made, result = linked(
        uses("RoPE", "Method"),
        uses("rotary embedding", "Method", first=1),
        vocabulary=vocabulary(),
        judgements=[decided("different", "RoPE", "rotary embedding")],
    )
    assert concept_of(made, result, "RoPE").id != concept_of(made, result, "rotary embedding").id


def test_rename_retype_and_broader():
    made, result = linked(
        uses("foo", "Method"),
        uses("bar", "Method", first=1),
        judgements=[
            decided("rename", "foo", "Foo Fighter", 1),
            decided("retype", "foo", "Software", 2),
            decided("broader", "foo", "bar", 3),
        ],
    )
    found = concept_of(made, result, "foo")
    assert (found.id, found.name, found.type) == ("software-foo-fighter", "Foo Fighter", ConceptType.SOFTWARE)
    assert "foo" in found.aliases
    assert found.broader == (concept_of(made, result, "bar").id,)
    assert [each.concepts for each in result.decisions] == [
        ("software-foo-fighter",),
        ("software-foo-fighter",),
        ("method-bar", "software-foo-fighter"),
    ]


def test_a_blocked_name_is_no_concept_and_an_unused_decision_is_reported():
    _, result = linked(
        uses("results", "Topic", papers=3),
        uses("foo", "Method", first=9),
        judgements=[decided("block", "Result"), decided("same", "never", "seen", 2)],
    )
    assert [each.name for each in result.concepts] == ["foo"]
    assert len(result.links) == 1
    assert "never" in result.issues[0].message
    assert [bool(each.concepts) for each in result.decisions] == [False, False]


def test_a_terms_abbreviation_goes_by_the_words_that_its_paper_gives():
    made, result = linked(
        uses("QLP", "Method", "quick leap planning", "QLP"),
        uses("quick leap planning", "Method", first=1),
        uses("ZAP", "Model", "Zed And Pad", "ZAP", first=2),
    )
    assert concept_of(made, result, "QLP").name == "quick leap planning"
    assert concept_of(made, result, "QLP").id == concept_of(made, result, "quick leap planning", "p001").id
    assert concept_of(made, result, "ZAP").name == "ZAP"


def test_a_decision_finds_a_name_by_another_form_of_it():
    made, result = linked(
        uses("quick leap planning", "Method", "quick leap planning", "QLeaP"),
        judgements=[decided("rename", "QLeaP", "Leaping")],
    )
    assert concept_of(made, result, "QLeaP").name == "Leaping"

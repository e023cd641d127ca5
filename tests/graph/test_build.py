"""What the graph says of a small invented corpus."""

from __future__ import annotations

import math
import os
import random
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from invented import write_store

from kg.errors import UnknownNameError
from kg.graph import build, build_from, concept_key, gaps, paper_key, path, related
from kg.store import Store
from kg.vocab import Role

if TYPE_CHECKING:
    from pathlib import Path

    from kg.graph import KnowledgeGraph

HERON, TIDEMARK, EGRET, PRUNING, DRIFT, ALONE = (f"paper-{n}" for n in range(6))


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.open(write_store(tmp_path / "kg.sqlite"), readonly=True)


@pytest.fixture
def graph(store: Store) -> KnowledgeGraph:
    return build(store)


def test_an_edge_carries_the_strongest_role_and_all_sentences(graph: KnowledgeGraph) -> None:
    edge = next(e for e in graph.edges_of_paper(HERON) if e.concept_id == "model-heron")
    assert edge.role is Role.INTRODUCES
    assert [graph.sentence(s) for s in edge.evidence] == [
        "We present Heron, a language model.",
        "Heron is trained on Tidemark.",
    ]
    assert edge.weight == 0.9  # as sure as its surest mention


def test_an_edge_without_mentions_weighs_as_much_as_its_statements_are_sure(store: Store) -> None:
    graph = build_from(store.papers(), store.concepts(), store.statements())
    assert graph.edges_of_paper(HERON)[0].weight == pytest.approx(1 - 0.1 * 0.1)


def test_what_is_only_mentioned_weighs_half(graph: KnowledgeGraph) -> None:
    edge = next(e for e in graph.edges_of_paper(HERON) if e.concept_id == "model-language-model")
    assert (edge.role, edge.weight) == (Role.MENTIONS, 0.45)


def test_a_link_lists_its_concepts_and_the_rare_one_counts_most(graph: KnowledgeGraph) -> None:
    link = next(link for link in related(graph, HERON) if link.right == EGRET)
    shares = {share.concept_id: share.weight for share in link.shared}
    assert list(shares) == ["model-heron", "dataset-tidemark", "model-language-model"]
    assert shares["model-language-model"] < 0.01 < shares["dataset-tidemark"]
    assert sum(shares.values()) == pytest.approx(link.weight, abs=1e-5)


def test_a_concept_that_all_papers_share_makes_no_link(tmp_path: Path) -> None:
    texts = {f"Title {n}": "A [mentions|Model|language model|language model]." for n in range(3)}
    graph = build(Store.open(write_store(tmp_path / "kg.sqlite", texts), readonly=True))
    assert graph.paper_links == ()


def test_an_unlinked_paper_is_in_the_graph(graph: KnowledgeGraph) -> None:
    assert related(graph, ALONE) == []
    assert paper_key(ALONE) in graph.position
    assert any(community.papers == (ALONE,) for community in graph.communities)


def test_relations_carry_their_sentence(graph: KnowledgeGraph) -> None:
    said = {(r.subject, str(r.relation), r.object): graph.sentence(r.evidence[0]) for r in graph.relations}
    assert said["model-heron", "trained_on", "dataset-tidemark"] == "Heron is trained on Tidemark."


def test_a_path_goes_through_what_few_share(graph: KnowledgeGraph) -> None:
    steps = path(graph, HERON, DRIFT)
    assert [(e.paper_id, e.concept_id) for e in steps] == [
        (HERON, "model-language-model"),
        (DRIFT, "model-language-model"),
    ]
    assert [e.concept_id for e in path(graph, HERON, "metric-drift")] == [
        "method-salt-pruning",
        "method-salt-pruning",
        "metric-drift",
    ]


def test_no_path_to_what_stands_alone(graph: KnowledgeGraph) -> None:
    assert path(graph, HERON, ALONE) == []
    assert path(graph, HERON, HERON) == []


def test_unknown_ids_are_named(graph: KnowledgeGraph) -> None:
    with pytest.raises(UnknownNameError, match="no-such-paper"):
        related(graph, "no-such-paper")
    with pytest.raises(UnknownNameError, match="nowhere"):
        path(graph, HERON, "nowhere")


def test_communities_cover_each_paper_once_and_are_named(graph: KnowledgeGraph) -> None:
    members = [paper for community in graph.communities for paper in community.papers]
    assert sorted(members) == sorted(graph.papers)
    assert graph.community[paper_key(HERON)] == graph.community[paper_key(EGRET)]
    first = graph.communities[graph.community[paper_key(HERON)]]
    assert "Tidemark" in first.name
    assert "language model" not in first.name


def test_importance_sums_to_one_for_papers_and_ranks_what_many_use(graph: KnowledgeGraph) -> None:
    assert sum(graph.importance[paper_key(p)] for p in graph.papers) == pytest.approx(1, abs=1e-4)
    ranked = {c: graph.importance[concept_key(c)] for c in graph.concepts}
    assert ranked["dataset-tidemark"] > ranked["model-egret"]


def test_every_node_has_a_place_of_its_own(graph: KnowledgeGraph) -> None:
    assert len(set(graph.position.values())) == len(graph.papers) + len(graph.concepts)


def test_the_graph_does_not_depend_on_the_order_of_its_input(store: Store, graph: KnowledgeGraph) -> None:
    parts = [list(store.papers()), list(store.concepts()), list(store.statements())]
    for part in parts:
        random.Random(1).shuffle(part)
    assert build_from(*parts, store.presence()) == graph
    assert build_from(*parts, store.presence()).position == graph.position


def test_the_graph_does_not_depend_on_the_hash_seed(store: Store) -> None:
    code = (
        "import sys; from pathlib import Path; from kg.store import Store; from kg.graph import build;"
        "g = build(Store.open(Path(sys.argv[1]), readonly=True));"
        "print(g.position, g.paper_links, g.concept_links, g.communities, g.importance)"
    )
    said = {
        subprocess.run(
            [sys.executable, "-c", code, str(store.path)],
            env=os.environ | {"PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(said) == 1


def test_networkx_gets_every_edge_with_its_evidence(graph: KnowledgeGraph) -> None:
    out = graph.to_networkx()
    assert out.number_of_nodes() == len(graph.papers) + len(graph.concepts)
    role = out.edges[paper_key(HERON), concept_key("dataset-tidemark")]
    assert (role["kind"], role["role"], len(role["evidence"])) == ("role", "uses", 1)
    assert out.edges[paper_key(HERON), paper_key(EGRET)]["shared"][0] == "model-heron"
    assert out.edges[concept_key("model-egret"), concept_key("model-heron")]["relations"] == (
        ("model-egret", "outperforms", "model-heron"),
    )


def test_an_empty_store_is_an_empty_graph() -> None:
    graph = build_from([], [], [])
    assert (graph.papers, graph.edges, graph.communities, gaps(graph)) == ({}, (), (), [])


def test_papers_without_concepts_are_a_graph() -> None:
    from kg.types import Paper

    graph = build_from([Paper("a", "A"), Paper("b", "B")], [], [])
    assert len(graph.communities) == 2
    assert len(set(graph.position.values())) == 2


def test_a_gap_is_close_and_never_together(tmp_path: Path) -> None:
    texts = {
        "One": "[uses|Method|salting|Salting] with [studies|Topic|brine|brine].",
        "Two": "[uses|Method|salting|Salting] again with [studies|Topic|brine|brine].",
        "Three": "[studies|Task|drying|Drying] needs [studies|Topic|brine|brine].",
        "Four": "[uses|Method|smoking|Smoking] for [studies|Task|drying|drying].",
    } | {f"Peat {n}": "[studies|Topic|peat|Peat] alone." for n in range(4)}
    graph = build(Store.open(write_store(tmp_path / "kg.sqlite", texts), readonly=True))
    (gap,) = gaps(graph)
    assert (gap.left, gap.right, gap.via) == ("method-salting", "task-drying", ("topic-brine",))
    assert (gap.left_papers, gap.right_papers) == (("paper-0", "paper-1"), ("paper-2", "paper-3"))
    near = {frozenset((link.left, link.right)): link.weight for link in graph.concept_links}
    joined = [near[frozenset(("topic-brine", end))] for end in ("method-salting", "task-drying")]
    assert gap.score == pytest.approx(joined[0] * joined[1] / math.log(1 + 2), abs=1e-5)


def test_a_graph_is_laid_out_only_when_a_picture_is_asked_for(tmp_path, monkeypatch):
    from kg.graph import picture

    with Store.open(write_store(tmp_path / "kg.sqlite"), readonly=True) as store:
        graph, other = build(store), build(store)
        places = graph.position
        monkeypatch.setattr(picture, "layout", lambda *_: 1 / 0)
        assert related(other, "paper-0")
        assert path(other, "paper-0", "paper-1")
        assert other.to_networkx().number_of_nodes()
        with pytest.raises(ZeroDivisionError):
            _ = other.position
        monkeypatch.undo()
        assert other.position == places

"""The graph above its sizes, on made matrices: blocks, strongest neighbours, communities, places."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from scipy import sparse

from kg.graph import projection
from kg.graph.backbone import representatives, significance
from kg.graph.community import by_size, communities
from kg.graph.layout import layout
from kg.graph.model import Edge
from kg.graph.projection import concept_links, incidence, paper_links
from kg.graph.rank import pagerank
from kg.vocab import Role


def random_edges(papers: int, concepts: int, each: int, seed: int = 3) -> list[Edge]:
    draw = np.random.default_rng(seed)
    weights = 1 / np.arange(1, concepts + 1)
    weights /= weights.sum()
    return [
        Edge(f"p{p:04}", f"c{c:04}", Role.USES, 1.0, ())
        for p in range(papers)
        for c in sorted(draw.choice(concepts, each, replace=False, p=weights).tolist())
    ]


def names(letter: str, n: int) -> list[str]:
    return [f"{letter}{i:04}" for i in range(n)]


def test_blocks_give_what_one_product_gives(monkeypatch: pytest.MonkeyPatch) -> None:
    grid = incidence(names("p", 400), names("c", 500), random_edges(400, 500, 6))
    whole = paper_links(grid), concept_links(grid)
    monkeypatch.setattr(projection, "BLOCK", 37)
    assert (paper_links(grid), concept_links(grid)) == whole


def test_above_the_size_each_paper_keeps_its_strongest_links(monkeypatch: pytest.MonkeyPatch) -> None:
    grid = incidence(names("p", 400), names("c", 500), random_edges(400, 500, 6))
    kept = {(link.left, link.right): link.weight for link in paper_links(grid)}
    monkeypatch.setattr(projection, "KEEP_ALL", 10_000)
    every = {(link.left, link.right): link.weight for link in paper_links(grid)}
    assert kept.items() <= every.items()
    for paper in names("p", 40):
        mine = sorted((w for pair, w in every.items() if paper in pair), reverse=True)
        have = [w for pair, w in kept.items() if paper in pair]
        assert len(have) >= min(10, len(mine))
        assert sorted(have, reverse=True)[:10] == mine[:10]


def test_a_concept_in_too_many_papers_makes_no_link_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(projection, "COMMON", 50)
    edges = random_edges(400, 500, 6)
    common = {c for c in names("c", 500) if sum(e.concept_id == c for e in edges) > 50}
    links = paper_links(incidence(names("p", 400), names("c", 500), edges))
    assert common
    assert all({share.concept_id for share in link.shared} - common for link in links)
    assert any({share.concept_id for share in link.shared} & common for link in links)


def planted(groups: int, size: int) -> nx.Graph:
    return nx.planted_partition_graph(groups, size, 0.5, 0.01, seed=4)


def test_louvain_finds_planted_groups_as_well_as_networkx() -> None:
    graph = planted(8, 25)
    member = communities(sparse.csr_array(nx.to_scipy_sparse_array(graph, dtype=float)))
    ours = [set(np.flatnonzero(member == c).tolist()) for c in np.unique(member)]
    theirs = nx.community.louvain_communities(graph, seed=1)
    assert nx.community.modularity(graph, ours) >= nx.community.modularity(graph, theirs) - 0.01
    assert by_size(member).max() + 1 == len(ours)


def test_pagerank_is_networkx_pagerank() -> None:
    graph = nx.barabasi_albert_graph(60, 2, seed=2)
    ours = pagerank(sparse.csr_array(nx.to_scipy_sparse_array(graph, dtype=float)))
    theirs = nx.pagerank(graph, tol=1e-10)
    assert ours == pytest.approx([theirs[n] for n in graph], abs=1e-6)


def test_the_layout_keeps_groups_together_and_nodes_apart() -> None:
    links = sparse.csr_array(nx.to_scipy_sparse_array(planted(4, 20), dtype=float))
    place = layout(links, links, np.repeat(np.arange(4), 20), np.arange(80))
    centre = place.reshape(4, 20, 2).mean(axis=1)
    nearest = np.linalg.norm(place[:, None] - centre, axis=2).argmin(axis=1)
    assert (nearest == np.repeat(np.arange(4), 20)).mean() > 0.9
    apart = np.linalg.norm(place[:, None] - place, axis=2) + np.eye(80) * 9
    assert apart.min() > 0.2


def test_nodes_that_are_no_landmarks_stand_by_their_neighbours() -> None:
    graph = nx.path_graph(30)
    links = sparse.csr_array(nx.to_scipy_sparse_array(graph, dtype=float))
    landmarks = np.arange(0, 30, 3)
    among = sparse.csr_array(nx.to_scipy_sparse_array(nx.path_graph(10), dtype=float))
    place = layout(links, among, np.zeros(30, dtype=int), landmarks)
    assert len(np.unique(place, axis=0)) == 30
    for node in range(1, 29, 3):
        assert np.linalg.norm(place[node] - place[node - 1]) <= 1.5


def test_representatives_come_from_each_community_in_proportion() -> None:
    importance, member = np.arange(100, dtype=float), np.repeat([0, 1], [80, 20])
    chosen = representatives(importance, member, 10)
    assert (member[chosen] == 0).sum() == 8
    assert chosen.tolist() == [*range(72, 80), 98, 99]


def test_the_disparity_filter_finds_the_heavy_link_of_a_busy_node() -> None:
    left, right = np.zeros(6, dtype=int), np.arange(1, 7)
    p = significance(left, right, np.array([10, 1, 1, 1, 1, 1.0]), 7)
    assert p[0] == pytest.approx((1 - 10 / 15) ** 5)
    assert p[0] < 0.05 < p[1]

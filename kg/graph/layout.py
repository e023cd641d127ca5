"""Where nodes stand in the picture: computed once, the same each time.

The most important nodes are laid out by forces; the rest, too many for forces and for the eye, stand by those
of their neighbours that are placed. So a picture of any size takes a few seconds.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import connected_components

LANDMARKS: Final = 1500  # nodes laid out by forces
SEED: Final = 20
WORK: Final = 2e8  # pairs of nodes times steps: two or three seconds
GOLDEN: Final = float(np.pi * (3 - np.sqrt(5)))
GRAVITY: Final = 0.05
COHESION: Final = 0.3
EVEN: Final = 0.5
SPRING: Final = 0.5


def layout(links: Any, among: Any, member: np.ndarray, landmarks: np.ndarray) -> np.ndarray:
    """Positions (n x 2, about one unit between neighbours) of the nodes of a symmetric weight matrix.

    `member` is each node's community, whose nodes are drawn together; `landmarks` are the indices of the
    nodes that are laid out by forces, `among` the weights between these. Their components are laid out apart,
    the largest first and the others in rows below it, so that lone nodes don't shrink the rest to a dot.
    """
    positions = np.zeros((links.shape[0], 2))
    if len(landmarks):
        positions[landmarks] = _components(among, member[landmarks])
        _beside(positions, links, landmarks)
    return positions.round(3)


def _components(links: Any, member: np.ndarray) -> np.ndarray:
    count, part = connected_components(links, directed=False)
    order = np.argsort(-np.bincount(part, minlength=count), kind="stable")
    groups = [np.flatnonzero(part == number) for number in order]
    placed = [
        _spread(_even(_forces(sparse.csr_array(links[group][:, group]), member[group]))) for group in groups
    ]
    positions = np.zeros((links.shape[0], 2))
    for group, place in zip(groups, _packed(placed), strict=True):
        positions[group] = place
    return positions


def _forces(links: Any, member: np.ndarray) -> np.ndarray:
    """Springs and charges, cooled: Fruchterman and Reingold (1991), with the roots of weights as the springs'
    strength, a pull to the middle and one to the middle of each node's community; nodes with many links push
    harder (Jacomy et al. 2014, ForceAtlas2), so that there is room around them.
    """
    _, group, size = np.unique(member, return_inverse=True, return_counts=True)
    n = links.shape[0]
    if n == 1:
        return np.zeros((1, 2))
    mass = (1 + np.log1p(np.diff(links.indptr) / 8)).astype(np.float32)
    place = _spiral(n).astype(np.float32)
    place += np.random.default_rng(SEED).normal(scale=0.1, size=(n, 2)).astype(np.float32)
    edges = sparse.coo_array(links)
    root = np.sqrt(edges.data)
    pull = (root / root.mean()).astype(np.float32)[:, np.newaxis]
    steps = int(min(500, max(60, WORK / max(n * n, 1))))
    for heat in np.linspace(max(n, 4) ** 0.5 / 4, 0.02, steps, dtype=np.float32):
        force = _charges(place, mass) - GRAVITY * place
        apart = place[edges.col] - place[edges.row]
        springs = apart * pull * SPRING
        for axis in (0, 1):
            middle = np.bincount(group, place[:, axis]) / size
            force[:, axis] += np.bincount(edges.row, springs[:, axis], n)
            force[:, axis] += COHESION * (middle[group] - place[:, axis])
        length = np.maximum(np.linalg.norm(force, axis=1, keepdims=True), 1e-6)
        place += force / length * np.minimum(length, heat)
    return place.astype(float)


def _charges(place: np.ndarray, mass: np.ndarray) -> np.ndarray:
    """Each node's push away from every other, the product of their masses / distance."""
    across, down = (place[:, np.newaxis, axis] - place[:, axis] for axis in (0, 1))
    inverse = mass[:, np.newaxis] * mass / np.maximum(across * across + down * down, np.float32(1e-3))
    return np.stack(((across * inverse).sum(axis=1), (down * inverse).sum(axis=1)), axis=1)


def _even(place: np.ndarray) -> np.ndarray:
    """The same picture with its crowded middle opened and its far ends drawn in.

    Each node's distance from the middle is half what it was and half what would fill a disc evenly.
    """
    away = place - np.median(place, axis=0)
    distance = np.linalg.norm(away, axis=1)
    even = np.sqrt((np.argsort(np.argsort(distance, kind="stable")) + 0.5) / len(place)) * distance.max()
    factor = np.divide(even, distance, out=np.ones_like(distance), where=distance > 0)
    return np.asarray(away * (EVEN * factor + 1 - EVEN)[:, np.newaxis])


def _spread(place: np.ndarray) -> np.ndarray:
    """The same picture, its scale such that a typical node is one unit from the nearest other."""
    if len(place) < 2:
        return np.zeros_like(place)
    square = ((place[:, np.newaxis] - place) ** 2).sum(axis=2)
    np.fill_diagonal(square, np.inf)
    return np.asarray((place - place.mean(axis=0)) / max(np.median(np.sqrt(square.min(axis=1))), 1e-3))


def _packed(parts: list[np.ndarray]) -> list[np.ndarray]:
    """The first part in the middle, the others in rows below it that are as wide as it is."""
    margin = 2.0
    lower = parts[0].min(axis=0), parts[0].max(axis=0)
    left, width = lower[0][0], max(np.ptp(parts[0][:, 0]), 4 * margin * len(parts) ** 0.5)
    x, y, tallest = left, lower[1][1] + 2 * margin, 0.0
    placed = [parts[0]]
    for part in parts[1:]:
        size = np.ptp(part, axis=0)
        if x > left and x + size[0] > left + width:
            x, y, tallest = left, y + tallest + margin, 0.0
        placed.append(part - part.min(axis=0) + (x, y))
        x, tallest = x + size[0] + margin, max(tallest, size[1])
    return placed


def _beside(positions: np.ndarray, links: Any, landmarks: np.ndarray) -> None:
    """Put the rest at the weighted mean of their placed neighbours, a step aside; in rounds, from near to
    far.
    """
    placed = np.zeros(len(positions), dtype=bool)
    placed[landmarks] = True
    aside = _spiral(len(positions))
    aside /= np.maximum(np.linalg.norm(aside, axis=1, keepdims=True), 1e-9)
    while not placed.all():
        weight = links @ placed.astype(float)
        new = ~placed & (weight > 0)
        if not new.any():
            positions[~placed] = positions[landmarks].max(axis=0) + aside[~placed]
            return
        mean = (links @ (positions * placed[:, np.newaxis]))[new] / weight[new, np.newaxis]
        positions[new] = mean + aside[new]
        placed |= new


def _spiral(n: int) -> np.ndarray:
    """n points evenly over a disc, in order from its middle (Vogel's sunflower)."""
    at = np.arange(n)
    radius = np.sqrt(at + 0.5)
    return np.stack((radius * np.cos(at * GOLDEN), radius * np.sin(at * GOLDEN)), axis=1)

"""The kinds of small models over candidates: boosted trees, a network, curves and thresholds, as arrays."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.exceptions import ConvergenceWarning
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression
from sklearn.neural_network import MLPClassifier

from kg.extract.models import Calibration, Forest, Net, softmax

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

FOLDS, SEED = 3, 7
DEPTH = 4


def folds(count: int) -> np.ndarray:
    """The fold of each of `count` texts."""
    return np.random.default_rng(SEED).permutation(count) % FOLDS


def boosted(
    x: np.ndarray,
    y: np.ndarray,
    classes: int,
    rounds: int,
    rate: float,
    rising: Mapping[int, int] | None = None,
) -> Forest:
    """Gradient-boosted trees as arrays; one class means yes or no. `rising` names features with which the
    probability may only rise (1) or fall (-1).
    """
    model = HistGradientBoostingClassifier(
        max_iter=rounds, learning_rate=rate, max_depth=DEPTH, max_leaf_nodes=None, min_samples_leaf=30,
        l2_regularization=5.0, max_features=0.5, random_state=SEED,
        monotonic_cst=rising and [rising.get(k, 0) for k in range(x.shape[1])],
    ).fit(x, y)  # fmt: skip
    assert len(model.classes_) == max(classes, 2)
    trees = [(tree, k) for stage in model._predictors for k, tree in enumerate(stage)]
    arrays = [_heap(tree.nodes) for tree, _ in trees]
    return Forest(
        *(np.array(part) for part in zip(*arrays, strict=True)),
        of=np.array([k for _, k in trees]),
        base=np.ravel(model._baseline_prediction),
    )


def _heap(nodes: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A tree as a full heap: a leaf above the last level is repeated below."""
    feature = np.zeros(2**DEPTH - 1, dtype=np.int64)
    threshold = np.full(2**DEPTH - 1, np.inf)
    leaf = np.zeros(2**DEPTH)

    def fill(place: int, node: int) -> None:
        if place >= 2**DEPTH - 1:
            leaf[place - (2**DEPTH - 1)] = nodes[node]["value"]
            return
        if nodes[node]["is_leaf"]:
            fill(2 * place + 1, node), fill(2 * place + 2, node)
            return
        feature[place], threshold[place] = nodes[node]["feature_idx"], nodes[node]["num_threshold"]
        fill(2 * place + 1, nodes[node]["left"]), fill(2 * place + 2, nodes[node]["right"])

    fill(0, 0)
    return feature, threshold, leaf


def perceptron(x: np.ndarray, y: np.ndarray, members: int, epochs: int, units: int, alpha: float) -> Net:
    """Several networks with one hidden layer each, side by side."""
    mean, scale = x.mean(axis=0), 1 / np.maximum(x.std(axis=0), 1e-3)
    standard = np.clip((x - mean) * scale, -5, 5).astype(np.float32)
    warnings.simplefilter("ignore", ConvergenceWarning)  # the number of epochs is ours to choose
    fitted = [
        MLPClassifier((units,), alpha=alpha, batch_size=512, learning_rate_init=1e-3, max_iter=epochs,
                      n_iter_no_change=epochs, random_state=SEED + member).fit(standard, y)
        for member in range(members)
    ]  # fmt: skip
    arrays = [
        mean, scale,
        np.concatenate([each.coefs_[0] for each in fitted], axis=1),
        np.concatenate([each.intercepts_[0] for each in fitted]),
        np.concatenate([each.coefs_[1] for each in fitted]) / members,
        np.mean([each.intercepts_[1] for each in fitted], axis=0),
    ]  # fmt: skip
    return Net(*(np.asarray(array, np.float32) for array in arrays))


def curve(raw: np.ndarray, right: np.ndarray, points: int = 40) -> Calibration:
    """A rising curve of at most `points` points through what was right."""
    fitted = IsotonicRegression(y_min=0.005, y_max=0.995, out_of_bounds="clip").fit(raw, right)
    grid = np.unique(np.quantile(raw, np.linspace(0, 1, points)))
    return Calibration(grid, fitted.predict(grid))


def shift(odds: np.ndarray, right: np.ndarray) -> tuple[float, float]:
    """Slope and offset under which log-odds are calibrated (Platt scaling)."""
    fitted = LogisticRegression(C=1e6).fit(odds[:, None], right)
    return float(fitted.coef_[0, 0]), float(fitted.intercept_[0])


def platt(slope: float, offset: float, points: int = 101) -> Calibration:
    """The curve from uncalibrated probabilities to those of shifted log-odds."""
    raw = np.linspace(0.001, 0.999, points)
    return Calibration(raw, 1 / (1 + np.exp(-(slope * np.log(raw / (1 - raw)) + offset))))


def best_threshold(scores: np.ndarray, right: np.ndarray, total: int) -> tuple[float, float]:
    """The threshold with the highest F1, given how many there are to find; and that F1."""
    order = np.argsort(-scores, kind="stable")
    hits = np.cumsum(right[order])
    f1 = 2 * hits / (np.arange(1, len(order) + 1) + total)
    best = int(np.argmax(f1))
    return float(scores[order[best]]), float(f1[best])


def out_of_fold(
    rows: Sequence[np.ndarray],
    targets: Sequence[np.ndarray],
    fit: Callable[[Any, Any], Any],
    predict: Callable[[Any, np.ndarray], np.ndarray],
    fold: np.ndarray,
) -> list[np.ndarray]:
    """Each text's predictions by a model that was fitted on the other folds."""
    found: list[Any] = [None] * len(rows)
    for k in range(FOLDS):
        inside = [i for i in range(len(rows)) if fold[i] != k and len(rows[i])]
        model = fit(np.concatenate([rows[i] for i in inside]), np.concatenate([targets[i] for i in inside]))
        for i in np.flatnonzero(fold == k):
            found[i] = predict(model, rows[i]) if len(rows[i]) else np.zeros((0, 1))
    return found


def temperature(scores: np.ndarray, y: np.ndarray) -> float:
    """The factor on the scores under which the right roles are likeliest."""
    heats = np.arange(0.5, 1.6, 0.05)
    losses = [-np.log(softmax(scores * heat)[np.arange(len(y)), y]).mean() for heat in heats]
    return float(heats[int(np.argmin(losses))])


def relation_limits(scores: np.ndarray, y: np.ndarray, total: int) -> np.ndarray:
    """One threshold a relation, raised and lowered in turn while F1 over all of them rises."""
    limits = np.full(
        scores.shape[1],
        best_threshold(scores.ravel(), (y[:, None] == np.arange(1, scores.shape[1] + 1)).ravel(), total)[0],
    )
    right = y[:, None] == np.arange(1, scores.shape[1] + 1)
    for _ in range(3):
        for k in range(scores.shape[1]):
            limits[k] = _best_limit(scores, right, limits, k, total)
    return limits


def _best_limit(scores: np.ndarray, right: np.ndarray, limits: np.ndarray, k: int, total: int) -> float:
    others = np.arange(len(limits)) != k
    chosen = scores[:, others] >= limits[others]
    hits, said = (chosen & right[:, others]).sum(), chosen.sum()
    grid = np.linspace(0.05, 0.9, 86)
    f1 = [
        2 * (hits + (right[:, k] & (scores[:, k] >= g)).sum()) / (said + (scores[:, k] >= g).sum() + total)
        for g in grid
    ]
    return float(grid[int(np.argmax(f1))])

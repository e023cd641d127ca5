"""Trains what stands on the tagger's candidates: acceptance, roles, relations, and their calibration.

Run: python -m training.claims ANNOTATION_FOLDER [--train OUT_OF_FOLD.jsonl]. The candidates
of the training texts must come from taggers that did not see them; without that file the rules' candidates are
used, and rules.npz written in place of default.npz. Each model is trained on what the one before predicts out of fold. Seeds are fixed.
"""

from __future__ import annotations

import argparse
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.exceptions import ConvergenceWarning
from sklearn.isotonic import IsotonicRegression
from sklearn.neural_network import MLPClassifier

from kg.extract import acceptance, models, relations, roles
from kg.extract.candidates import ROLES
from kg.extract.concepts import TextConcept, resolve
from kg.extract.models import Calibration, Forest, Net
from kg.extract.statistics import FOLDER
from kg.vocab import RELATIONS
from training.claims_data import Example, gold_forms, load, match, norm

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

FOLDS, SEED = 5, 7
DEPTH = 4
LABELS = [str(each) for each in RELATIONS]


def folds(examples: Sequence[Example]) -> np.ndarray:
    """The fold of each text."""
    return np.random.default_rng(SEED).permutation(len(examples)) % FOLDS


def boosted(x: np.ndarray, y: np.ndarray, classes: int, rounds: int, rate: float, seed: int = SEED) -> Forest:
    """Gradient-boosted trees as arrays; one class means yes or no."""
    model = HistGradientBoostingClassifier(
        max_iter=rounds, learning_rate=rate, max_depth=DEPTH, max_leaf_nodes=None, min_samples_leaf=30,
        l2_regularization=5.0, max_features=0.5, random_state=seed,
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
    return Net(
        mean, scale,
        np.array([each.coefs_[0] for each in fitted]), np.array([each.intercepts_[0] for each in fitted]),
        np.array([each.coefs_[1] for each in fitted]), np.array([each.intercepts_[1] for each in fitted]),
    )  # fmt: skip


def curve(raw: np.ndarray, right: np.ndarray, points: int = 40) -> Calibration:
    """A rising curve of at most `points` points through what was right."""
    fitted = IsotonicRegression(y_min=0.005, y_max=0.995, out_of_bounds="clip").fit(raw, right)
    grid = np.unique(np.quantile(raw, np.linspace(0, 1, points)))
    return Calibration(grid, fitted.predict(grid))


def best_threshold(scores: np.ndarray, right: np.ndarray, total: int) -> tuple[float, float]:
    """The threshold with the highest F1, given how many there are to find; and that F1."""
    order = np.argsort(-scores, kind="stable")
    hits = np.cumsum(right[order])
    f1 = 2 * hits / (np.arange(1, len(order) + 1) + total)
    best = int(np.argmax(f1))
    return float(scores[order[best]]), float(f1[best])


def out_of_fold(
    rows: Sequence[np.ndarray], targets: Sequence[np.ndarray], fit: Callable[[Any, Any], Any],
    predict: Callable[[Any, np.ndarray], np.ndarray], fold: np.ndarray,
) -> list[np.ndarray]:
    """Each text's predictions by a model that was fitted on the other folds."""
    found: list[Any] = [None] * len(rows)
    for k in range(FOLDS):
        inside = [i for i in range(len(rows)) if fold[i] != k and len(rows[i])]
        model = fit(np.concatenate([rows[i] for i in inside]), np.concatenate([targets[i] for i in inside]))
        for i in np.flatnonzero(fold == k):
            found[i] = predict(model, rows[i]) if len(rows[i]) else np.zeros((0, 1))
    return found


# --- acceptance


def accept_targets(example: Example) -> np.ndarray:
    """1 for each group that is a gold concept (the better of two that are the same one)."""
    order = sorted(range(len(example.groups)), key=lambda i: -example.groups[i].best.score)
    found = [_forms(example, example.groups[i].places) for i in order]
    matched = match(gold_forms(example), found)
    y = np.zeros(len(order))
    y[[order[i] for i in matched]] = 1
    return y


def _forms(example: Example, places: Sequence[Any]) -> set[str]:
    return {norm(example.text[place.start : place.end]) for place in places}


def fit_accept(x: np.ndarray, y: np.ndarray) -> Forest:
    return boosted(x, y, 1, 250, 0.06)


# --- roles


def concept_targets(example: Example, found: Sequence[TextConcept]) -> dict[int, int]:
    """Found concept to gold concept, by number."""
    return match(gold_forms(example), [_forms(example, one.places) for one in found])


def role_targets(example: Example, found: Sequence[TextConcept]) -> np.ndarray:
    """The gold role's number, or -1 for a concept that isn't gold."""
    matched = concept_targets(example, found)
    names = [ROLES.index(each["role"]) for each in example.gold["concepts"]]
    return np.array([names[matched[i]] if i in matched else -1 for i in range(len(found))], dtype=int)


def fit_role(x: np.ndarray, y: np.ndarray) -> Forest:
    known = y >= 0
    return boosted(x[known], y[known], len(ROLES), 110, 0.06)


def temperature(scores: np.ndarray, y: np.ndarray) -> float:
    """The factor on the scores under which the right roles are likeliest."""
    heats = np.arange(0.5, 1.6, 0.05)
    losses = [-np.log(models.softmax(scores * heat)[np.arange(len(y)), y]).mean() for heat in heats]
    return float(heats[int(np.argmin(losses))])


# --- relations


def relation_targets(example: Example, found: Sequence[TextConcept], pairs: relations.Pairs | None) -> np.ndarray:
    """The gold relation's number plus one of each pair, 0 for none."""
    if pairs is None:
        return np.zeros(0, dtype=int)
    matched = concept_targets(example, found)
    number = {each["name"]: i for i, each in enumerate(example.gold["concepts"])}
    said = {(number[s], number[o]): LABELS.index(r) + 1 for s, r, o in example.gold["relations"]}
    return np.array([
        said.get((matched.get(i, -1), matched.get(j, -1)), 0) for i, j in zip(pairs.subjects, pairs.objects, strict=True)
    ])  # fmt: skip


def fit_relation(x: np.ndarray, y: np.ndarray) -> Net:
    return perceptron(x, y, members=2, epochs=8, units=64, alpha=1e-3)


def relation_limits(scores: np.ndarray, y: np.ndarray, total: int) -> np.ndarray:
    """One threshold a relation, raised and lowered in turn while F1 over all of them rises."""
    limits = np.full(len(LABELS), best_threshold(scores.ravel(), (y[:, None] == np.arange(1, 10)).ravel(), total)[0])
    right = y[:, None] == np.arange(1, len(LABELS) + 1)
    for _ in range(3):
        for k in range(len(LABELS)):
            limits[k] = _best_limit(scores, right, limits, k, total)
    return limits


def _best_limit(scores: np.ndarray, right: np.ndarray, limits: np.ndarray, k: int, total: int) -> float:
    others = np.arange(len(limits)) != k
    chosen = scores[:, others] >= limits[others]
    hits, said = (chosen & right[:, others]).sum(), chosen.sum()
    grid = np.linspace(0.05, 0.9, 86)
    f1 = [
        2 * (hits + (right[:, k] & (scores[:, k] >= g)).sum()) / (said + (scores[:, k] >= g).sum() + total) for g in grid
    ]
    return float(grid[int(np.argmax(f1))])


# --- all of it


def arrays_of(name: str, model: Any) -> dict[str, np.ndarray]:
    return {f"{name}.{field}": getattr(model, field) for field in model.__dataclass_fields__}


def train(examples: list[Example], say: Callable[[str], None] = print) -> dict[str, np.ndarray]:
    """All arrays of the weights file."""
    fold = folds(examples)
    arrays: dict[str, np.ndarray] = {}

    rows = [acceptance.features(each.text, each.groups) if each.groups else np.zeros((0, 1)) for each in examples]
    targets = [accept_targets(each) for each in examples]
    raw = out_of_fold(rows, targets, fit_accept, lambda m, x: models.logistic(m.scores(x))[:, :1], fold)
    flat, right = np.concatenate([r[:, 0] for r in raw]), np.concatenate(targets)
    accept_curve = curve(flat, right)
    total = sum(len(each.gold["concepts"]) for each in examples)
    threshold, f1 = best_threshold(accept_curve(flat), right, total)
    say(f"accept: {len(flat)} groups, recall of candidates {right.sum() / total:.3f}, threshold {threshold:.3f}, F1 {f1:.3f}")
    final = fit_accept(np.concatenate([r for r in rows if len(r)]), right)
    arrays |= arrays_of("accept", final) | arrays_of("accept_curve", accept_curve)
    arrays["accept_limit"] = np.array(threshold)

    found = [accepted(each, accept_curve(r[:, 0]), threshold) for each, r in zip(examples, raw, strict=True)]
    role_rows = [roles.features(e.context, f) if f else np.zeros((0, 1)) for e, f in zip(examples, found, strict=True)]
    role_y = [role_targets(e, f) for e, f in zip(examples, found, strict=True)]
    role_raw = out_of_fold(role_rows, role_y, fit_role, lambda m, x: m.scores(x), fold)
    y = np.concatenate(role_y)
    scores = np.concatenate([r for r in role_raw if len(r)])
    heat = temperature(scores[y >= 0], y[y >= 0])
    say(f"roles: accuracy {(scores.argmax(axis=1) == y)[y >= 0].mean():.3f}, heat {heat:.2f}")
    arrays |= arrays_of("role", fit_role(np.concatenate([r for r in role_rows if len(r)]), y))
    arrays["role_heat"] = np.array(heat)

    readings = [
        [roles.Reading(tuple(row), 0) for row in models.softmax(r * heat)] if len(f) else []
        for r, f in zip(role_raw, found, strict=True)
    ]
    pairs = [relations.pairs(e.context, f, r) for e, f, r in zip(examples, found, readings, strict=True)]
    pair_rows = [p.rows if p else np.zeros((0, 1)) for p in pairs]
    pair_y = [relation_targets(e, f, p) for e, f, p in zip(examples, found, pairs, strict=True)]
    pair_raw = out_of_fold(pair_rows, pair_y, fit_relation, lambda m, x: models.softmax(m.scores(x))[:, 1:], fold)
    y = np.concatenate(pair_y)
    scores = np.concatenate([r for r in pair_raw if len(r)])
    total = sum(len(each.gold["relations"]) for each in examples)
    limits = relation_limits(scores, y, total)
    right = y[:, None] == np.arange(1, len(LABELS) + 1)
    said = scores >= limits
    say(f"relations: {len(y)} pairs, F1 {2 * (said & right).sum() / (said.sum() + total):.3f}")
    near = scores > 0.05
    arrays |= arrays_of("relation", fit_relation(np.concatenate([r for r in pair_rows if len(r)]), y))
    arrays |= arrays_of("relation_curve", curve(scores[near], right[near]))
    arrays["relation_limits"] = limits
    return arrays


def accepted(example: Example, scores: np.ndarray, threshold: float) -> list[TextConcept]:
    chosen = [(one, float(p)) for one, p in zip(example.groups, scores, strict=True) if p >= threshold]
    return resolve(example.text, chosen)


def save(arrays: dict[str, np.ndarray], path: Path) -> None:
    """Write the weights: whole numbers in few bytes, the rest as 32-bit floats."""
    small = {
        name: each.astype(np.int16 if each.dtype.kind == "i" else np.float32) for name, each in sorted(arrays.items())
    }
    np.savez_compressed(path, **small)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("annotation", type=Path)
    parser.add_argument("--train", type=Path, help="candidates of the training texts, out of fold")
    options = parser.parse_args()
    name = "default" if options.train else "rules"
    save(train(load(options.annotation, "train", options.train)), FOLDER / f"{name}.npz")


if __name__ == "__main__":
    main()

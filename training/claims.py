"""Trains what stands on the tagger's candidates: acceptance, roles, relations, and their calibration.

Run: python -m training.claims ANNOTATION_FOLDER [--train FOLD.jsonl ...] [--silver LABELS.jsonl ...]. The
candidates of the training texts must come from taggers that did not see them; beside each FOLD.jsonl lie the
heads of its tagger, FOLD.npz. Without these files the rules' candidates are used, and rules.npz is written in
place of default.npz. Each model is trained on what the one before says out of fold. Seeds are fixed.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from kg.extract import acceptance, models, priors, relations, roles
from kg.extract.concepts import Judged, TextConcept, resolve
from kg.extract.labels import MODEL_FOLDER, refuse_others
from kg.extract.models import Both
from kg.extract.pairs import pairs as pairs_of
from kg.extract.statistics import FOLDER
from kg.extract.weights import read
from training.claims_data import Example, load, read_lines, record
from training.claims_models import (
    best_threshold,
    boosted,
    curve,
    folds,
    out_of_fold,
    perceptron,
    platt,
    relation_limits,
    shift,
    temperature,
)
from training.claims_priors import count, count_silver, vocabulary, write
from training.claims_targets import LABELS, accept_targets, relation_targets, role_targets, type_targets
from training.names import NAMES, ROLES, TYPES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.extract.models import Forest, Net
    from kg.extract.priors import Priors
    from kg.extract.weights import Weights
    from training.claims_priors import Table

VOCABULARY = Path(__file__).resolve().parent.parent / "data" / "vocabulary.ttl"
Arrays = dict[str, np.ndarray]


def fit_accept(x: np.ndarray, y: np.ndarray) -> Forest:
    return boosted(x, y, 1, 150, 0.1, rising=acceptance.RISING)


def fit_type(x: np.ndarray, y: np.ndarray) -> Both:
    return fit_both(x, y, len(TYPES), 45)


def fit_role(x: np.ndarray, y: np.ndarray) -> Both:
    return fit_both(x, y, len(ROLES), 60)


def fit_both(x: np.ndarray, y: np.ndarray, classes: int, rounds: int) -> Both:
    """Trees and networks on the rows whose class is known."""
    x, y = x[y >= 0], y[y >= 0]
    net = perceptron(x, y, members=4, epochs=15, units=32, alpha=1.0)
    return Both(boosted(x, y, classes, rounds, 0.1), net)


def fit_relation(x: np.ndarray, y: np.ndarray) -> Net:
    return perceptron(x, y, members=4, epochs=10, units=64, alpha=1.0)


def arrays_of(name: str, model: Any) -> Arrays:
    return {f"{name}.{field}": getattr(model, field) for field in model.__dataclass_fields__}


def arrays_of_both(name: str, model: Both) -> Arrays:
    return arrays_of(name, model.trees) | arrays_of(f"{name}_net", model.net)


def joined(parts: Sequence[np.ndarray]) -> np.ndarray:
    """The rows of all texts that have any."""
    return np.concatenate([part for part in parts if len(part)])


def train_accept(
    examples: Sequence[Example], fold: np.ndarray, rows: Sequence[np.ndarray]
) -> tuple[Arrays, list[np.ndarray]]:
    """The acceptance model, and its probabilities out of fold."""
    rows = [each[:, : -acceptance.TYPE_ONLY] for each in rows]
    targets = [accept_targets(each) for each in examples]
    raw = out_of_fold(rows, targets, fit_accept, lambda m, x: models.logistic(m.scores(x))[:, :1], fold)
    flat, right = joined(raw)[:, 0], joined(targets)
    total = sum(len(each.gold["concepts"]) for each in examples)
    calibrated = curve(flat, right)
    limit, f1 = best_threshold(calibrated(flat), right, total)
    print(f"accept: {len(flat)} groups, recall {right.sum() / total:.3f}, limit {limit:.3f}, F1 {f1:.3f}")
    arrays = arrays_of("accept", fit_accept(joined(rows), right)) | arrays_of("accept_curve", calibrated)
    return arrays | {"accept_limit": np.array(limit)}, [calibrated(each[:, 0]) for each in raw]


def train_types(
    examples: Sequence[Example], fold: np.ndarray, rows: Sequence[np.ndarray]
) -> tuple[Arrays, list[np.ndarray]]:
    """The types' model, and its probabilities out of fold."""
    targets = [type_targets(each) for each in examples]
    raw = out_of_fold(rows, targets, fit_type, lambda m, x: m.scores(x), fold)
    scores, y = joined(raw), joined(targets)
    heat = temperature(scores[y >= 0], y[y >= 0])
    print(f"types: accuracy {(scores.argmax(axis=1) == y)[y >= 0].mean():.3f}, heat {heat:.2f}")
    arrays = arrays_of_both("type", fit_type(joined(rows), y)) | {"type_heat": np.array(heat)}
    return arrays, [models.softmax(each * heat) if len(each) else each for each in raw]


def accepted(example: Example, scores: np.ndarray, types: np.ndarray, limit: float) -> list[TextConcept]:
    judged = [
        Judged(*each) for each in zip(example.groups, map(float, scores), map(tuple, types), strict=True)
    ]
    return resolve(example.text, [each for each in judged if each.score >= limit])


def train_roles(
    examples: Sequence[Example], found: Sequence[list[TextConcept]], fold: np.ndarray
) -> tuple[Arrays, list[list[roles.Reading]]]:
    """The roles' model, and the roles that it reads out of fold."""
    empty = np.zeros((0, 1))
    rows = [roles.features(e.context, f) if f else empty for e, f in zip(examples, found, strict=True)]
    targets = [role_targets(e, f) for e, f in zip(examples, found, strict=True)]
    raw = out_of_fold(rows, targets, fit_role, lambda m, x: m.scores(x), fold)
    scores, y = joined(raw), joined(targets)
    heat = temperature(scores[y >= 0], y[y >= 0])
    print(f"roles: accuracy {(scores.argmax(axis=1) == y)[y >= 0].mean():.3f}, heat {heat:.2f}")
    arrays = arrays_of_both("role", fit_role(joined(rows), y)) | {"role_heat": np.array(heat)}
    readings = [
        [roles.Reading(tuple(p), 0, int(p.argmax())) for p in models.softmax(r * heat)] if len(r) else []
        for r in raw
    ]
    return arrays, readings


def train_relations(
    examples: Sequence[Example],
    found: Sequence[list[TextConcept]],
    readings: Sequence[list[roles.Reading]],
    fold: np.ndarray,
) -> Arrays:
    """The relations' model."""
    pairs = [pairs_of(e.context, f, r, e.relate) for e, f, r in zip(examples, found, readings, strict=True)]
    rows = [each.rows if each else np.zeros((0, 1)) for each in pairs]
    targets = [relation_targets(e, f, p) for e, f, p in zip(examples, found, pairs, strict=True)]
    raw = out_of_fold(rows, targets, fit_relation, lambda m, x: models.softmax(m.scores(x))[:, 1:], fold)
    raw = [relations.strongest(p, r) if p else r for p, r in zip(pairs, raw, strict=True)]
    scores, y = joined(raw), joined(targets)
    total = sum(len(each.gold["relations"]) for each in examples)
    limits = relation_limits(scores, y, total)
    right = y[:, None] == np.arange(1, len(LABELS) + 1)
    said = scores >= limits
    print(f"relations: {len(y)} pairs, F1 {2 * (said & right).sum() / (said.sum() + total):.3f}")
    arrays = arrays_of("relation", fit_relation(joined(rows), y))
    near = scores > 0.05
    return (
        arrays | arrays_of("relation_curve", curve(scores[near], right[near])) | {"relation_limits": limits}
    )


def train(examples: Sequence[Example], silver: Table, known: Table) -> Arrays:
    """All arrays of the weights file."""
    fold = folds(len(examples))
    rows = feature_rows(examples, fold, silver, known)
    accept, scores = train_accept(examples, fold, rows)
    type_, types = train_types(examples, fold, rows)
    limit = float(accept["accept_limit"])
    found = [accepted(*each, limit) for each in zip(examples, scores, types, strict=True)]
    role, readings = train_roles(examples, found, fold)
    return accept | type_ | role | train_relations(examples, found, readings, fold)


def feature_rows(
    examples: Sequence[Example], fold: np.ndarray, silver: Table, known: Table
) -> list[np.ndarray]:
    """Each text's features, with priors that were counted on the other folds."""
    others = [[e for e, k in zip(examples, fold, strict=True) if k != j] for j in range(fold.max() + 1)]
    seen = [count(each, silver, known) for each in others]
    width = acceptance.features(*next((e.text, e.groups, seen[0]) for e in examples if e.groups)).shape[1]
    return [
        acceptance.features(e.text, e.groups, seen[k]) if e.groups else np.zeros((0, width))
        for e, k in zip(examples, fold, strict=True)
    ]


def adjust(arrays: Arrays, weights: Weights, known: Priors, examples: Sequence[Example]) -> Arrays:
    """The arrays with calibration and thresholds set on texts that no model has seen, teacher included.

    The folds' taggers learnt from a teacher that had seen all training texts, so that what is out of fold is
    still a little too sure. A doubtful name is kept down to the lowest limit that costs at most 0.001 of F1.
    """
    names, odds, right = [], [], []
    for each in (one for one in examples if one.groups):
        rows = acceptance.features(each.text, each.groups, known)[:, : -acceptance.TYPE_ONLY]
        odds.append(weights.accept.scores(rows)[:, 0])
        right.append(accept_targets(each))
        names.append(np.array([acceptance.is_name(each.text, one) for one in each.groups]))
    all_odds, y, is_name = np.concatenate(odds), np.concatenate(right), np.concatenate(names)
    slope, offset = shift(all_odds, y)
    scores = platt(slope, offset)(models.logistic(all_odds))
    total = sum(len(each.gold["concepts"]) for each in examples)
    limit, best = best_threshold(scores, y, total)
    low = limit
    for lower in np.arange(limit, 0.2, -0.01):
        said = scores >= np.where(is_name, lower, limit)
        if 2 * (said & (y > 0)).sum() / (said.sum() + total) >= best - 0.001:
            low = float(lower)
    print(f"adjusted: {slope:.2f} x + {offset:.2f}, limits {limit:.3f}, names {low:.3f}, F1 {best:.3f}")
    return (
        arrays
        | arrays_of("accept_curve", platt(slope, offset))
        | {
            "accept_limit": np.array(limit),
            "accept_limit_named": np.array(low),
        }
    )


def save(arrays: Arrays, path: Path) -> None:
    """Write the weights with their labels: whole numbers in few bytes, the rest as 32-bit floats."""
    np.savez_compressed(
        path,
        **{
            name: each.astype(np.int16 if each.dtype.kind == "i" else np.float32)
            for name, each in sorted(arrays.items())
        },
        **{name: np.array(each) for name, each in NAMES.items()},
    )


def measured_on(annotation: Path) -> set[str]:
    """The ids of the annotated texts, whose labels by the teacher must not count."""
    return {doc["id"] for split in ("train", "dev") for doc in read_lines(annotation / f"{split}.docs.jsonl")}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("annotation", type=Path)
    parser.add_argument("--train", type=Path, nargs="+", help="candidates of the training texts, by fold")
    parser.add_argument("--silver", type=Path, nargs="+", help="the teacher's labels of other texts")
    parser.add_argument("--vocabulary", type=Path, default=VOCABULARY, help="whose types count")
    parser.add_argument("--dev", type=Path, help="candidates of the dev texts, to set limits on")
    parser.add_argument("--predicted", type=Path, help="where to write what is found in the dev texts")
    parser.add_argument("--folder", type=Path, default=FOLDER)
    parser.add_argument("--skip-training", action="store_true", help="only read the dev texts")
    options = parser.parse_args()
    refuse_others(NAMES, MODEL_FOLDER)
    name = "default" if options.train else "rules"
    if not options.skip_training:
        examples = load(options.annotation, "train", options.train)
        silver = (
            count_silver(options.silver, measured_on(options.annotation))
            if options.silver
            else priors.load().silver
        )
        known = vocabulary(options.vocabulary)
        save(train(examples, silver, known), options.folder / f"{name}.npz")
        write(count(examples, silver, known), options.folder / priors.FILE)
    if options.dev:
        path = options.folder / f"{name}.npz"
        examples = load(options.annotation, "dev", [options.dev])
        known = priors.load(options.folder / priors.FILE)
        with np.load(path) as arrays:
            save(adjust(dict(arrays), read(path), known, examples), path)
    if options.predicted:
        weights = read(options.folder / f"{name}.npz")
        known = priors.load(options.folder / priors.FILE)
        examples = load(options.annotation, "dev", [options.dev] if options.dev else None)
        lines = [json.dumps(record(each, weights, known), ensure_ascii=False) + "\n" for each in examples]
        options.predicted.write_text("".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()

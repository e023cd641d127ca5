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
from kg.extract.candidates import ROLES, TYPES
from kg.extract.concepts import Judged, TextConcept, resolve
from kg.extract.statistics import FOLDER
from kg.vocab import RELATIONS
from training.claims_data import Example, gold_forms, load, match, norm, read_lines, record
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
from training.claims_priors import count, count_silver, write

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.extract.models import Forest, Net, Weights
    from kg.extract.priors import Priors
    from training.claims_priors import Table

LABELS = [str(each) for each in RELATIONS]
Arrays = dict[str, np.ndarray]


def accept_targets(example: Example) -> np.ndarray:
    """1 for each group that is a gold concept (the better of two that are the same one)."""
    order = sorted(range(len(example.groups)), key=lambda i: -example.groups[i].best.score)
    matched = match(gold_forms(example), [_forms(example, example.groups[i].places) for i in order])
    y = np.zeros(len(order))
    y[[order[i] for i in matched]] = 1
    return y


def type_targets(example: Example) -> np.ndarray:
    """The gold type's number, or -1 for a group that isn't gold."""
    matched = match(gold_forms(example), [_forms(example, each.places) for each in example.groups])
    names = [TYPES.index(each["type"]) for each in example.gold["concepts"]]
    return np.array(
        [names[matched[i]] if i in matched else -1 for i in range(len(example.groups))], dtype=int
    )


def _forms(example: Example, places: Sequence[Any]) -> set[str]:
    return {norm(example.text[place.start : place.end]) for place in places}


def fit_accept(x: np.ndarray, y: np.ndarray) -> Forest:
    return boosted(x, y, 1, 150, 0.1)


def fit_type(x: np.ndarray, y: np.ndarray) -> Forest:
    known = y >= 0
    return boosted(x[known], y[known], len(TYPES), 45, 0.1)


def fit_role(x: np.ndarray, y: np.ndarray) -> Forest:
    known = y >= 0
    return boosted(x[known], y[known], len(ROLES), 60, 0.1)


def fit_relation(x: np.ndarray, y: np.ndarray) -> Net:
    return perceptron(x, y, members=4, epochs=10, units=64, alpha=1.0)


def concept_targets(example: Example, found: Sequence[TextConcept]) -> dict[int, int]:
    """Found concept to gold concept, by number."""
    return match(gold_forms(example), [_forms(example, one.places) for one in found])


def role_targets(example: Example, found: Sequence[TextConcept]) -> np.ndarray:
    """The gold role's number, or -1 for a concept that isn't gold."""
    matched = concept_targets(example, found)
    names = [ROLES.index(each["role"]) for each in example.gold["concepts"]]
    return np.array([names[matched[i]] if i in matched else -1 for i in range(len(found))], dtype=int)


def relation_targets(
    example: Example, found: Sequence[TextConcept], pairs: relations.Pairs | None
) -> np.ndarray:
    """The gold relation's number plus one of each pair, 0 for none."""
    if pairs is None:
        return np.zeros(0, dtype=int)
    matched = concept_targets(example, found)
    number = {each["name"]: i for i, each in enumerate(example.gold["concepts"])}
    said = {(number[s], number[o]): LABELS.index(r) + 1 for s, r, o in example.gold["relations"]}
    ends = zip(pairs.subjects, pairs.objects, strict=True)
    return np.array([said.get((matched.get(i, -1), matched.get(j, -1)), 0) for i, j in ends])


def arrays_of(name: str, model: Any) -> Arrays:
    return {f"{name}.{field}": getattr(model, field) for field in model.__dataclass_fields__}


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
    arrays = arrays_of("type", fit_type(joined(rows), y)) | {"type_heat": np.array(heat)}
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
    arrays = arrays_of("role", fit_role(joined(rows), y)) | {"role_heat": np.array(heat)}
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
    pairs = [
        relations.pairs(e.context, f, r, e.relate) for e, f, r in zip(examples, found, readings, strict=True)
    ]
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


def train(examples: Sequence[Example], silver: Table) -> Arrays:
    """All arrays of the weights file."""
    fold = folds(len(examples))
    rows = feature_rows(examples, fold, silver)
    accept, scores = train_accept(examples, fold, rows)
    type_, types = train_types(examples, fold, rows)
    limit = float(accept["accept_limit"])
    found = [accepted(*each, limit) for each in zip(examples, scores, types, strict=True)]
    role, readings = train_roles(examples, found, fold)
    return accept | type_ | role | train_relations(examples, found, readings, fold)


def feature_rows(examples: Sequence[Example], fold: np.ndarray, silver: Table) -> list[np.ndarray]:
    """Each text's features, with priors that were counted on the other folds."""
    others = [[e for e, k in zip(examples, fold, strict=True) if k != j] for j in range(fold.max() + 1)]
    known = [count(each, silver) for each in others]
    width = acceptance.features(*next((e.text, e.groups, known[0]) for e in examples if e.groups)).shape[1]
    return [
        acceptance.features(e.text, e.groups, known[k]) if e.groups else np.zeros((0, width))
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
    """Write the weights: whole numbers in few bytes, the rest as 32-bit floats."""
    np.savez_compressed(
        path,
        **{
            name: each.astype(np.int16 if each.dtype.kind == "i" else np.float32)
            for name, each in sorted(arrays.items())
        },
    )


def measured_on(annotation: Path) -> set[str]:
    """The ids of the annotated texts, whose labels by the teacher must not count."""
    return {doc["id"] for split in ("train", "dev") for doc in read_lines(annotation / f"{split}.docs.jsonl")}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("annotation", type=Path)
    parser.add_argument("--train", type=Path, nargs="+", help="candidates of the training texts, by fold")
    parser.add_argument("--silver", type=Path, nargs="+", help="the teacher's labels of other texts")
    parser.add_argument("--dev", type=Path, help="candidates of the dev texts, to set limits on")
    parser.add_argument("--predicted", type=Path, help="where to write what is found in the dev texts")
    parser.add_argument("--folder", type=Path, default=FOLDER)
    parser.add_argument("--skip-training", action="store_true", help="only read the dev texts")
    options = parser.parse_args()
    name = "default" if options.train else "rules"
    if not options.skip_training:
        examples = load(options.annotation, "train", options.train)
        silver = (
            count_silver(options.silver, measured_on(options.annotation))
            if options.silver
            else priors.load().silver
        )
        save(train(examples, silver), options.folder / f"{name}.npz")
        write(count(examples, silver), options.folder / priors.FILE)
    if options.dev:
        path = options.folder / f"{name}.npz"
        examples = load(options.annotation, "dev", [options.dev])
        known = priors.load(options.folder / priors.FILE)
        with np.load(path) as arrays:
            save(adjust(dict(arrays), models.read(path), known, examples), path)
    if options.predicted:
        weights = models.read(options.folder / f"{name}.npz")
        known = priors.load(options.folder / priors.FILE)
        examples = load(options.annotation, "dev", [options.dev] if options.dev else None)
        lines = [json.dumps(record(each, weights, known), ensure_ascii=False) + "\n" for each in examples]
        options.predicted.write_text("".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()

"""Figures of a tagger by the plainest assembling of its spans into concepts, to compare taggers with."""

from __future__ import annotations

import importlib.util
import re
from typing import TYPE_CHECKING, Any

import numpy as np

from training.names import RELATIONS, ROLES, TYPES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path
    from types import ModuleType

    Candidates = list[tuple[int, int, float, tuple[float, ...], tuple[float, ...], np.ndarray]]


def load_score(folder: Path) -> ModuleType:
    """The module score.py that stands beside the annotated files."""
    spec = importlib.util.spec_from_file_location("score", folder / "score.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def norm(form: str) -> str:
    """A form without case, hyphens and a plural's s."""
    plain = re.sub(r"[\s\-_/]+", " ", form.casefold()).strip()
    return re.sub(r"(?<=[a-z]{3})(?<!s)s$", "", plain)


def chosen(candidates: Candidates, threshold: float) -> Candidates:
    """The candidates above the threshold, the better of two that cross or nest."""
    kept: Candidates = []
    for span in sorted(candidates, key=lambda each: -each[2]):
        if span[2] >= threshold and all(span[1] < each[0] or span[0] > each[1] for each in kept):
            kept.append(span)
    return sorted(kept, key=lambda each: each[0])


def groups(text: str, spans: Candidates, starts: list[int], ends: list[int]) -> list[list[int]]:
    """Span numbers by concept: one normal form, or a long form and the short form in the bracket after it."""
    leader: dict[str, str] = {}
    forms = [norm(text[starts[span[0]] : ends[span[1]]]) for span in spans]
    for left, right, long, short in zip(spans, spans[1:], forms, forms[1:], strict=False):
        gap = text[ends[left[1]] : starts[right[0]]]
        initials = "".join(word[0] for word in long.split())
        if gap.strip() == "(" and short and set(short[:2]) <= set(initials + long[:1]):
            leader[short] = leader.get(long, long)
    found: dict[str, list[int]] = {}
    for number, form in enumerate(forms):
        found.setdefault(leader.get(form, form), []).append(number)
    return list(found.values())


def assembled(
    name: str,
    text: str,
    starts: list[int],
    ends: list[int],
    candidates: Candidates,
    relate: Callable[[np.ndarray], np.ndarray],
    threshold: float = 0.5,
    relation_threshold: float = 0.35,
) -> dict[str, Any]:
    """One text's concepts and relations in the format of the annotation."""
    spans = chosen(candidates, threshold)
    concepts, vectors, names = [], [], set()
    for members in groups(text, spans, starts, ends):
        forms = list(dict.fromkeys(text[starts[spans[k][0]] : ends[spans[k][1]]] for k in members))
        label = f"{forms[0]}" if forms[0] not in names else f"{forms[0]} ({len(names)})"
        names.add(label)
        concepts.append(
            {
                "name": label,
                "type": TYPES[int(np.argmax(sum(np.array(spans[k][3]) for k in members)))],
                "role": ROLES[int(np.argmax(sum(np.array(spans[k][4]) for k in members)))],
                "mentions": forms,
            }
        )
        vectors.append(np.mean([spans[k][5] for k in members], axis=0))
    relations = []
    if concepts:
        scores = relate(np.array(vectors, np.float32))
        for s, o in np.ndindex(len(concepts), len(concepts)):
            best = int(np.argmax(scores[s, o]))
            if s != o and scores[s, o, best] >= relation_threshold:
                relations.append([concepts[s]["name"], RELATIONS[best], concepts[o]["name"]])
    return {"id": name, "concepts": concepts, "relations": relations}


def figures(score: ModuleType, gold: dict[str, Any], predicted: Iterable[dict[str, Any]]) -> dict[str, float]:
    """The figures of score.py by short names."""
    k, _, _ = score.score(gold, {each["id"]: each for each in predicted})
    f1 = lambda tp, p, g: round(2 * k[tp] / max(1, k[p] + k[g]), 3)  # noqa: E731
    return {
        "concepts": f1("tp", "pred", "gold"),
        "typed": f1("typed", "pred", "gold"),
        "P": round(k["tp"] / max(1, k["pred"]), 3),
        "R": round(k["tp"] / max(1, k["gold"]), 3),
        "named": round(k["named_tp"] / max(1, k["named"]), 3),
        "introduced": f1("intro_tp", "intro_pred", "intro_gold"),
        "role": round(k["role"] / max(1, k["tp"]), 3),
        "relations": f1("rel_tp", "rel_pred", "rel_gold"),
    }

"""Unlabelled abstracts with a teacher's probabilities: what carries its knowledge over to a small student."""

from __future__ import annotations

import json
import random
from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np

from kg.extract.tagger import encode
from training.data import read_corpus, read_jsonl, text_of, titles, unlabelled
from training.predict import candidates, relate
from training.scoring import chosen, groups

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tokenizers import Tokenizer

    from training.data import Example, Json
    from training.model import TaggerNet

LEAST_SPAN = 0.03
LEAST_LABELLED = 0.2
LEAST_RELATION = 0.03
LATER = 2 / 3  # the later teacher's share in types and roles, which it reads better


def select(shared: Path, n: int, seed: int) -> list[Json]:
    """Draw records from the corpus by the venues of the training texts, without any annotated text.

    A venue's share is that of the training texts, evened out by a square root; the order is the order of
    drawing, so that the first part of the list is a smaller sample of the same kind.
    """
    annotated = [
        doc for split in ("train", "dev") for doc in read_jsonl(shared / "annotation" / f"{split}.docs.jsonl")
    ]
    known, seen = titles(annotated), {doc["id"] for doc in annotated}
    wanted = Counter(doc["venue"] for doc in annotated)
    pool = [
        r
        for r in read_corpus(shared / "corpus" / "abstracts.jsonl.xz")
        if r["venue"] in wanted
        and r["id"] not in seen
        and not titles([r]) & known
        and len(r["abstract"]) > 300
    ]
    have = Counter(r["venue"] for r in pool)
    rng = random.Random(seed)
    weight = {venue: wanted[venue] ** 0.5 / have[venue] for venue in have}
    drawn = sorted(
        pool, key=lambda r: rng.random() ** (1 / (weight[r["venue"]] * recency(r["year"]))), reverse=True
    )
    return drawn[:n]


def recency(year: int) -> float:
    """Later texts count for more: their words are those of the texts to come."""
    return min(4.0, max(0.25, 2.0 ** ((year - 2018) / 3)))


def label(
    net: TaggerNet,
    tokenizer: Tokenizer,
    ids: tuple[int, int, int],
    records: list[Json],
    path: Path,
    earlier: dict[str, Json] | None = None,
) -> None:
    """Append what a teacher says of the records to a file, a line a text, in blocks of like length.

    Where an `earlier` teacher's lines are given by id, what is written is the mean of both for the texts that
    it has labelled.
    """
    for k in range(0, len(records), 64):
        examples = [unlabelled(tokenizer, r["id"], text_of(r))[0] for r in records[k : k + 64]]
        examples.sort(key=lambda each: len(each.pieces))
        with path.open("a", encoding="utf-8") as out:
            for each, spans in candidates(net, examples, ids, 8, LEAST_SPAN):
                known = (earlier or {}).get(each.id)
                both = averaged(spans, known["spans"]) if known else spans
                out.write(json.dumps(silver_line(net, tokenizer, each, both)) + "\n")


def averaged(spans: list[Any], others: list[Any]) -> list[Any]:
    """The mean of what two teachers say of a text's spans, the later one first; what one left out has half of
    what it leaves out. Spans of the other teacher alone come without a vector.
    """
    theirs = {(i, j): (p, t, r) for i, j, p, t, r in others}
    found = []
    for i, j, p, types, roles, vector in spans:
        q, t, r = theirs.pop((i, j), (LEAST_SPAN / 2, types, roles))
        found.append((i, j, (p + q) / 2, mixed(types, t), mixed(roles, r), vector))
    found += [(i, j, (q + LEAST_SPAN / 2) / 2, t, r, None) for (i, j), (q, t, r) in theirs.items()]
    return sorted((each for each in found if each[2] >= LEAST_SPAN), key=lambda each: each[:2])


def mixed(later: Sequence[float], earlier: Sequence[float]) -> list[float]:
    return [LATER * a + (1 - LATER) * b for a, b in zip(later, earlier, strict=True)]


def silver_line(net: TaggerNet, tokenizer: Tokenizer, example: Example, spans: list[Any]) -> Json:
    """One text's soft targets: spans by word, their labels, and relations between concepts of one form."""
    coded = encode(tokenizer, example.text)
    kept = chosen([span for span in spans if span[5] is not None], 0.5)
    clusters = groups(example.text, kept, coded.starts, coded.ends)
    relations = []
    if len(clusters) > 1:
        vectors = np.array(
            [np.mean([kept[k][5] for k in cluster], axis=0) for cluster in clusters], np.float32
        )
        scores = relate(net, vectors)
        relations = [
            [int(s), int(r), int(o), round(float(scores[s, o, r]), 3)]
            for s, o, r in np.argwhere(scores > LEAST_RELATION)
            if s != o
        ]
    return {
        "id": example.id,
        "text": example.text,
        "spans": [
            [i, j, round(p, 3), [round(x, 3) for x in t], [round(x, 3) for x in r]]
            for i, j, p, t, r, _ in spans
        ],
        "concepts": [[list(kept[k][:2]) for k in cluster] for cluster in clusters],
        "relations": relations,
    }


def load(tokenizer: Tokenizer, path: Path) -> list[Example]:
    """The labelled texts as examples with soft targets."""
    return [silver_example(tokenizer, line) for line in read_jsonl(path)]


def silver_example(tokenizer: Tokenizer, line: Json) -> Example:
    example, _, _ = unlabelled(tokenizer, line["id"], line["text"])
    places = {}
    for i, j, score, types, roles in line["spans"]:
        example.soft[i, j] = score
        if score >= LEAST_LABELLED:
            places[i, j] = len(example.spans)
            example.spans.append((i, j))
            example.types.append(types)
            example.roles.append(roles)
    example.concepts = [[places[i, j] for i, j in concept] for concept in line["concepts"]]
    example.relations = {(s, r, o): score for s, r, o, score in line["relations"]}
    return example

"""Figures and cost of exported weights by the plainest assembling.

Run: python -m training.measure --shared ../shared [--model FOLDER]
`kg evaluate` measures the whole pipeline; this tells one set of weights from another.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import numpy as np

from kg.extract.labels import MODEL_FOLDER
from kg.extract.tagger import Tagger, encode
from training.data import read_jsonl, text_of
from training.scoring import assembled, figures, load_score


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--shared", type=Path, default=Path("../shared"))
    parser.add_argument("--model", type=Path, default=MODEL_FOLDER)
    parser.add_argument("--split", default="dev")
    options = parser.parse_args()
    folder = options.shared / "annotation"
    docs = read_jsonl(folder / f"{options.split}.docs.jsonl")
    gold = {each["id"]: each for each in read_jsonl(folder / f"{options.split}.gold.jsonl")}
    tagger, score = Tagger.load(options.model), load_score(folder)
    began = time.process_time()
    tagged = list(tagger.predict(map(text_of, docs)))
    print(f"{1000 * (time.process_time() - began) / len(docs):.1f} ms of CPU an abstract")
    for threshold in (0.3, 0.4, 0.5, 0.6, 0.7):
        found = [
            predicted(tagger, doc, spans.spans, threshold) for doc, spans in zip(docs, tagged, strict=True)
        ]
        print(threshold, figures(score, gold, found))


def predicted(tagger: Tagger, doc: dict[str, str], spans: tuple, threshold: float) -> dict[str, object]:
    """One text's concepts in the annotation's format."""
    text = text_of(doc)
    coded = encode(tagger._tokenizer, text)
    starts, ends = {at: n for n, at in enumerate(coded.starts)}, {at: n for n, at in enumerate(coded.ends)}
    candidates = [
        (starts[s.start], ends[s.end], s.score, s.types, s.roles, np.asarray(s.vector)) for s in spans
    ]
    return assembled(doc["id"], text, coded.starts, coded.ends, candidates, tagger.relate, threshold)


if __name__ == "__main__":
    main()

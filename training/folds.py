"""Candidates of the annotated texts by taggers that haven't seen them: `python -m training.folds`.

What training.claims is fitted on. The student is finished on three quarters of the annotated texts and reads
the fourth, four times (fold0.jsonl to fold3.jsonl); the exported tagger reads the dev texts (dev.jsonl).
Beside each lie the heads of its tagger (.npz).
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch

from kg.extract.labels import MODEL_FOLDER
from kg.extract.tagger import Tagger
from training import bases, silver
from training.data import load_annotated
from training.export import heads
from training.shape import shaped
from training.steps import finish, write_spans
from training.train import HEADS, SEED, STUDENT_LAYERS, UNITS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from training.data import Example
    from training.model import TaggerNet

FOLDS = 4


def saved(base: bases.Base, path: Path) -> TaggerNet:
    """A student of which training.train left the weights."""
    net = shaped(base.net(), UNITS, HEADS)
    net.load_state_dict(torch.load(path, weights_only=True))
    return net


def write(path: Path, net: TaggerNet, examples: Sequence[Example], base: bases.Base) -> None:
    """The examples' candidates, and the heads of the tagger that found them."""
    write_spans(path, net, examples, base.tokenizer(), base.ids())
    np.savez(path.with_suffix(".npz"), **heads(net))


def write_exported(path: Path, folder: Path, examples: Sequence[Example]) -> None:
    """The same of the tagger that ships, from its folder."""
    tagger = Tagger.load(folder)
    with path.open("w", encoding="utf-8") as out:
        for each, found in zip(examples, tagger.predict(each.text for each in examples), strict=True):
            rows = [
                [
                    span.start,
                    span.end,
                    round(span.score, 4),
                    [round(share, 4) for share in span.types],
                    [round(share, 4) for share in span.roles],
                    [round(float(value), 3) for value in span.vector],
                ]
                for span in found.spans
            ]
            out.write(json.dumps({"id": each.id, "spans": rows}) + "\n")
    shutil.copyfile(folder / "heads.npz", path.with_suffix(".npz"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--shared", type=Path, default=Path("../shared"), help="folder with annotation/")
    parser.add_argument(
        "--work", type=Path, default=Path("build/training"), help="where train.py kept its results"
    )
    parser.add_argument("--model", type=Path, default=MODEL_FOLDER, help="where train.py exported to")
    options = parser.parse_args()
    torch.set_num_threads(os.cpu_count() or 1)
    work, folder = options.work, options.shared / "annotation"
    base = bases.minilm(work, STUDENT_LAYERS)
    tokenizer = base.tokenizer()
    gold, soft = (
        load_annotated(tokenizer, folder, "train"),
        silver.load(tokenizer, work / "silver-second.jsonl"),
    )
    for fold in range(FOLDS):
        inside = [each for k, each in enumerate(gold) if k % FOLDS != fold]
        outside = [each for k, each in enumerate(gold) if k % FOLDS == fold]
        net = saved(base, work / "distilled.pt")
        net = finish(net, base.ids(), None, inside, soft, work / f"fold{fold}.pt", seed=SEED)
        write(work / f"fold{fold}.jsonl", net, outside, base)
    write_exported(work / "dev.jsonl", options.model, load_annotated(tokenizer, folder, "dev"))


if __name__ == "__main__":
    main()

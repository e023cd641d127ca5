"""Candidates of the annotated texts by taggers that haven't seen them: `python -m training.folds`.

What training.claims is fitted on. The student is finished on each half of the annotated texts and reads the
other half (fold0.jsonl, fold1.jsonl); the student itself reads the dev texts (dev.jsonl). Beside each lie the
heads of its tagger (.npz).
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch

from training import bases, silver
from training.data import load_annotated
from training.export import heads
from training.prune import shaped
from training.steps import finish, write_spans
from training.train import SEED, STUDENT_LAYERS, UNITS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from training.data import Example
    from training.model import TaggerNet

FOLDS = 2


def saved(base: bases.Base, path: Path) -> TaggerNet:
    """A student of which training.train left the weights."""
    net = shaped(base.net(), UNITS)
    net.load_state_dict(torch.load(path, weights_only=True))
    return net


def write(path: Path, net: TaggerNet, examples: Sequence[Example], base: bases.Base) -> None:
    """The examples' candidates, and the heads of the tagger that found them."""
    write_spans(path, net, examples, base.tokenizer(), base.ids())
    np.savez(path.with_suffix(".npz"), **heads(net))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--shared", type=Path, default=Path("../shared"), help="folder with annotation/")
    parser.add_argument(
        "--work", type=Path, default=Path("build/training"), help="where train.py kept its results"
    )
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
    dev = load_annotated(tokenizer, folder, "dev")
    write(work / "dev.jsonl", saved(base, work / "student.pt"), dev, base)


if __name__ == "__main__":
    main()

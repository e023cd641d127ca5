"""Rebuild the shipped tagger from the shared files: `python -m training.train --shared ../shared`.

A teacher is fitted on the annotated abstracts and labels unlabelled ones with probabilities; a small
student learns from both and is exported. The teacher and its labels are taken from the work folder if
they lie there.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import TYPE_CHECKING

import torch

from kg.extract.tagger import MODEL_FOLDER
from training import bases, silver
from training.data import load_annotated
from training.export import export
from training.steps import Dev, distil, finish, say, train_gold

if TYPE_CHECKING:
    from training.model import TaggerNet

SEED = 1
SILVER_SEED = 7
TEACHER = {"epochs": 3, "size": 6, "rate": 8e-5, "head_rate": 1.5e-3, "seed": SEED}
TEACHER_FROZEN = 6
PORTIONS = (1 / 2, 3 / 4, 1.0)
STUDENT_LAYERS = (0, 1, 3, 5)


def teacher(shared: Path, work: Path) -> tuple[bases.Base, TaggerNet]:
    """The fitted teacher, from the work folder if it is there."""
    base, path = bases.mpnet(work, TEACHER_FROZEN), work / "teacher.pt"
    if path.exists():
        net = base.net()
        net.load_state_dict(torch.load(path, weights_only=True))
        return base, net
    tokenizer, folder = base.tokenizer(), shared / "annotation"
    net = train_gold(base, load_annotated(tokenizer, folder, "train"), Dev(tokenizer, folder), **TEACHER)
    torch.save(net.state_dict(), path)
    return base, net


def silver_file(shared: Path, work: Path, n: int) -> Path:
    """The teacher's labels of n unlabelled abstracts, continued where an earlier run was cut off."""
    path = work / "silver.jsonl"
    done = set()
    if path.exists():
        with path.open(encoding="utf-8") as lines:
            done = {line.split('"', 4)[3] for line in lines}
    records = [record for record in silver.select(shared, n, SILVER_SEED) if record["id"] not in done]
    if records:
        base, net = teacher(shared, work)
        say(f"labelling {len(records)} abstracts")
        silver.label(net, base.tokenizer(), base.ids(), records, path)
    return path


def student(base: bases.Base, folder: Path, labelled: Path, work: Path) -> TaggerNet:
    """The student after the teacher's labels and then the annotated texts."""
    tokenizer, ids = base.tokenizer(), base.ids()
    soft, dev = silver.load(tokenizer, labelled), Dev(tokenizer, folder)
    portions = [int(share * len(soft)) for share in PORTIONS]
    net = distil(base, dev, lambda n: soft[:n], portions, work / "distilled.pt", seed=SEED)
    gold = load_annotated(tokenizer, folder, "train")
    return finish(net, ids, dev, gold, soft, work / "student.pt", seed=SEED)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--shared", type=Path, default=Path("../shared"), help="folder with annotation/ and corpus/"
    )
    parser.add_argument(
        "--work", type=Path, default=Path("build/training"), help="where results of steps are kept"
    )
    parser.add_argument("--out", type=Path, default=MODEL_FOLDER, help="where the shipped files go")
    parser.add_argument("--silver", type=int, default=8192, help="how many unlabelled abstracts are labelled")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    options.work.mkdir(parents=True, exist_ok=True)
    labelled = silver_file(options.shared, options.work, options.silver)
    base = bases.minilm(options.work, STUDENT_LAYERS)
    net = student(base, options.shared / "annotation", labelled, options.work)
    export(net, base.tokenizer(), base.ids(), options.out)


if __name__ == "__main__":
    main()

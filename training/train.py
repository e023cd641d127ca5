"""Rebuild the shipped tagger from the shared files: `python -m training.train --shared ../shared`.

Two teachers are fitted on the annotated abstracts and label unlabelled ones with probabilities; a small
student learns from the first one's labels, is made narrower, learns from the mean of both and then from the
annotated abstracts, and is exported. A step whose result lies in the work folder is not done again.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import TYPE_CHECKING

import torch

from kg.extract.tagger import MODEL_FOLDER
from training import bases, silver
from training.data import load_annotated, read_jsonl
from training.export import export
from training.prune import prune
from training.steps import Dev, distil, finish, say, train_gold

if TYPE_CHECKING:
    from training.model import TaggerNet

SEED = 1
SILVER_SEED = 7
TEACHERS = {
    "first": {"epochs": 3, "size": 6, "rate": 8e-5, "head_rate": 1.5e-3, "seed": 1, "label_weight": 0.5},
    "second": {"epochs": 6, "size": 6, "rate": 5e-5, "head_rate": 1.5e-3, "seed": 2, "label_weight": 1.0},
}
FROZEN = {"first": 6, "second": 2}  # layers that stay as they were pretrained
PORTIONS = (1 / 2, 3 / 4, 1.0)
STUDENT_LAYERS = (0, 1, 3, 5)
UNITS = 1152  # of 1,536 feed-forward units a layer: a tenth of the encoder's time
PRUNED_BY = 256  # texts that decide which


def teacher(name: str, shared: Path, work: Path) -> tuple[bases.Base, TaggerNet]:
    """A fitted teacher, from the work folder if it is there."""
    base, path = bases.mpnet(work, FROZEN[name]), work / f"teacher-{name}.pt"
    if path.exists():
        net = base.net()
        net.load_state_dict(torch.load(path, weights_only=True))
        return base, net
    tokenizer, folder = base.tokenizer(), shared / "annotation"
    annotated = load_annotated(tokenizer, folder, "train")
    net = train_gold(base, annotated, Dev(tokenizer, folder), **TEACHERS[name])
    torch.save(net.state_dict(), path)
    return base, net


def silver_file(name: str, shared: Path, work: Path, n: int, earlier: Path | None = None) -> Path:
    """A teacher's labels of n unlabelled abstracts, or their mean with an earlier teacher's; continued where
    an earlier run was cut off.
    """
    path = work / f"silver-{name}.jsonl"
    done = {line["id"] for line in read_jsonl(path)} if path.exists() else set()
    records = [record for record in silver.select(shared, n, SILVER_SEED) if record["id"] not in done]
    if records:
        base, net = teacher(name, shared, work)
        say(f"labelling {len(records)} abstracts")
        known = {line["id"]: line for line in read_jsonl(earlier)} if earlier else None
        silver.label(net, base.tokenizer(), base.ids(), records, path, known)
    return path


def student(base: bases.Base, folder: Path, first: Path, both: Path, work: Path) -> TaggerNet:
    """The student after the first teacher's labels, both teachers', and then the annotated texts."""
    tokenizer, ids = base.tokenizer(), base.ids()
    soft, dev = silver.load(tokenizer, first), Dev(tokenizer, folder)
    rounds = [soft[: int(share * len(soft))] for share in PORTIONS]
    torch.manual_seed(SEED)
    net = distil(base.net(), ids, dev, rounds, work / "wide.pt", seed=SEED)
    soft = silver.load(tokenizer, both)
    prune(net, soft[:PRUNED_BY], ids, UNITS)
    path = work / "distilled.pt"
    net = distil(net, ids, dev, [soft, soft], path, rate=2.5e-4, head_rate=1.5e-3, seed=2)
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
    first = silver_file("first", options.shared, options.work, options.silver)
    both = silver_file("second", options.shared, options.work, options.silver, first)
    base = bases.minilm(options.work, STUDENT_LAYERS)
    net = student(base, options.shared / "annotation", first, both, options.work)
    export(net, base.tokenizer(), base.ids(), options.out)


if __name__ == "__main__":
    main()

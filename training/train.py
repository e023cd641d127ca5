"""Rebuild the shipped tagger from the shared files: `python -m training.train --shared ../shared`.

Two teachers are fitted on the annotated abstracts and label unlabelled ones with probabilities; a small
student learns from the first one's labels and, made narrower and then deeper, from those of both and from the
annotated abstracts, and is exported. A step whose result lies in the work folder is not done again.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import TYPE_CHECKING

import torch

from kg.extract.labels import MODEL_FOLDER
from training import bases, silver
from training.data import load_annotated, read_jsonl
from training.export import export
from training.rounding import rounding
from training.shape import deepened, prune
from training.smooth import scales
from training.steps import Dev, distil, finish, say, train_gold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from torch import Tensor

    from training.data import Example
    from training.model import TaggerNet

SEED = 1
SILVER_SEED = 7
TEACHERS = {
    "first": {"epochs": 3, "size": 6, "rate": 8e-5, "head_rate": 1.5e-3, "seed": 1, "label_weight": 0.5},
    "second": {"epochs": 6, "size": 6, "rate": 5e-5, "head_rate": 1.5e-3, "seed": 2, "label_weight": 1.0},
}
FROZEN = {"first": 6, "second": 2}  # layers that stay as they were pretrained
SILVER = {"first": 8192, "second": 24_576}  # unlabelled abstracts that each labels
PORTIONS = (1 / 2, 3 / 4, 1.0)
FIRST_LAYERS = (0, 1, 3, 5)  # of MiniLM's six, those that the student begins with
FIRST_UNITS, FIRST_HEADS, FIRST_BOTH = 1152, 12, 6144
STUDENT_LAYERS = (0, 1, 3, 4, 5)
UNITS, HEADS = 960, 6  # of 1,536 feed-forward units and 12 heads a layer
PRUNED_BY = 256  # texts that decide which
SHOWN = 256  # texts that show how large the inputs of the int8 products are


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
    """A teacher's labels of n unlabelled abstracts, or their mean with an earlier teacher's where that has
    labelled them too; continued where an earlier run was cut off.
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


def first_student(base: bases.Base, dev: Dev, first: Path, both: Sequence[Example], work: Path) -> TaggerNet:
    """Four layers after the first teacher's labels, then narrower after some of both teachers'."""
    soft, ids = silver.load(base.tokenizer(), first), base.ids()
    torch.manual_seed(SEED)
    rounds = [soft[: int(share * len(soft))] for share in PORTIONS]
    net = distil(base.net(), ids, dev, rounds, work / "wide.pt", seed=SEED)
    soft = both[:FIRST_BOTH]
    prune(net, soft[:PRUNED_BY], ids, FIRST_UNITS, FIRST_HEADS)
    return distil(net, ids, dev, [soft, soft], work / "narrow.pt", rate=2.5e-4, head_rate=1.5e-3, seed=2)


def student(
    base: bases.Base, folder: Path, first: Path, both: Path, work: Path
) -> tuple[TaggerNet, list[list[Tensor]]]:
    """The student after the first teacher's labels, both teachers', and then the annotated texts, which it
    learns rounding as it will when it is exported; and the scales of its inputs.
    """
    tokenizer, ids = base.tokenizer(), base.ids()
    soft, dev = silver.load(tokenizer, both), Dev(tokenizer, folder)
    net = first_student(bases.minilm(work, FIRST_LAYERS), dev, first, soft, work)
    net = deepened(net, base.net(), [STUDENT_LAYERS.index(layer) for layer in FIRST_LAYERS])
    prune(net, soft[:PRUNED_BY], ids, UNITS, HEADS)
    net = distil(net, ids, dev, [soft] * 3, work / "distilled.pt", head_rate=1.5e-3, seed=3)
    smooth, gold = scales(net, soft[:SHOWN], ids), load_annotated(tokenizer, folder, "train")
    with rounding(net, smooth):
        finish(net, ids, dev, gold, soft, work / "student.pt", seed=SEED)
    return net, smooth


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--shared", type=Path, default=Path("../shared"), help="folder with annotation/ and corpus/"
    )
    parser.add_argument(
        "--work", type=Path, default=Path("build/training"), help="where results of steps are kept"
    )
    parser.add_argument("--out", type=Path, default=MODEL_FOLDER, help="where the shipped files go")
    parser.add_argument("--silver", type=int, help="how many unlabelled abstracts are labelled, at most")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    options.work.mkdir(parents=True, exist_ok=True)
    sizes = {name: min(n, options.silver or n) for name, n in SILVER.items()}
    first = silver_file("first", options.shared, options.work, sizes["first"])
    both = silver_file("second", options.shared, options.work, sizes["second"], first)
    base = bases.minilm(options.work, STUDENT_LAYERS)
    net, smooth = student(base, options.shared / "annotation", first, both, options.work)
    export(net, base.tokenizer(), base.ids(), options.out, smooth)


if __name__ == "__main__":
    main()

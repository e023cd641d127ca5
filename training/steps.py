"""The steps of training, each a function that train.py and the experiments call."""

from __future__ import annotations

import json
import sys
import time
from typing import TYPE_CHECKING, Any

import torch

from training.data import load_annotated, read_jsonl
from training.fit import fit
from training.predict import candidates, relate
from training.scoring import assembled, figures, load_score

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tokenizers import Tokenizer

    from training.bases import Base
    from training.data import Example
    from training.model import TaggerNet


def say(message: str) -> None:
    """Progress, to the terminal."""
    print(time.strftime("%H:%M:%S"), message, file=sys.stderr, flush=True)


class Dev:
    """The measured split: examples once, figures as often as asked."""

    def __init__(self, tokenizer: Tokenizer, folder: Path, split: str = "dev") -> None:
        from kg.extract.tagger import encode

        self.examples = load_annotated(tokenizer, folder, split)
        self.gold = {each["id"]: each for each in read_jsonl(folder / f"{split}.gold.jsonl")}
        self.score = load_score(folder)
        self.places = {}
        for each in self.examples:
            coded = encode(tokenizer, each.text)
            self.places[each.id] = (coded.starts, coded.ends)

    def figures(
        self, net: TaggerNet, ids: tuple[int, int, int], thresholds: Sequence[float] = (0.4, 0.5, 0.6)
    ) -> dict[float, Any]:
        found = list(candidates(net, self.examples, ids))
        table = {}
        for threshold in thresholds:
            docs = [
                assembled(e.id, e.text, *self.places[e.id], spans, lambda v: relate(net, v), threshold)
                for e, spans in found
            ]
            table[threshold] = figures(self.score, self.gold, docs)
        return table


def write_spans(
    path: Path,
    net: TaggerNet,
    examples: Sequence[Example],
    tokenizer: Tokenizer,
    ids: tuple[int, int, int],
    mode: str = "w",
) -> None:
    """Candidates as JSON lines with code-point offsets."""
    from kg.extract.tagger import encode

    with path.open(mode, encoding="utf-8") as out:
        for each, spans in candidates(net, examples, ids):
            coded = encode(tokenizer, each.text)
            rows = [
                [
                    coded.starts[i],
                    coded.ends[j],
                    round(s, 4),
                    [round(x, 4) for x in t],
                    [round(x, 4) for x in r],
                    [round(float(x), 3) for x in v],
                ]
                for i, j, s, t, r, v in spans
            ]
            out.write(json.dumps({"id": each.id, "spans": rows}) + "\n")


def train_gold(
    base: Base,
    train: Sequence[Example],
    dev: Dev | None,
    *,
    epochs: int,
    size: int,
    rate: float,
    head_rate: float,
    seed: int,
    label_weight: float,
) -> TaggerNet:
    """Fit a net on annotated examples alone; types and roles count `label_weight` times in the loss."""
    torch.manual_seed(seed)
    net = base.net()
    ids = base.ids()
    steps = epochs * -(-len(train) // size)

    def after(epoch: int) -> None:
        if dev:
            for threshold, row in dev.figures(net, ids).items():
                say(f"epoch {epoch} threshold {threshold} {row}")

    fit(
        net,
        [train] * epochs,
        steps,
        ids,
        size=size,
        rate=rate,
        head_rate=head_rate,
        seed=seed,
        label_weight=label_weight,
        say=say,
        after=after,
    )
    return net


def distil(
    net: TaggerNet,
    ids: tuple[int, int, int],
    dev: Dev | None,
    rounds: Sequence[Sequence[Example]],
    path: Path,
    *,
    size: int = 8,
    rate: float = 3e-4,
    head_rate: float = 2e-3,
    seed: int = 1,
) -> TaggerNet:
    """Fit a small net on teachers' labels of unlabelled texts alone, a round of them after another."""
    torch.manual_seed(seed)
    fit(
        net,
        rounds,
        sum(-(-len(each) // size) for each in rounds),
        ids,
        size=size,
        rate=rate,
        head_rate=head_rate,
        seed=seed,
        say=say,
        after=lambda epoch: keep(net, path, dev, ids, epoch),
    )
    return net


def finish(
    net: TaggerNet,
    ids: tuple[int, int, int],
    dev: Dev | None,
    gold: list[Example],
    soft: list[Example],
    path: Path,
    *,
    epochs: int = 2,
    size: int = 8,
    rate: float = 1e-4,
    head_rate: float = 5e-4,
    seed: int = 1,
) -> TaggerNet:
    """Go on with the annotated texts, and as many labelled ones so that nothing is forgotten."""
    torch.manual_seed(seed)
    mixed = [gold + soft[k * len(gold) : (k + 1) * len(gold)] for k in range(epochs)]
    steps = sum(-(-len(each) // size) for each in mixed)
    fit(
        net,
        mixed,
        steps,
        ids,
        size=size,
        rate=rate,
        head_rate=head_rate,
        seed=seed,
        say=say,
        after=lambda epoch: keep(net, path, dev, ids, epoch),
    )
    return net


def keep(net: TaggerNet, path: Path, dev: Dev | None, ids: tuple[int, int, int], epoch: int) -> None:
    """Save an epoch's weights and tell its figures."""
    torch.save(net.state_dict(), path)
    if dev:
        for threshold, row in dev.figures(net, ids).items():
            say(f"{path.stem} epoch {epoch} threshold {threshold} {row}")

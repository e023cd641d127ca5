"""The training loop: batches of like length, one loss for hard and soft targets."""

from __future__ import annotations

import random
import time
from typing import TYPE_CHECKING

import torch
from torch.nn import functional as F

from kg.extract.tagger import MAX_WIDTH
from training.names import RELATIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from torch import Tensor

    from training.data import Example
    from training.model import TaggerNet

RELATION_WEIGHT = 0.25


def collate(batch: Sequence[Example], bos: int, eos: int, pad: int) -> dict[str, Tensor]:
    """Padded tensors of a batch; `valid` marks the spans that lie inside their text."""
    length = rounded(max(len(each.pieces) for each in batch) + 2)
    n_words = rounded(max(each.n_words for each in batch))
    pieces = torch.full((len(batch), length), pad)
    shapes, mask = torch.zeros_like(pieces), torch.zeros_like(pieces)
    pool = torch.zeros(len(batch), n_words, length)
    target = torch.zeros(len(batch), n_words, MAX_WIDTH)
    valid = torch.zeros(len(batch), n_words, MAX_WIDTH, dtype=torch.bool)
    for row, each in enumerate(batch):
        end = len(each.pieces) + 2
        pieces[row, :end] = torch.tensor([bos, *each.pieces, eos])
        shapes[row, 1 : end - 1] = torch.tensor(each.shapes)
        mask[row, :end] = 1
        pool[row, torch.tensor(each.words), torch.arange(1, end - 1)] = 1.0
        for (i, j), probability in each.soft.items():
            target[row, i, j - i] = probability
        ends = torch.arange(n_words)[:, None] + torch.arange(MAX_WIDTH)[None]
        valid[row] = ends < each.n_words
    pool /= pool.sum(2, keepdim=True).clamp(min=1)
    return {"pieces": pieces, "shapes": shapes, "mask": mask, "pool": pool, "target": target, "valid": valid}


def rounded(length: int, step: int = 32) -> int:
    """The next multiple: kernels are compiled anew for every new shape, at a second each."""
    return -(-length // step) * step


def batches(examples: Sequence[Example], size: int, rng: random.Random) -> Iterator[list[Example]]:
    """Shuffled batches of texts of like length, so that little is padding."""
    order = sorted(examples, key=lambda each: len(each.pieces) * rng.uniform(0.9, 1.1))
    groups = [list(order[k : k + size]) for k in range(0, len(order), size)]
    rng.shuffle(groups)
    yield from groups


def loss_of(net: TaggerNet, batch: Sequence[Example], ids: tuple[int, int, int]) -> dict[str, Tensor]:
    """The four losses of a batch: spans per mention, labels per span, relations per concept."""
    tensors = collate(batch, *ids)
    rows = net(tensors["pieces"], tensors["shapes"], tensors["mask"], tensors["pool"])
    logits = net.span_logits(rows)[tensors["valid"]]
    target = tensors["target"][tensors["valid"]]
    losses = {
        "spans": F.binary_cross_entropy_with_logits(logits, target, reduction="sum")
        / target.sum().clamp(min=1)
    }
    types, roles, relations = [], [], []
    n_spans = n_concepts = 0
    for row, each in enumerate(batch):
        if not each.spans:
            continue
        i, j = torch.tensor(each.spans).T
        n_spans += len(each.spans)
        for name, found in (("types", types), ("roles", roles)):
            scores = net.labels(rows[name][row], i, j)
            found.append(F.cross_entropy(scores, torch.tensor(getattr(each, name)), reduction="sum"))
        numbers = {concept: n for n, concept in enumerate(k for k, c in enumerate(each.concepts) if c)}
        n_concepts += len(numbers)
        if numbers:
            relations.append(relation_loss(net, rows["relate"][row], i, j, each, numbers))
    if n_spans:
        losses["types"], losses["roles"] = sum(types) / n_spans, sum(roles) / n_spans
    if n_concepts:
        losses["relations"] = sum(relations) / n_concepts
    return losses


def relation_loss(
    net: TaggerNet, rows: Tensor, i: Tensor, j: Tensor, example: Example, numbers: dict[int, int]
) -> Tensor:
    """Binary cross entropy over all ordered pairs of concepts."""
    from training.model import means

    spans = means(rows, i, j)
    vectors = torch.stack([spans[example.concepts[concept]].mean(0) for concept in numbers])
    logits = net.relation_logits(vectors)
    target = torch.zeros(len(numbers), len(numbers), len(RELATIONS))
    for (subject, relation, other), probability in example.relations.items():
        target[numbers[subject], numbers[other], relation] = probability
    off = ~torch.eye(len(numbers), dtype=torch.bool)
    return F.binary_cross_entropy_with_logits(logits[off], target[off], reduction="sum")


def optimiser(net: TaggerNet, rate: float, head_rate: float) -> torch.optim.Optimizer:
    """AdamW with a higher rate for what starts from nothing."""
    body = [p for p in net.encoder.backbone.parameters() if p.requires_grad]
    known = {id(p) for p in net.encoder.backbone.parameters()}
    heads = [p for p in net.parameters() if id(p) not in known]
    return torch.optim.AdamW(
        [{"params": body, "lr": rate}, {"params": heads, "lr": head_rate}], weight_decay=0.01
    )


def fit(
    net: TaggerNet,
    epochs: Iterator[Sequence[Example]] | Sequence[Sequence[Example]],
    n_steps: int,
    ids: tuple[int, int, int],
    *,
    size: int,
    rate: float,
    head_rate: float,
    seed: int,
    label_weight: float = 1.0,
    say: Callable[[str], None],
    after: Callable[[int], None] | None = None,
) -> None:
    """Train over epochs of examples with a linear warm-up (6%) and decay; `after` gets the epoch's number."""
    rng = random.Random(seed)
    weights = {"spans": 1.0, "types": label_weight, "roles": label_weight, "relations": RELATION_WEIGHT}
    optimizer = optimiser(net, rate, head_rate)
    warm = max(1, int(0.06 * n_steps))
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min((step + 1) / warm, max(0.02, (n_steps - step) / (n_steps - warm)))
    )
    step, began, sums = 0, time.monotonic(), {}
    for epoch, examples in enumerate(epochs):
        net.train()
        for batch in batches(examples, size, rng):
            losses = loss_of(net, batch, ids)
            loss = sum(weights[name] * value for name, value in losses.items())
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            step += 1
            for name, value in losses.items():
                sums[name] = 0.98 * sums.get(name, float(value.detach())) + 0.02 * float(value.detach())
            if step % 50 == 0:
                shown = " ".join(f"{name} {value:.3f}" for name, value in sums.items())
                say(f"epoch {epoch} step {step}/{n_steps} {time.monotonic() - began:.0f}s {shown}")
        if after:
            after(epoch)

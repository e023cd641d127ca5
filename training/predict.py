"""What a torch tagger says of texts, in the form in which the shipped tagger says it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch

from kg.extract.tagger import MIN_SCORE, decode
from training.fit import collate, rounded

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from torch.utils.hooks import RemovableHandle

    from training.data import Example
    from training.model import TaggerNet

Candidate = tuple[int, int, float, tuple[float, ...], tuple[float, ...], "np.ndarray"]


@torch.inference_mode()
def candidates(
    net: TaggerNet,
    examples: Sequence[Example],
    ids: tuple[int, int, int],
    size: int = 4,
    min_score: float = MIN_SCORE,
) -> Iterator[tuple[Example, list[Candidate]]]:
    """Each example with its candidate spans over words, in batches of the order given."""
    net.eval()
    bos, eos, pad = ids
    width = net.width.detach().float().numpy()
    for k in range(0, len(examples), size):
        batch = examples[k : k + size]
        length = rounded(max(len(each.pieces) for each in batch) + 2)
        pieces = torch.full((len(batch), length), pad)
        shapes, mask = torch.zeros_like(pieces), torch.zeros_like(pieces)
        for row, each in enumerate(batch):
            end = len(each.pieces) + 2
            pieces[row, :end] = torch.tensor([bos, *each.pieces, eos])
            shapes[row, 1 : end - 1] = torch.tensor(each.shapes)
            mask[row, :end] = 1
        with torch.autocast("cpu", dtype=torch.bfloat16):
            rows = net.encoder(pieces, shapes, mask).float().numpy()
        for row, each in enumerate(batch):
            if not each.pieces:
                yield each, []
                continue
            yield (
                each,
                list(decode(rows[row, 1 : len(each.pieces) + 1], np.array(each.words), width, min_score)),
            )


@torch.inference_mode()
def read_watched(
    net: TaggerNet, examples: Sequence[Example], ids: tuple[int, int, int], hooks: Sequence[RemovableHandle]
) -> None:
    """Read texts one by one, unpadded and without dropout, for what hooks see of it; they are removed
    then.
    """
    net.eval()
    for each in examples:
        tensors = collate([each], *ids)
        length = int(tensors["mask"].sum())
        net.encoder(tensors["pieces"][:, :length], tensors["shapes"][:, :length])
    for hook in hooks:
        hook.remove()


def relate(net: TaggerNet, vectors: np.ndarray) -> np.ndarray:
    """Probabilities [concepts, concepts, relations] from concept vectors."""
    with torch.inference_mode():
        return torch.sigmoid(net.relation_logits(torch.from_numpy(vectors))).numpy()

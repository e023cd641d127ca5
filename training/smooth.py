"""Scales that even out the inputs of a product before int8, after SmoothQuant (Xiao and others, ICML 2023).

All inputs of a product share one scale, which the largest sets. In the student's feed-forward layers one
channel is some ten times as large as most, which so lose three of their eight bits. Divided by what is moved
into the weights, they keep them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from training.predict import read_watched

if TYPE_CHECKING:
    from collections.abc import Sequence

    from training.data import Example
    from training.model import TaggerNet

STRENGTH = 0.75  # how much of the unevenness is moved from the inputs into the weights
LEAST = 1e-4


def scales(net: TaggerNet, examples: Sequence[Example], ids: tuple[int, int, int]) -> list[list[Tensor]]:
    """For each layer the scales of the inputs of its two feed-forward products."""
    layers = net.encoder.backbone.encoder.layer
    products = [[layer.intermediate.dense, layer.output.dense] for layer in layers]
    largest = [[torch.zeros(each.in_features) for each in pair] for pair in products]
    hooks = [
        product.register_forward_pre_hook(lambda _, args, seen=seen: note(seen, args[0]))
        for pair, maxima in zip(products, largest, strict=True)
        for product, seen in zip(pair, maxima, strict=True)
    ]
    read_watched(net, examples, ids, hooks)
    return [
        [scale(*each) for each in zip(pair, maxima, strict=True)]
        for pair, maxima in zip(products, largest, strict=True)
    ]


def note(seen: Tensor, inputs: Tensor) -> None:
    """Keep the largest absolute inputs [channels] of a product."""
    torch.maximum(seen, inputs.float().abs().amax((0, 1)), out=seen)


def scale(product: nn.Linear, largest: Tensor) -> Tensor:
    """What each input channel is divided by and its weights are multiplied with, one on average."""
    weights = product.weight.detach().abs().amax(0)
    scale = largest.clamp(min=LEAST) ** STRENGTH / weights.clamp(min=LEAST) ** (1 - STRENGTH)
    return scale / scale.mean()

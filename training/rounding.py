"""Products that round as the exported ones will, so that the student learns to live with it.

Weights have a scale an output, inputs a scale and an offset a text, both eight bits, as ONNX Runtime's
DynamicQuantizeMatMul has them. Gradients pass as if nothing were rounded (Bengio and others, 2013).
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn
from torch.nn import functional as F

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from training.model import TaggerNet


class Rounded(nn.Linear):
    """A product of rounded inputs and weights; `even` is what inputs are divided by first
    (training.smooth).
    """

    even: Tensor | None

    def forward(self, inputs: Tensor) -> Tensor:
        weight = self.weight
        if self.even is not None:
            inputs, weight = inputs / self.even, weight * self.even
        return F.linear(rounded_inputs(inputs), rounded_weights(weight), self.bias)


def rounded_weights(weight: Tensor) -> Tensor:
    step = weight.detach().abs().amax(1, keepdim=True) / 127
    return through(weight, torch.round(weight / step) * step)


def rounded_inputs(inputs: Tensor) -> Tensor:
    """Inputs [texts, pieces, channels] in 255 steps from the text's least, or 0, to its largest, or 0."""
    values = inputs.detach().float()
    low, high = values.amin((1, 2), keepdim=True).clamp(max=0), values.amax((1, 2), keepdim=True).clamp(min=0)
    step = ((high - low) / 255).clamp(min=1e-8)
    return through(inputs, torch.round(values / step) * step)


def through(value: Tensor, rounded: Tensor) -> Tensor:
    """The rounded value with the gradient of the other."""
    return value + (rounded - value).detach()


@contextmanager
def rounding(net: TaggerNet, smooth: Sequence[Sequence[Tensor]]) -> Iterator[None]:
    """All products of the net's layers but the last round; `smooth` are the feed-forward layers' scales."""
    products: list[tuple[nn.Linear, Tensor | None]] = []
    for layer, (before, within) in zip(net.encoder.backbone.encoder.layer, smooth, strict=True):
        inner = layer.attention.self
        plain = (inner.query, inner.key, inner.value, layer.attention.output.dense)
        products += [(product, None) for product in plain]
        products += [(layer.intermediate.dense, before), (layer.output.dense, within)]
    for product, even in products:
        product.__class__, product.even = Rounded, even
    try:
        yield
    finally:
        for product, _ in products:
            del product.even
            product.__class__ = nn.Linear

"""A narrower student: of each layer's feed-forward units only those that move the layer's output most."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from training.fit import collate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from training.data import Example
    from training.model import TaggerNet


def prune(net: TaggerNet, examples: Sequence[Example], ids: tuple[int, int, int], units: int) -> None:
    """Keep `units` of each layer's feed-forward units, in place.

    A unit's weight is the mean of its absolute activation over the examples times the length of its column
    in the layer's output.
    """
    layers = net.encoder.backbone.encoder.layer
    sums = activations(net, examples, ids)
    for layer, seen in zip(layers, sums, strict=True):
        weight = seen * layer.output.dense.weight.detach().norm(dim=0)
        narrow(layer, weight.topk(units).indices.sort().values)


def narrow(layer: nn.Module, kept: Tensor) -> None:
    """Leave out all feed-forward units but those kept."""
    inner, outer = layer.intermediate.dense, layer.output.dense
    first, second = nn.Linear(inner.in_features, len(kept)), nn.Linear(len(kept), outer.out_features)
    with torch.no_grad():
        first.weight.copy_(inner.weight[kept]), first.bias.copy_(inner.bias[kept])
        second.weight.copy_(outer.weight[:, kept]), second.bias.copy_(outer.bias)
    layer.intermediate.dense, layer.output.dense = first, second


def shaped(net: TaggerNet, units: int) -> TaggerNet:
    """The net with as narrow layers, whichever units: what saved weights of a pruned net are loaded into."""
    for layer in net.encoder.backbone.encoder.layer:
        narrow(layer, torch.arange(units))
    return net


@torch.inference_mode()
def activations(net: TaggerNet, examples: Sequence[Example], ids: tuple[int, int, int]) -> list[Tensor]:
    """The sums over all pieces of each layer's absolute feed-forward activations, [units] a layer."""
    net.eval()
    layers = net.encoder.backbone.encoder.layer
    sums = [torch.zeros(layer.intermediate.dense.out_features) for layer in layers]
    hooks = [
        layer.intermediate.register_forward_hook(
            lambda _, args, out, total=total: total.add_(out.float().abs().sum((0, 1)))
        )
        for layer, total in zip(layers, sums, strict=True)
    ]
    for each in examples:
        tensors = collate([each], *ids)
        length = int(tensors["mask"].sum())
        net.encoder(tensors["pieces"][:, :length], tensors["shapes"][:, :length])
    for hook in hooks:
        hook.remove()
    return sums

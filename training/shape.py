"""The student's shape: more layers, and in each only the heads and feed-forward units that move its output
most.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from training.predict import read_watched

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from torch.utils.hooks import RemovableHandle

    from training.data import Example
    from training.model import TaggerNet


def deepened(net: TaggerNet, deeper: TaggerNet, places: Sequence[int]) -> TaggerNet:
    """A net with more layers, its layers `places` and all else those of a net that has learnt already."""
    layers = deeper.encoder.backbone.encoder.layer
    for number, place in enumerate(places):
        layers[place] = net.encoder.backbone.encoder.layer[number]
    rest = {name: value for name, value in net.state_dict().items() if ".encoder.layer." not in name}
    deeper.load_state_dict(rest, strict=False)
    return deeper


def prune(
    net: TaggerNet, examples: Sequence[Example], ids: tuple[int, int, int], units: int, heads: int
) -> None:
    """Keep `units` of each layer's feed-forward units and `heads` of its attention heads, in place.

    A unit's weight is the mean of its absolute activation over the examples times the length of its column
    in the layer's output; a head's is the mean length of what it adds to the states.
    """
    layers = net.encoder.backbone.encoder.layer
    for layer, (seen, added) in zip(layers, activations(net, examples, ids), strict=True):
        weight = seen * layer.output.dense.weight.detach().norm(dim=0)
        narrow(layer, weight.topk(units).indices.sort().values)
        behead(layer.attention, added.topk(heads).indices.sort().values)


def narrow(layer: nn.Module, kept: Tensor) -> None:
    """Leave out all feed-forward units but those kept."""
    inner, outer = layer.intermediate.dense, layer.output.dense
    first, second = nn.Linear(inner.in_features, len(kept)), nn.Linear(len(kept), outer.out_features)
    with torch.no_grad():
        first.weight.copy_(inner.weight[kept]), first.bias.copy_(inner.bias[kept])
        second.weight.copy_(outer.weight[:, kept]), second.bias.copy_(outer.bias)
    layer.intermediate.dense, layer.output.dense = first, second


def behead(attention: nn.Module, kept: Tensor) -> None:
    """Leave out all attention heads but those kept."""
    inner, out = attention.self, attention.output
    size = inner.attention_head_size
    rows = (kept[:, None] * size + torch.arange(size)).flatten()
    for name in ("query", "key", "value"):
        old = getattr(inner, name)
        new = nn.Linear(old.in_features, len(rows))
        with torch.no_grad():
            new.weight.copy_(old.weight[rows]), new.bias.copy_(old.bias[rows])
        setattr(inner, name, new)
    dense = nn.Linear(len(rows), out.dense.out_features)
    with torch.no_grad():
        dense.weight.copy_(out.dense.weight[:, rows]), dense.bias.copy_(out.dense.bias)
    out.dense = dense
    inner.num_attention_heads, inner.all_head_size = len(kept), len(rows)


def shaped(net: TaggerNet, units: int, heads: int) -> TaggerNet:
    """The net with as narrow layers, whichever parts: what saved weights of a pruned net are loaded into."""
    for layer in net.encoder.backbone.encoder.layer:
        narrow(layer, torch.arange(units))
        behead(layer.attention, torch.arange(heads))
    return net


def activations(
    net: TaggerNet, examples: Sequence[Example], ids: tuple[int, int, int]
) -> list[tuple[Tensor, Tensor]]:
    """Sums over all pieces, a layer: each feed-forward unit's absolute activation, each head's addition."""
    layers = net.encoder.backbone.encoder.layer
    sums = [
        (
            torch.zeros(layer.intermediate.dense.out_features),
            torch.zeros(layer.attention.self.num_attention_heads),
        )
        for layer in layers
    ]
    hooks = [hook for layer, seen in zip(layers, sums, strict=True) for hook in watch(layer, *seen)]
    read_watched(net, examples, ids, hooks)
    return sums


def watch(layer: nn.Module, units: Tensor, heads: Tensor) -> Iterator[RemovableHandle]:
    """Add up what passes through a layer from now on, until the hooks are removed."""

    def see_units(_: nn.Module, args: tuple[Tensor], out: Tensor) -> None:
        units.add_(out.float().abs().sum((0, 1)))

    def see_heads(dense: nn.Module, args: tuple[Tensor]) -> None:
        heads.add_(additions(dense.weight, args[0], len(heads)))

    yield layer.intermediate.register_forward_hook(see_units)
    yield layer.attention.output.dense.register_forward_pre_hook(see_heads)


def additions(weight: Tensor, context: Tensor, heads: int) -> Tensor:
    """The sum over pieces of the length of what each head adds: from contexts [batch, pieces, heads *
    size].
    """
    parts = context.float().unflatten(-1, (heads, -1))
    added = torch.einsum("bphs,ohs->bpho", parts, weight.unflatten(1, (heads, -1)))
    return added.norm(dim=-1).sum((0, 1))

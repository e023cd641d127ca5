"""From a trained net to the four files that the shipped tagger loads: ONNX, int8, no torch."""

from __future__ import annotations

import json
import tempfile
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor

from training.names import NAMES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tokenizers import Tokenizer

    from training.model import Encoder, TaggerNet

LAST = "/project/MatMul"


class OneText(torch.nn.Module):
    """The encoder for one unpadded text: no mask, so nothing is computed for one; inputs evened out."""

    def __init__(self, encoder: Encoder, smooth: Sequence[Sequence[Tensor]]) -> None:
        super().__init__()
        self.encoder = encoder
        self.smooth = smooth

    def forward(self, pieces: Tensor, shapes: Tensor) -> Tensor:
        backbone = self.encoder.backbone
        embeddings = backbone.embeddings
        states = embeddings.word_embeddings(pieces) + self.encoder.shapes(shapes)
        states = states + embeddings.position_embeddings.weight[: pieces.shape[1]]
        states = embeddings.LayerNorm(states + embeddings.token_type_embeddings.weight[0])
        for layer, smooth in zip(backbone.encoder.layer, self.smooth, strict=True):
            states = self._layer(layer, states, *smooth)
        return self.encoder.project(states)

    @staticmethod
    def _layer(layer: torch.nn.Module, states: Tensor, before: Tensor, within: Tensor) -> Tensor:
        """One BERT layer with the three projections of attention as a single matrix product."""
        inner, out = layer.attention.self, layer.attention.output
        heads, size = inner.num_attention_heads, inner.attention_head_size
        parts = (inner.query, inner.key, inner.value)
        scale = torch.tensor([size**-0.5, 1.0, 1.0]).repeat_interleave(heads * size)
        weight = (torch.cat([part.weight for part in parts]) * scale[:, None]).detach().T.contiguous()
        bias = (torch.cat([part.bias for part in parts]) * scale).detach()
        mixed = (torch.matmul(states, weight) + bias).view(1, -1, 3, heads, size).permute(2, 0, 3, 1, 4)
        shares = torch.softmax(torch.matmul(mixed[0], mixed[1].transpose(-1, -2)), -1)
        context = torch.matmul(shares, mixed[2]).permute(0, 2, 1, 3).reshape(1, -1, heads * size)
        states = out.LayerNorm(out.dense(context) + states)
        wide = torch.nn.functional.gelu(smoothed(layer.intermediate.dense, states, before))
        return layer.output.LayerNorm(smoothed(layer.output.dense, wide, within) + states)


def smoothed(product: torch.nn.Linear, inputs: Tensor, scale: Tensor) -> Tensor:
    """The same product of inputs that are more even."""
    return torch.matmul(inputs * (1 / scale), (product.weight * scale).detach().T.contiguous()) + product.bias


def to_onnx(net: TaggerNet, path: Path, smooth: Sequence[Sequence[Tensor]]) -> None:
    """Write the encoder with a free length."""
    pieces = torch.ones(1, 16, dtype=torch.long)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            OneText(net.encoder, smooth).eval(),
            (pieces, torch.zeros_like(pieces)),
            str(path),
            dynamo=False,
            input_names=["pieces", "shapes"],
            output_names=["rows"],
            opset_version=17,
            dynamic_axes={"pieces": {1: "length"}, "shapes": {1: "length"}, "rows": {1: "length"}},
        )


def quantise(source: Path, target: Path) -> None:
    """Weights and embeddings to int8, a scale a column; activations are scaled as they come.

    The last product, from states to scores, stays as it is: a hundredth more time, half as much lost.
    """
    from onnxruntime.quantization import QuantType, quantize_dynamic

    quantize_dynamic(
        source,
        target,
        weight_type=QuantType.QInt8,
        per_channel=True,
        op_types_to_quantize=["MatMul", "Gather"],
        nodes_to_exclude=[LAST],
        extra_options={"MatMulConstBOnly": True},
    )


def heads(net: TaggerNet) -> dict[str, np.ndarray]:
    """What stands beside the encoder, as arrays by name."""
    state = net.state_dict()
    return {name: state[name].float().numpy() for name in ("width", "relate", "subject", "object", "prior")}


def export(
    net: TaggerNet,
    tokenizer: Tokenizer,
    ids: tuple[int, int, int],
    folder: Path,
    smooth: Sequence[Sequence[Tensor]],
) -> None:
    """Write model.onnx, heads.npz, tokenizer.json and config.json; `smooth` is what training.smooth says."""
    folder.mkdir(parents=True, exist_ok=True)
    net = net.eval().float()
    with tempfile.TemporaryDirectory() as scratch:
        to_onnx(net, Path(scratch) / "full.onnx", smooth)
        quantise(Path(scratch) / "full.onnx", folder / "model.onnx")
    np.savez(folder / "heads.npz", **heads(net))
    tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
    config = {"bos": ids[0], "eos": ids[1], **NAMES}
    (folder / "config.json").write_text(json.dumps(config, indent=1, sort_keys=True) + "\n", encoding="utf-8")

"""The tagger as a torch module: a pretrained encoder, word shapes, and linear heads over words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from kg.extract.tagger import BIAFFINE, MAX_WIDTH, SECTIONS
from training.names import RELATIONS, TYPES

if TYPE_CHECKING:
    from pathlib import Path

N_SHAPES = 16


class Encoder(nn.Module):
    """Word pieces and shapes to a row of projections a piece; this is what is exported.

    Shapes join the states above the frozen layers, so that nothing flows back through those.
    """

    def __init__(self, backbone: nn.Module, frozen: int = 0, n_types: int = len(TYPES)) -> None:
        super().__init__()
        self.backbone = backbone
        self.frozen = frozen
        self.sections = SECTIONS | {"types": 3 * n_types}
        freeze_below(backbone, frozen)
        hidden = backbone.config.hidden_size
        self.shapes = nn.Embedding(N_SHAPES, hidden)
        nn.init.zeros_(self.shapes.weight)
        self.dropout = nn.Dropout(0.1)
        self.project = nn.Linear(hidden, sum(self.sections.values()))

    def forward(self, pieces: Tensor, shapes: Tensor, mask: Tensor | None = None) -> Tensor:
        embedded = self.backbone.get_input_embeddings()(pieces)
        shaped = self.shapes(shapes)
        if self.frozen:
            layer = self.backbone.encoder.layer[self.frozen]
            hook = layer.register_forward_pre_hook(lambda _, args: (args[0] + shaped, *args[1:]))
            states = self.backbone(inputs_embeds=embedded, attention_mask=mask).last_hidden_state
            hook.remove()
        else:
            states = self.backbone(inputs_embeds=embedded + shaped, attention_mask=mask).last_hidden_state
        return self.project(self.dropout(states))


class TaggerNet(nn.Module):
    """The encoder and what scores spans, labels and relations from its rows."""

    def __init__(self, encoder: Encoder) -> None:
        super().__init__()
        self.encoder = encoder
        self.width = nn.Parameter(torch.full((MAX_WIDTH,), -3.0))
        self.relate = nn.Parameter(torch.randn(len(RELATIONS), BIAFFINE, BIAFFINE) * 0.02)
        self.subject = nn.Parameter(torch.zeros(BIAFFINE, len(RELATIONS)))
        self.object = nn.Parameter(torch.zeros(BIAFFINE, len(RELATIONS)))
        self.prior = nn.Parameter(torch.full((len(RELATIONS),), -4.0))

    def forward(self, pieces: Tensor, shapes: Tensor, mask: Tensor, pool: Tensor) -> dict[str, Tensor]:
        """Rows by section, [batch, words, ...]; `pool` averages pieces: [batch, words, pieces]."""
        with torch.autocast("cpu", dtype=torch.bfloat16):
            rows = self.encoder(pieces, shapes, mask)
        rows = torch.bmm(pool, rows.float())
        sections = self.encoder.sections
        return dict(zip(sections, rows.split(list(sections.values()), dim=2), strict=True))

    def span_logits(self, rows: dict[str, Tensor]) -> Tensor:
        """[batch, words, MAX_WIDTH]; entries past the end are meaningless and masked by the caller."""
        start, end, edges = rows["start"], rows["end"], rows["edges"]
        inside = edges[..., 2].cumsum(1)
        columns = []
        for k in range(MAX_WIDTH):
            ahead = lambda x, k=k: torch.roll(x, -k, 1)  # noqa: E731
            logits = (start * ahead(end)).sum(-1) + edges[..., 0] + ahead(edges[..., 1])
            columns.append(logits + ahead(inside) - inside + self.width[k])
        return torch.stack(columns, -1)

    def labels(self, rows: Tensor, i: Tensor, j: Tensor) -> Tensor:
        """Logits [spans, labels] from one text's rows [words, 3 * labels]."""
        n = rows.shape[1] // 3
        return rows[i, :n] + rows[j, n : 2 * n] + means(rows[:, 2 * n :], i, j)

    def relation_logits(self, vectors: Tensor) -> Tensor:
        """[concepts, concepts, relations] from concept vectors [concepts, 2 * BIAFFINE]."""
        subjects, objects = vectors.split(BIAFFINE, 1)
        pairs = torch.einsum("id,rde,je->ijr", subjects, self.relate, objects)
        return pairs + (subjects @ self.subject)[:, None] + (objects @ self.object)[None] + self.prior


def means(rows: Tensor, i: Tensor, j: Tensor) -> Tensor:
    """The mean of rows i to j, for every pair."""
    sums = torch.cat([rows.new_zeros(1, rows.shape[1]), rows.cumsum(0)])
    return (sums[j + 1] - sums[i]) / (j - i + 1)[:, None]


def load_backbone(folder: Path, layers: list[int] | None = None) -> nn.Module:
    """A pretrained encoder without its pooler, of which only some layers may be kept."""
    from transformers import AutoModel

    backbone = AutoModel.from_pretrained(
        folder, add_pooling_layer=False, attn_implementation="eager", attention_probs_dropout_prob=0.0
    )
    if layers is not None:
        backbone.encoder.layer = nn.ModuleList(backbone.encoder.layer[n] for n in layers)
        backbone.config.num_hidden_layers = len(layers)
    return backbone


def freeze_below(backbone: nn.Module, layer: int) -> None:
    """Leave the embeddings and the layers below a number as they were pretrained: much cheaper."""
    for part in (backbone.embeddings, *backbone.encoder.layer[:layer]):
        part.requires_grad_(False)

"""The labels that models are trained on, in the vocabulary's order as it is now; all weights carry them."""

from __future__ import annotations

from kg import vocab

TYPES = tuple(map(str, vocab.TYPES))
ROLES = tuple(map(str, vocab.ROLES))
RELATIONS = tuple(map(str, vocab.RELATIONS))
NAMES = {"types": TYPES, "roles": ROLES, "relations": RELATIONS}

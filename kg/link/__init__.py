"""Linking: one concept, one node, whatever it is called; every decision with its reason."""

from __future__ import annotations

from kg.link.linker import Linked, link
from kg.link.vocabulary import Entry, Vocabulary

__all__ = ["Entry", "Linked", "Vocabulary", "link"]

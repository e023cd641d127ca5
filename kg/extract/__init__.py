"""Concepts and claims of papers' texts, by a spaCy pipeline that ships with the package or is the user's."""

from __future__ import annotations

from kg.extract.extractor import Extractor, fingerprint, load

__all__ = ["Extractor", "fingerprint", "load"]

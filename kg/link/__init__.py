"""Linking: one concept, one node, whatever it is called; every decision with its reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.link import reading
from kg.link.coverage import Coverage
from kg.link.curation import load_judgements
from kg.link.fingerprint import hash_of
from kg.link.linker import Linked, Linker, link
from kg.link.replay import Decision
from kg.link.vocabulary import Entry, Vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

__all__ = [
    "PACKAGED",
    "Coverage",
    "Decision",
    "Entry",
    "Linked",
    "Linker",
    "Vocabulary",
    "fingerprint",
    "link",
    "load_judgements",
    "load_vocabularies",
]

PACKAGED = reading.packaged()


def load_vocabularies(paths: Iterable[Path] = ()) -> Vocabulary:
    """The vocabularies of a build: the files given, in their order, then the package's own.

    Where two have a concept's name, the first one's label, type and definition count. Raises VocabularyError,
    one line, for a file that can't be read, parsed or used.
    """
    return reading.read_all([*paths, PACKAGED])


def fingerprint(vocabularies: Iterable[Path], curation: Path | None) -> str:
    """Hash of what linking depends on besides mentions: code, tables, vocabularies, decisions."""
    return hash_of([*vocabularies, PACKAGED, *([curation] if curation else [])])

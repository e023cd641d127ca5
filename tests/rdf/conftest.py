"""Exports of the invented corpus, made once, and a way to ask them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from exported import write_exports

from kg.rdf.graphs import Dataset
from kg.types import Concept
from kg.vocab import ConceptType

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BIRD_MODEL = Concept(
    "model-bird-model", "bird model", ConceptType.MODEL, aliases=("BM",), definition="A model named so."
)
HERON = Concept("model-heron", "Heron", ConceptType.MODEL, broader=("model-bird-model",))


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_exports(tmp_path_factory.mktemp("exports"), extra=[BIRD_MODEL, HERON])


@pytest.fixture(scope="session")
def data(folder: Path) -> Iterator[Dataset]:
    with Dataset(folder, seconds=30) as dataset:
        yield dataset

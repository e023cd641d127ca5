"""The extractor: papers in, mentions and claims out, by a spaCy pipeline chosen by name or path."""

from __future__ import annotations

import re
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kg import fingerprint as code
from kg.errors import ExtractError
from kg.extract.portions import LONGEST, joined, portions
from kg.ids import digest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from spacy.language import Language

    from kg.types import Extraction, Paper

DEFAULT: Final = "default"
RULES: Final = "rules"
FOLDER: Final = Path(__file__).parent
_UNREADABLE: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff\ud800-\udfff]")
_MAX_LENGTH: Final = 1 << 30  # characters; our components take time in proportion to them


class Extractor:
    """Reads papers with one pipeline. `fingerprint` changes whenever what it would find could change."""

    def __init__(self, nlp: Language, fingerprint: str) -> None:
        self.nlp = nlp
        self.fingerprint = fingerprint

    def extract(self, papers: Iterable[Paper], batch_size: int = 64) -> Iterator[Extraction]:
        """Read papers, in their order; `batch_size` of them are held at once, one that is very long alone."""
        from kg.extract.output import extraction

        for long, run in groupby(papers, key=lambda paper: len(paper.text) > LONGEST):
            if long:
                yield from map(self._in_portions, run)
                continue
            pairs = ((_UNREADABLE.sub(" ", paper.text), paper) for paper in run)
            for doc, paper in self.nlp.pipe(pairs, as_tuples=True, batch_size=batch_size):
                yield extraction(paper, doc)

    def _in_portions(self, paper: Paper) -> Extraction:
        from kg.extract.output import extraction

        text = _UNREADABLE.sub(" ", paper.text)
        return joined([extraction(paper, self.nlp(part), offset) for offset, part in portions(text)])


def load(pipeline: str = DEFAULT) -> Extractor:
    """An extractor by name (`default`, `rules`), or by the path or package of a spaCy pipeline.

    A pipeline that isn't ours sets `doc.spans["concepts"]` or `doc.ents` with our types as labels; our
    gathering of concepts, roles and relations then run after it. Raises ExtractError for a pipeline that
    can't be loaded.
    """
    from kg.extract import language

    if pipeline == DEFAULT and not (FOLDER / "model" / "claims" / "default.npz").is_file():
        pipeline = RULES
    nlp = language.own(pipeline) if pipeline in (DEFAULT, RULES) else language.foreign(pipeline)
    nlp.max_length = _MAX_LENGTH
    return Extractor(nlp, fingerprint(pipeline))


def fingerprint(pipeline: str = DEFAULT) -> str:
    """The fingerprint that the named extractor has, without loading it: a hash of code, weights, settings."""
    if pipeline in (DEFAULT, RULES):
        return digest(pipeline, code.of("extract"))
    return digest(pipeline, code.of("extract"), _version(pipeline))


def _version(pipeline: str) -> str:
    """The hash of a pipeline's folder, or an installed package's name and version."""
    path = Path(pipeline)
    if path.is_dir():
        return code.of_folder(path)
    from importlib import metadata

    try:
        return metadata.version(pipeline)
    except metadata.PackageNotFoundError as error:
        raise ExtractError(
            f"{pipeline}: no such pipeline: give default, rules, a folder that spaCy saved, or a package"
        ) from error

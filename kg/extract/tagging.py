"""The trained tagger as a component, and the door for other people's pipelines."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final

from spacy.language import Language

from kg.errors import ExtractError
from kg.extract.candidates import Candidate, one_type, set_candidates, text_of
from kg.extract.class_nouns import without_class_nouns
from kg.vocab import ConceptType

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from spacy.tokens import Doc

    from kg.extract.tagger import Tagged

_SPANS: Final = "concepts"
_TYPES: Final = tuple(map(str, ConceptType))


@Language.factory("kg_tagger", default_config={"path": None})
class TaggerComponent:
    """Puts the trained tagger's candidates on a Doc; `path` is a folder of weights, ours if None."""

    def __init__(self, nlp: Language, name: str, path: str | None) -> None:
        from pathlib import Path

        from kg.extract.tagger import Tagger

        self.name = name
        self.tagger = Tagger.load(Path(path) if path else None)

    def __call__(self, doc: Doc) -> Doc:
        return next(self.pipe(iter((doc,)), batch_size=1))

    def pipe(self, stream: Iterable[Doc], *, batch_size: int) -> Iterator[Doc]:
        rest = iter(stream)
        while docs := list(islice(rest, batch_size)):
            for doc, tagged in zip(docs, self.tagger.predict(map(text_of, docs)), strict=True):
                text = text_of(doc)
                set_candidates(doc, without_class_nouns(text, from_tagged(tagged)))
                yield doc


def from_tagged(tagged: Tagged) -> list[Candidate]:
    """The tagger's spans as candidates."""
    return [
        Candidate(each.start, each.end, each.score, each.types, each.roles, vector=each.vector)
        for each in tagged.spans
    ]


@Language.factory("kg_spans")
class SpansComponent:
    """Takes `doc.spans["concepts"]`, or else `doc.ents`, of a pipeline that isn't ours as candidates.

    Labels must be our concept types; a span group's `attrs["scores"]` (as spaCy's spancat sets them) are its
    probabilities. Raises ExtractError for another label.
    """

    def __init__(self, nlp: Language, name: str) -> None:
        self.name = name

    def __call__(self, doc: Doc) -> Doc:
        spans = list(doc.spans.get(_SPANS, ())) or list(doc.ents)
        scores = doc.spans[_SPANS].attrs.get("scores") if _SPANS in doc.spans else None
        found = []
        for index, span in enumerate(spans):
            if span.label_ not in _TYPES:
                raise ExtractError(
                    f"the pipeline's label {span.label_!r} is none of {', '.join(_TYPES)}: map it first"
                )
            score = 1.0 if scores is None else float(scores[index])
            found.append(
                Candidate(span.start_char, span.end_char, score, one_type(span.label_), origin="pipeline")
            )
        set_candidates(doc, found)
        return doc

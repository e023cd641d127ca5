"""Our tokenizer for spaCy: one regular expression, so its time is linear in any text's length."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from spacy.tokens import Doc
from spacy.util import registry

from kg.extract.candidates import TEXT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from spacy.language import Language
    from spacy.vocab import Vocab

_TOKEN: Final = re.compile(
    r"(?:[^\W_]{1,100}(?:(?<=\d)\.(?=\d)[^\W_]{1,100})*(?:\+\+|#)?|['\u2019]s\b|[^\w\s]|_)( ?)|(\s{1,100})"
)


class Tokenizer:
    """Words, numbers with their decimals, and single signs; hyphens and slashes part words."""

    def __init__(self, vocab: Vocab) -> None:
        self.vocab = vocab

    def __call__(self, text: str) -> Doc:
        words, spaces = [], []
        for match in _TOKEN.finditer(text):
            space = match.group(1) == " "
            words.append(match.group()[:-1] if space else match.group())
            spaces.append(space)
        return Doc(self.vocab, words=words, spaces=spaces, user_data={TEXT: text})

    def pipe(self, texts: Iterable[str], batch_size: int = 0) -> Iterable[Doc]:
        yield from map(self, texts)

    # spaCy asks a tokenizer to write and read itself with the pipeline: this one has nothing to keep
    def to_bytes(self, **_: Any) -> bytes:
        return b""

    def from_bytes(self, _data: bytes, **_: Any) -> Tokenizer:
        return self

    def to_disk(self, _path: Path, **_: Any) -> None:
        """Nothing to write."""

    def from_disk(self, _path: Path, **_: Any) -> Tokenizer:
        return self


@registry.tokenizers("kg.tokenizer.v1")  # type: ignore[untyped-decorator]
def make_tokenizer() -> Callable[[Language], Tokenizer]:
    """What a pipeline's configuration names."""
    return lambda nlp: Tokenizer(nlp.vocab)

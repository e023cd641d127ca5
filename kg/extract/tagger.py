"""The neural part of concept extraction: which spans of a text name a concept, of which type and role.

An encoder (ONNX Runtime, int8, one thread) gives every word piece a row of projections; pieces are averaged
into words, and every run of at most MAX_WIDTH words is scored from the projections of its ends and of what
lies between, so that nested and doubtful spans keep a probability of their own. The weights are made by
`training/`.
"""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from typing import TYPE_CHECKING, Any, Final

from kg.errors import ExtractError
from kg.extract.labels import CONFIG, MODEL_FOLDER, labels, of_config
from kg.vocab import ROLES, TYPES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]
    Ints = NDArray[np.int64]
    Candidate = tuple[int, int, float, tuple[float, ...], tuple[float, ...], Floats]
    """First word, last word, score, types, roles, vector."""

FILES: Final = ("model.onnx", "tokenizer.json", CONFIG, "heads.npz")
MAX_PIECES: Final = 512
MAX_WIDTH: Final = 12
OVERLAP: Final = 64
BIAFFINE: Final = 64
MIN_SCORE: Final = 0.15
_SURROGATES: Final = re.compile("[\ud800-\udfff]")
"""Half a character: no UTF-8, and so refused by the tokeniser."""

SECTIONS: Final = {
    "start": BIAFFINE,
    "end": BIAFFINE,
    "edges": 3,
    "types": 3 * len(TYPES),
    "roles": 3 * len(ROLES),
    "relate": 2 * BIAFFINE,
}
"""The encoder's output row; `edges` are the own logits of the start, the end and the continuation."""
_CUTS: Final = tuple(accumulate(SECTIONS.values()))[:-1]
_LABELS: Final = _CUTS[2]
_LABEL_CUTS: Final = tuple(cut - _LABELS for cut in _CUTS[3:])


@dataclass(frozen=True, slots=True)
class TaggedSpan:
    """A candidate mention: code points, its probability, probabilities in the order of `labels()`."""

    start: int
    end: int
    score: float
    types: tuple[float, ...]
    roles: tuple[float, ...]
    vector: Floats


@dataclass(frozen=True, slots=True)
class Tagged:
    """The candidates of one text, sorted by place; they may overlap."""

    spans: tuple[TaggedSpan, ...]


@dataclass(frozen=True, slots=True)
class Encoded:
    """A text as word pieces (`pieces`, `shapes`, and the word of each) and words (`starts`, `ends`)."""

    pieces: list[int]
    shapes: list[int]
    words: list[int]
    starts: list[int]
    ends: list[int]


@lru_cache(maxsize=50_000)
def shape_of(word: str) -> int:
    """The class of a word's letters, because the encoder's vocabulary is lower case: 1 to 7."""
    if not any(map(str.isalnum, word)):
        return 1
    if word.isdigit():
        return 2
    if any(map(str.isdigit, word)):
        return 3
    if word.islower():
        return 4
    if word.isupper():
        return 5 if len(word) > 1 else 6
    return 6 if word[1:].islower() else 7


def encode(tokenizer: Any, text: str) -> Encoded:
    """Cut a text into words and word pieces; a word of the title has its shape plus eight.

    Memory grows with the text: what is very long comes in portions (`kg.extract.portions`).
    """
    coded = Encoded([], [], [], [], [])
    encoding = tokenizer.encode(_SURROGATES.sub("\ufffd", text), add_special_tokens=False)
    last = None
    for piece, word, (start, end) in zip(encoding.ids, encoding.word_ids, encoding.offsets, strict=True):
        if word != last:
            coded.starts.append(start)
            coded.ends.append(end)
            last = word
        coded.ends[-1] = end
        coded.pieces.append(piece)
        coded.words.append(len(coded.starts) - 1)
    title = text.find("\n")
    places = zip(coded.starts, coded.ends, strict=True)
    shapes = [shape_of(text[start:end]) + 8 * (start < title) for start, end in places]
    coded.shapes.extend(shapes[word] for word in coded.words)
    return coded


def windows(n_pieces: int) -> Iterator[tuple[int, int, int, int]]:
    """Cut a text into (first piece, end, first owned piece, end of owned): each piece is owned once."""
    room = MAX_PIECES - 2
    if n_pieces <= room:
        yield 0, n_pieces, 0, n_pieces
        return
    step = room - 2 * OVERLAP
    for owned in range(0, n_pieces, step):
        stop = min(n_pieces, owned + step)
        yield max(0, owned - OVERLAP), min(n_pieces, stop + OVERLAP), owned, stop


class Tagger:
    """A loaded encoder; `predict` reads texts, `relate` scores pairs of concept vectors."""

    def __init__(
        self, session: Any, tokenizer: Any, config: dict[str, Any], heads: dict[str, Floats]
    ) -> None:
        self._session, self._tokenizer, self._config, self._heads = session, tokenizer, config, heads

    @classmethod
    def load(cls, path: Path | None = None) -> Tagger:
        """Load model.onnx, tokenizer.json, config.json and heads.npz from a folder, the package's by default.

        Raises:
            ExtractError: a file is missing or isn't what it should be.
        """
        import numpy as np
        import onnxruntime
        from tokenizers import Tokenizer

        folder = path or MODEL_FOLDER
        missing = [name for name in FILES if not (folder / name).is_file()]
        if missing:
            raise ExtractError(f"{folder}: no {', '.join(missing)}: point at a folder made by training/")
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        session = onnxruntime.InferenceSession(
            str(folder / "model.onnx"),
            options,
            providers=["CPUExecutionProvider"],
            disabled_optimizers=["SkipLayerNormFusion"],  # fused, a text takes a fifth more time
        )
        with np.load(folder / "heads.npz") as arrays:
            heads = {name: arrays[name] for name in arrays.files}
        if of_config(folder) != labels():
            raise ExtractError(
                f"{folder}: trained on labels in another order than the package's: train it anew"
            )
        config = json.loads((folder / CONFIG).read_text(encoding="utf-8"))
        return cls(session, Tokenizer.from_file(str(folder / "tokenizer.json")), config, heads)

    def predict(self, texts: Iterable[str]) -> Iterator[Tagged]:
        """Tag texts one after another, in their order; time is linear in a text's length."""
        for text in texts:
            coded = encode(self._tokenizer, text)
            spans = [span for window in windows(len(coded.pieces)) for span in self._window(coded, window)]
            yield Tagged(tuple(sorted(spans, key=lambda span: (span.start, span.end))))

    def relate(self, vectors: Floats) -> Floats:
        """Score relations between concepts: [n, 2 * BIAFFINE] (means of their spans) to [n, n, relations].

        Row is the subject, column the object; each entry is a probability of its own.
        """
        import numpy as np

        subjects, objects = vectors[:, :BIAFFINE], vectors[:, BIAFFINE:]
        heads = self._heads
        # a relation at a time: numpy would start threads for the products of all at once
        logits = np.stack([subjects @ each @ objects.T for each in heads["relate"]], axis=-1)
        logits += (subjects @ heads["subject"])[:, None] + (objects @ heads["object"])[None] + heads["prior"]
        probabilities: Floats = 1 / (1 + np.exp(-logits))
        return probabilities

    def _window(self, coded: Encoded, window: tuple[int, int, int, int]) -> Iterator[TaggedSpan]:
        """The candidates whose first word begins in the owned part of a window."""
        import numpy as np

        low, high, owned, stop = window
        if low == high:
            return
        config = self._config
        pieces = np.array([[config["bos"], *coded.pieces[low:high], config["eos"]]], np.int64)
        shapes = np.array([[0, *coded.shapes[low:high], 0]], np.int64)
        rows = self._session.run(None, {"pieces": pieces, "shapes": shapes})[0][0, 1:-1]
        words = np.array(coded.words[low:high])
        first = int(words[0])
        for begin, end, score, types, roles, vector in decode(rows, words - first, self._heads["width"]):
            piece = low + int(np.searchsorted(words, begin + first))
            if owned <= piece < stop:
                start, stop_at = coded.starts[begin + first], coded.ends[end + first]
                yield TaggedSpan(start, stop_at, score, types, roles, vector)


def decode(rows: Floats, words: Ints, width: Floats, min_score: float = MIN_SCORE) -> Iterator[Candidate]:
    """Candidates from an encoder's rows [pieces, sum of SECTIONS] and the word that each piece belongs to."""
    import numpy as np

    table = _pooled(rows, words)
    parts = dict(zip(SECTIONS, np.split(table, _CUTS, axis=1), strict=True))
    logits = _span_logits(parts["start"], parts["end"], parts["edges"], width)
    i, offset = np.nonzero(logits > math.log(min_score / (1 - min_score)))
    j = i + offset
    scores = 1 / (1 + np.exp(-logits[i, offset]))
    types, roles, vectors = np.split(_means(table[:, _LABELS:], i, j), _LABEL_CUTS, axis=1)
    columns = (
        i.tolist(),
        j.tolist(),
        scores.tolist(),
        _labels(parts["types"], i, j, types).tolist(),
        _labels(parts["roles"], i, j, roles).tolist(),
    )
    for begin, end, score, type_row, role_row, vector in zip(*columns, vectors, strict=True):
        yield begin, end, score, tuple(type_row), tuple(role_row), vector


def _pooled(rows: Floats, words: Ints) -> Floats:
    """The mean row of each word's pieces; most words are one piece, so that this is quicker than reduceat."""
    import numpy as np

    begins = np.flatnonzero(np.diff(words, prepend=-1))
    counts = np.diff(begins, append=len(words))
    table: Floats = rows[begins]
    for more in range(1, int(counts.max(initial=1))):
        longer = counts > more
        table[longer] += rows[begins[longer] + more]
    several = counts > 1
    table[several] /= counts[several, None].astype(np.float32)
    return table


def _span_logits(start: Floats, end: Floats, edges: Floats, width: Floats) -> Floats:
    """Logits [words, MAX_WIDTH] of the spans that begin at a word and have a length; -inf past the end."""
    import numpy as np

    n = len(start)
    inside = np.cumsum(edges[:, 2])
    opening, closing = edges[:, 0] - inside, edges[:, 1] + inside
    logits = np.full((n, MAX_WIDTH), -np.inf, np.float32)
    padded = np.concatenate([end, np.zeros((MAX_WIDTH - 1, end.shape[1]), end.dtype)])
    ends = np.lib.stride_tricks.sliding_window_view(padded, MAX_WIDTH, axis=0)
    pairs = np.einsum("nd,ndk->nk", start, ends)  # not a matrix product: numpy would start threads for it
    for k in range(min(MAX_WIDTH, n)):
        logits[: n - k, k] = pairs[: n - k, k] + opening[: n - k] + closing[k:] + width[k]
    return logits


def _means(table: Floats, i: Ints, j: Ints) -> Floats:
    """The mean of the rows i to j, for every pair; most spans are short, and so few rows are added up."""
    import numpy as np

    lengths = j - i + 1
    means: Floats = table[i]
    for more in range(1, int(lengths.max(initial=1))):
        longer = np.flatnonzero(lengths > more)
        means[longer] += table[i[longer] + more]
    means /= lengths[:, None].astype(np.float32)
    return means


def _labels(table: Floats, i: Ints, j: Ints, means: Floats) -> Floats:
    """Softmax over the labels of the spans i to j, from the first word's, last word's and mean logits."""
    import numpy as np

    n = table.shape[1] // 3
    logits = table[i, :n] + table[j, n : 2 * n] + means[:, 2 * n :]
    powers: Floats = np.exp(logits - logits.max(axis=1, keepdims=True, initial=-np.inf))
    shares: Floats = powers / powers.sum(axis=1, keepdims=True)
    return shares

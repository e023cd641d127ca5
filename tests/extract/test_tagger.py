from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from kg.errors import ExtractError
from kg.extract.labels import MODEL_FOLDER, labels
from kg.extract.tagger import (
    BIAFFINE,
    MAX_PIECES,
    MAX_WIDTH,
    SECTIONS,
    Tagger,
    decode,
    encode,
    shape_of,
    windows,
)
from kg.vocab import RELATIONS, ConceptType, Role

if TYPE_CHECKING:
    from pathlib import Path

TEXT = (
    "Zephyrine: Contrastive Pretraining for Question Answering\n"
    "We introduce Zephyrine, a language model that is trained by contrastive learning on the Tarn Corpus. "
    "Experiments on SQuAD and Natural Questions show that it outperforms BERT in accuracy."
)


@pytest.fixture(scope="module")
def tagger() -> Tagger:
    return Tagger.load()


@pytest.mark.parametrize(
    ("word", "shape"),
    [("-", 1), ("42", 2), ("7B", 3), ("model", 4), ("BERT", 5), ("A", 6), ("Pythia", 6), ("LoRA", 7)],
)
def test_shape_tells_names_from_words(word: str, shape: int) -> None:
    assert shape_of(word) == shape


@pytest.mark.parametrize("n_pieces", [0, 1, MAX_PIECES - 2, MAX_PIECES - 1, 1000, 5001])
def test_windows_own_each_piece_once_and_fit_the_encoder(n_pieces: int) -> None:
    owned = []
    for low, high, first, stop in windows(n_pieces):
        assert low <= first <= stop <= high <= low + MAX_PIECES - 2
        owned.extend(range(first, stop))
    assert owned == list(range(n_pieces))


def test_words_of_an_encoded_text_cover_it(tagger: Tagger) -> None:
    text = "Ünï Tïtle\nGPT-4's 7B model, 数据 and naïve ﬁne."
    coded = encode(tagger._tokenizer, text)
    words = [text[start:end] for start, end in zip(coded.starts, coded.ends, strict=True)]
    assert "".join(words) == "".join(text.split())
    assert words[:2] == ["Ünï", "Tïtle"]
    assert coded.words == sorted(coded.words)
    assert coded.shapes[0] == 8 + shape_of("Ünï")
    assert coded.shapes[-1] == shape_of(".")


def test_decode_scores_a_span_from_its_ends_and_what_lies_between() -> None:
    rng = np.random.default_rng(3)
    words = np.array([0, 0, 1, 2, 2, 2, 3])
    rows = rng.normal(size=(len(words), sum(SECTIONS.values()))).astype(np.float32)
    width = rng.normal(size=MAX_WIDTH).astype(np.float32)
    table = np.stack([rows[words == word].mean(0) for word in range(4)])
    found = {(i, j): (score, types) for i, j, score, types, _, _ in decode(rows, words, width, 0.0001)}
    continued = table[2, 2 * BIAFFINE + 2] + table[3, 2 * BIAFFINE + 2]
    ends = table[1, 2 * BIAFFINE] + table[3, 2 * BIAFFINE + 1]
    logit = table[1, :BIAFFINE] @ table[3, BIAFFINE : 2 * BIAFFINE] + ends + continued + width[2]
    expected = 1 / (1 + np.exp(-logit))
    if expected > 0.0001:
        assert found[1, 3][0] == pytest.approx(expected, rel=1e-3)
        assert sum(found[1, 3][1]) == pytest.approx(1, abs=1e-5)
    assert (1, 3) in found or expected <= 0.0001


def test_a_folder_without_weights_is_named(tmp_path: Path) -> None:
    with pytest.raises(ExtractError, match=r"model\.onnx"):
        Tagger.load(tmp_path)


def test_names_are_found_with_type_and_role(tagger: Tagger) -> None:
    (tagged,) = tagger.predict([TEXT])
    best = {TEXT[span.start : span.end]: span for span in tagged.spans if span.score > 0.5}
    assert {"Zephyrine", "contrastive learning", "BERT", "SQuAD"} <= set(best)
    assert labels().types[int(np.argmax(best["SQuAD"].types))] is ConceptType.DATASET
    assert labels().roles[int(np.argmax(best["Zephyrine"].roles))] is Role.INTRODUCES
    assert all(0 <= span.start < span.end <= len(TEXT) for span in tagged.spans)


def test_relations_are_probabilities_by_subject_and_object(tagger: Tagger) -> None:
    (tagged,) = tagger.predict([TEXT])
    vectors = np.stack([span.vector for span in tagged.spans])
    scores = tagger.relate(vectors)
    assert scores.shape == (len(vectors), len(vectors), len(RELATIONS))
    assert ((scores >= 0) & (scores <= 1)).all()


def test_a_text_is_read_alike_alone_and_among_others(tagger: Tagger) -> None:
    alone = next(tagger.predict([TEXT])).spans
    among = list(tagger.predict(["", TEXT * 9, TEXT]))[2].spans
    assert [(s.start, s.end, s.score) for s in alone] == [(s.start, s.end, s.score) for s in among]


@pytest.mark.parametrize(
    "text",
    ["", " \n ", "\n", "\x00\x01\ufffd", "a \ud800 b", "数据集和模型", "a" * 5000, "()[]{}", "WE USE BERT."],
)
def test_odd_texts_do_not_fail(tagger: Tagger, text: str) -> None:
    (tagged,) = tagger.predict([text])
    assert all(text[span.start : span.end].strip() for span in tagged.spans)


def test_a_long_text_is_read_to_its_end(tagger: Tagger) -> None:
    text = TEXT + "\nIt is a plain sentence about nothing." * 300 + " We compare with BERT on SQuAD."
    (tagged,) = tagger.predict([text])
    assert any(span.start > len(text) - 20 and span.score > 0.5 for span in tagged.spans)


def test_the_weights_are_small_enough_to_ship() -> None:
    assert sum(path.stat().st_size for path in MODEL_FOLDER.rglob("*")) < 30_000_000

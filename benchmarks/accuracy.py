"""The tagger's recipe on published data sets, beside published figures: `python benchmarks/accuracy.py`.

The student goes on learning on the train split of each data set, with that set's types in place of ours,
and is scored on the other splits: micro F1 of spans with their type, strict. Weights made here are thrown
away (SciER's licence, GPL-3.0, is not ours). Needs torch, `training/`, the benchmark files and the
student's checkpoint, which training/train.py leaves in its work folder; takes up to ten minutes a data
set on one core.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import torch

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from training.bases import minilm
from training.data import one_hot, unlabelled
from training.fit import collate, fit
from training.model import Encoder, TaggerNet, load_backbone
from training.shape import shaped
from training.steps import say
from training.train import STUDENT_LAYERS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tokenizers import Tokenizer

    from training.bases import Base
    from training.data import Example

Spans = set[tuple[int, int, str]]
WORDS_A_TEXT = 200
HEAD_SIZE = 32

PUBLISHED = [
    ("SciER test", "SciBERT tagger", 70.7, "Zhang et al., EMNLP 2024"),
    ("SciER test", "PL-Marker", 74.0, "Zhang et al., EMNLP 2024"),
    ("SciER test", "HGERE", 81.2, "Zhang et al., EMNLP 2024"),
    ("SciER test", "Llama-3.3-70B, zero-shot", 49.6, "Zhang et al., EMNLP 2024"),
]


@dataclass
class Text:
    """Words of one text joined by spaces, with its gold spans as (first character, end, type)."""

    text: str
    gold: Spans


@dataclass
class Task:
    """A data set: its labels, its train texts, and the splits that are scored."""

    name: str
    labels: tuple[str, ...]
    train: list[Text]
    tests: dict[str, list[Text]]


def packed(sentences: Sequence[tuple[str, Spans]]) -> Iterator[Text]:
    """Consecutive sentences of one document as texts of about WORDS_A_TEXT words, for context's sake."""
    held: list[str] = []
    gold: Spans = set()
    for sentence, spans in sentences:
        if held and len(" ".join(held).split()) + len(sentence.split()) > WORDS_A_TEXT:
            yield Text(" ".join(held), gold)
            held, gold = [], set()
        base = len(" ".join(held)) + bool(held)
        held.append(sentence)
        gold |= {(start + base, end + base, label) for start, end, label in spans}
    if held:
        yield Text(" ".join(held), gold)


def scier(path: Path) -> list[Text]:
    """SciER gives a sentence's entities as strings in order: the nth of one is its nth occurrence."""
    documents: dict[str, list[tuple[str, Spans]]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        sentence, spans, after = record["sentence"], set(), {}
        for form, label in record["ner"]:
            start = find(form, sentence, after.get(form, 0))
            if start >= 0:
                spans.add((start, start + len(form), label))
                after[form] = start + len(form)
        documents.setdefault(record["doc_id"], []).append((sentence, spans))
    return [text for sentences in documents.values() for text in packed(sentences)]


def find(form: str, sentence: str, begin: int) -> int:
    """Where a form stands as whole words, from a character on; -1 if nowhere."""
    match = re.compile(rf"(?<!\w){re.escape(form)}(?!\w)").search(sentence, begin)
    return match.start() if match else sentence.find(form, begin)


def conll(path: Path) -> list[Text]:
    """Column files: a word a line, its tag last, an empty line between sentences."""
    documents: list[list[tuple[str, Spans]]] = [[]]
    for block in re.split(r"\n\s*\n", path.read_text(encoding="utf-8")):
        rows = [line.split() for line in block.splitlines() if line.strip()]
        if rows and rows[0][0] == "-DOCSTART-":
            documents.append([])
            rows = rows[1:]
        if rows:
            documents[-1].append(tagged_sentence([(row[0], row[-1]) for row in rows]))
    return [text for sentences in documents for text in packed(sentences)]


def tagged_sentence(rows: list[tuple[str, str]]) -> tuple[str, Spans]:
    """A sentence and its spans from words with IOB1 or IOB2 tags."""
    spans: list[tuple[int, int, str]] = []
    position, before = 0, "O"
    for word, tag in rows:
        end = position + len(word)
        label = tag[2:]
        if tag != "O":
            if spans and before != "O" and tag[0] == "I" and spans[-1][2] == label:
                spans[-1] = (spans[-1][0], end, label)
            else:
                spans.append((position, end, label))
        position, before = end + 1, tag
    return " ".join(word for word, _ in rows), set(spans)


def tasks(folder: Path) -> Iterator[Task]:
    """The data sets that lie in the folder."""
    read = {"scier": (scier, "jsonl"), "scierc": (conll, "txt"), "crossner_ai": (conll, "txt")}
    titles = {"scier": "SciER", "scierc": "SciERC", "crossner_ai": "CrossNER-AI"}
    for name, (reader, ending) in read.items():
        splits = {path.stem: reader(path) for path in sorted((folder / name).glob(f"*.{ending}"))}
        train = splits.pop("train")
        labels = tuple(sorted({label for text in train for *_, label in text.gold}))
        yield Task(titles[name], labels, train, splits)


def example(tokenizer: Tokenizer, text: Text, labels: tuple[str, ...]) -> Example:
    """A text as the net learns from it."""
    made, starts, ends = unlabelled(tokenizer, "", text.text)
    for start, end, label in sorted(text.gold):
        span = (starts.get(start, -1), ends.get(end, -1))
        if min(span) >= 0 and 0 <= span[1] - span[0] < 12 and span not in made.soft and label in labels:
            made.soft[span] = 1.0
            made.spans.append(span)
            made.types.append(one_hot(labels, label))
            made.roles.append([0.0] * 7)
            made.concepts.append([len(made.spans) - 1])
    return made


def net_for(base: Base, checkpoint: Path, n_types: int) -> TaggerNet:
    """The student with a type head of another size; everything else begins as shipped."""
    net = TaggerNet(Encoder(load_backbone(base.folder, list(base.layers or ())), n_types=n_types))
    state = torch.load(checkpoint, weights_only=True)
    rows = slice(131, 131 + 21)
    for name in ("encoder.project.weight", "encoder.project.bias"):
        old, new = state[name], net.state_dict()[name]
        state[name] = torch.cat([old[: rows.start], new[131 : 131 + 3 * n_types], old[rows.stop :]])
    layer = "encoder.backbone.encoder.layer.0"
    units = len(state[f"{layer}.intermediate.dense.bias"])
    heads = len(state[f"{layer}.attention.self.query.bias"]) // HEAD_SIZE
    shaped(net, units, heads).load_state_dict(state)
    return net


@torch.inference_mode()
def predict(
    net: TaggerNet, made: Example, ids: tuple[int, int, int], labels: tuple[str, ...]
) -> set[tuple[int, int, str]]:
    """Spans by word with their label: above one half, the better of two that overlap."""
    net.eval()
    tensors = collate([made], *ids)
    rows = net(tensors["pieces"], tensors["shapes"], tensors["mask"], tensors["pool"])
    scores = net.span_logits(rows)[0].masked_fill(~tensors["valid"][0], -9.0)
    kept: list[tuple[int, int]] = []
    for i, k in sorted((scores > 0).nonzero().tolist(), key=lambda at: -scores[at[0], at[1]]):
        if all(i + k < a or i > b for a, b in kept):
            kept.append((i, i + k))
    if not kept:
        return set()
    i, j = torch.tensor(kept).T
    best = net.labels(rows["types"][0], i, j).argmax(1).tolist()
    return {(a, b, labels[n]) for (a, b), n in zip(kept, best, strict=True)}


def f1(
    net: TaggerNet,
    tokenizer: Tokenizer,
    ids: tuple[int, int, int],
    texts: list[Text],
    labels: tuple[str, ...],
) -> float:
    """Strict micro F1 over characters, in hundredths."""
    right = found = gold = 0
    for text in texts:
        made, starts, ends = unlabelled(tokenizer, "", text.text)
        begin, stop = {n: at for at, n in starts.items()}, {n: at for at, n in ends.items()}
        spans = {(begin[i], stop[j], label) for i, j, label in predict(net, made, ids, labels)}
        right, found, gold = right + len(spans & text.gold), found + len(spans), gold + len(text.gold)
    return 200 * right / max(1, found + gold)


def measure(task: Task, base: Base, checkpoint: Path, epochs: int) -> dict[str, float]:
    """Fit on the train split and score the others."""
    torch.manual_seed(1)
    tokenizer, ids = base.tokenizer(), base.ids()
    net = net_for(base, checkpoint, len(task.labels))
    examples = [example(tokenizer, text, task.labels) for text in task.train]
    epochs *= max(1, 400 // len(examples))
    steps = epochs * -(-len(examples) // 8)
    fit(net, [examples] * epochs, steps, ids, size=8, rate=1e-4, head_rate=1e-3, seed=1, say=say)
    return {
        f"{task.name} {name}": f1(net, tokenizer, ids, texts, task.labels)
        for name, texts in task.tests.items()
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--shared", type=Path, default=Path("../shared"))
    parser.add_argument("--work", type=Path, default=Path("build/training"), help="training's work folder")
    parser.add_argument(
        "--checkpoint", type=Path, help="the student's; by default student.pt in the work folder"
    )
    parser.add_argument("--only", help="one data set")
    parser.add_argument("--epochs", type=int, default=6)
    options = parser.parse_args()
    torch.set_num_threads(1)
    base = minilm(options.work, STUDENT_LAYERS)
    checkpoint = options.checkpoint or options.work / "student.pt"
    print("| split | system | F1 | source |\n|---|---|---|---|")
    for task in tasks(options.shared / "benchmarks"):
        if options.only in (None, task.name):
            for split, value in measure(task, base, checkpoint, options.epochs).items():
                print(f"| {split} | paperkg's recipe | {value:.1f} | this run |", flush=True)
    for split, system, value, source in PUBLISHED:
        print(f"| {split} | {system} | {value} | {source} |")


if __name__ == "__main__":
    main()

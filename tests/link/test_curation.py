"""The file of people's decisions: what is read, what is refused, what the command writes."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from kg.cli import kg
from kg.errors import CurationError
from kg.link import curation
from kg.link.curation import append, load_judgements, now
from kg.types import Judgement


def line(verdict, left, right=""):
    fields = {"verdict": verdict, "left": left, "right": right, "by": "Ada", "at": "2026-02-01"}
    return json.dumps({key: value for key, value in fields.items() if value})


@pytest.fixture
def file(tmp_path):
    return tmp_path / "curation.jsonl"


def test_decisions_are_read_with_their_lines(file):
    file.write_text(f"# ours\n\n{line('same', 'a', 'b')}\n{line('block', 'results')}")
    assert load_judgements(file) == (
        Judgement("a", "b", "same", "Ada", "2026-02-01", line=3),
        Judgement("results", "", "block", "Ada", "2026-02-01", line=4),
    )
    assert load_judgements(None) == load_judgements(file.with_name("none"), missing=True) == ()


def test_a_file_that_is_not_there_is_an_error_where_a_build_would_lose_decisions(file):
    with pytest.raises(
        CurationError, match="no such file: mend the name, or make it with `kg curate`, or an empty file"
    ):
        load_judgements(file)


def test_a_build_with_a_mistyped_curation_file_stops_before_it_reads(tmp_path, toy, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "kg.toml").write_text('sources = ["papers.jsonl"]\ncuration = "curation.jsonl"\n')
    (tmp_path / "papers.jsonl").write_bytes((toy / "papers.jsonl").read_bytes())
    for arguments, name in (([], "curation.jsonl"), (["--curation", "typo.jsonl"], "typo.jsonl")):
        result = CliRunner().invoke(kg, ["build", *arguments])
        assert (result.exit_code, result.output.count("\n")) == (3, 1)
        assert result.output.startswith(f"kg: {name}: no such file: mend the name")
        assert not (tmp_path / "exports").exists()
    listed = CliRunner().invoke(kg, ["curate", "list", "--json"])
    assert (listed.exit_code, json.loads(listed.output)) == (0, [])
    assert CliRunner().invoke(kg, ["curate", "block", "results"]).exit_code == 0
    assert len(load_judgements(tmp_path / "curation.jsonl")) == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"{", ":1: no JSON object"),
        (b"[1]", ":1: must be an object"),
        (b'{"verdict": "same", "left": 3}', ":1: must be an object"),
        (b"[" * 100_000, ":1: no JSON object"),
        (b'{"verdict": "maybe", "left": "a"}', "unknown verdict"),
        (b'{"verdict": "same", "left": "a"}', "right must be a name"),
        (b'{"verdict": "block", "left": ""}', "left must be a name"),
        (b'{"verdict": "block", "left": "a", "right": "b"}', "block takes one name"),
        (b'{"verdict": "retype", "left": "a", "right": "Animal"}', "unknown type"),
        (b'{"verdict": "block", "left": "a", "who": "x"}', "unknown field 'who'"),
        (b'{"verdict": "block", "left": "a\\u001b[2J"}', "printable"),
        (b'{"verdict": "block", "left": "' + b"a" * 600 + b'"}', "at most 500"),
        (b"\xff\xfe", "not UTF-8"),
    ],
)
def test_a_bad_line_is_one_clear_error(file, text, said):
    file.write_bytes(text)
    with pytest.raises(CurationError) as error:
        load_judgements(file)
    assert said in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    "lines",
    [
        [("same", "a", "b"), ("different", "B", "A")],
        [("different", "a", "c"), ("same", "a", "b"), ("same", "b", "c")],
        [("rename", "a", "x"), ("rename", "A", "y")],
        [("retype", "a", "Model"), ("retype", "a", "Task")],
        [("block", "a", ""), ("rename", "a", "x")],
        [("same", "b", "a"), ("block", "a", "")],
        [("broader", "a", "b"), ("broader", "b", "a")],
        [("broader", "a", "b"), ("broader", "b", "c"), ("broader", "c", "a")],
        [("same", "a", "b"), ("broader", "a", "b")],
    ],
)
def test_a_contradiction_names_both_lines(file, lines):
    file.write_text("\n".join(line(*each) for each in lines))
    with pytest.raises(CurationError, match=r"lines \d and \d contradict") as error:
        load_judgements(file)
    assert f" {len(lines)} contradict" in str(error.value)


def test_what_is_said_twice_is_no_contradiction(file):
    said = [
        ("same", "a", "b"),
        ("same", "b", "A"),
        ("different", "a", "c"),
        ("rename", "a", "x"),
        ("rename", "a", "x"),
    ]
    file.write_text("\n".join(line(*each) for each in said))
    assert len(load_judgements(file)) == 5


def test_append_adds_a_line_or_leaves_the_file(file):
    append(file, Judgement("a", "b", "same", "Ada", "2026-02-01", "why not"))
    file.write_text(file.read_text().rstrip("\n"))
    append(file, Judgement("c", "", "block", "Ada", "2026-02-01"))
    before = file.read_text()
    assert [json.loads(each)["verdict"] for each in before.splitlines()] == ["same", "block"]
    with pytest.raises(CurationError, match="lines 1 and 3"):
        append(file, Judgement("a", "b", "different", "Ada", "2026-02-01"))
    assert file.read_text() == before


def test_the_date_is_the_builds_where_it_is_set(monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
    assert now() == "1970-01-02"


def test_the_command_appends_and_lists(file, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "0")
    run = CliRunner().invoke
    assert (
        run(kg, ["curate", "same", "GPT-NeoX-20B", "GPT-NeoX", "--by", "Ada", "--file", str(file)]).exit_code
        == 0
    )
    assert run(kg, ["curate", "block", "results", "--file", str(file)]).exit_code == 0
    listed = run(kg, ["curate", "list", "--json", "--file", str(file)])
    assert [each["verdict"] for each in json.loads(listed.output)] == ["same", "block"]
    wrong = run(kg, ["curate", "different", "gpt neox", "GPT-NeoX-20B", "--file", str(file)])
    assert wrong.exit_code == 3
    assert "lines 1 and 3 contradict" in wrong.output


def test_without_a_curation_file_it_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(kg, ["curate", "block", "results"])
    assert result.exit_code == 3
    assert "kg.toml" in result.output


def test_a_thousand_decisions_are_read_and_checked(file):
    file.write_text("\n".join(line("same", f"name {n}", f"name {n + 1}") for n in range(1000)))
    assert len(load_judgements(file)) == 1000


def test_half_a_line_is_taken_back(tmp_path, monkeypatch):
    path = tmp_path / "curation.jsonl"
    append(path, Judgement("foo", "bar", "same", "Ada", "2026-01-01"))
    before = path.read_bytes()
    write = curation.to_line

    def half(judgement):
        with path.open("a") as file:
            file.write(write(judgement)[:20])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(curation, "to_line", half)
    with pytest.raises(CurationError, match=r"No space left on device\): make room"):
        append(path, Judgement("one", "other", "same", "Ada", "2026-01-01"))
    assert path.read_bytes() == before

"""What is told: one line, printable, short; JSON stays JSON; faults have a place and a code."""

from __future__ import annotations

import errno
import io
import json
import logging
import sys

import pytest
from click.testing import CliRunner

from kg import view
from kg.cli import kg
from kg.cli.shown import brief, to_json
from kg.errors import StoreError, advice

NASTY = '\u77e5 \U0001f9a4 \x1b[31m \x9b \u202e \udcff " \\ caf\u00e9'


def test_a_message_is_one_short_printable_line_with_its_end():
    assert brief("a\x1b[31m\n\u202eb\tc\u0000") == "a[31m b c"
    long = brief(f"{'x' * 1_000_000}: choose another")
    assert len(long) <= 300
    assert "\u2026" in long
    assert long.endswith("x: choose another")
    assert brief("y" * 300) == "y" * 300


@pytest.mark.parametrize("encoding", ["utf-8", "ascii", "cp1252", "utf-16"])
@pytest.mark.parametrize("indent", [None, 2])
def test_json_can_be_written_anywhere_and_read_back(monkeypatch, encoding, indent):
    out = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    monkeypatch.setattr(sys, "stdout", out)
    text = to_json({NASTY: [NASTY, 1]}, indent)
    text.encode(encoding)
    assert json.loads(text) == {NASTY: [NASTY, 1]}
    assert all(c.isprintable() or c == "\n" for c in text)


def test_letters_are_themselves_where_they_can_be(monkeypatch):
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(io.BytesIO(), encoding="utf-8"))
    assert to_json("\u77e5 caf\u00e9") == '"\u77e5 caf\u00e9"'


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "make room on the disk"), (errno.EDQUOT, "make room on the disk"), (errno.EROFS, "that you may write"),
        (errno.EACCES, "that you may write"), (errno.EPERM, "that you may write"), (errno.ENAMETOOLONG, "shorter"),
        (errno.EMFILE, "ulimit -n"), (errno.ENOMEM, "--jobs 1"), (errno.EIO, "look after it"), (errno.ENOENT, "mend the name"),
        (errno.ENOTDIR, "choose another"), (errno.EBADF, "closed"), (9999, "try again"), (None, "try again"),
    ],
)  # fmt: skip
def test_errors_of_the_system_say_what_to_do(number, words):
    assert words in advice(OSError(number, "x"))


@pytest.mark.parametrize(
    ("error", "code", "line"),
    [
        (StoreError("a\x1b[2J\nb"), 5, "kg: a[2J b"), (OSError(errno.ENOSPC, "No space left on device", "out/kg.ttl"), 1, "kg: out/kg.ttl: No space left on device: make room"),
        (OSError("odd"), 1, "kg: odd: try again"), (MemoryError(), 1, "kg: not enough memory: close"), (RuntimeError("std::bad_alloc"), 1, "kg: not enough memory: close"),
        (ImportError("x.so: failed to map segment from shared object"), 1, "kg: not enough memory"), (KeyError("x"), 70, "kg: a fault of kg's own: KeyError: 'x' (stats.py:"),
        (RecursionError("deep"), 70, "kg: a fault of kg's own: RecursionError: deep (stats.py:"), (AssertionError(), 70, "kg: a fault of kg's own: AssertionError (stats.py:"),
        (KeyboardInterrupt(), 130, "kg: stopped:"), (EOFError(), 130, "kg: stopped:"), (SystemExit(3), 3, ""), (BrokenPipeError(), 141, ""),
    ],
)  # fmt: skip
def test_whatever_a_command_raises_is_a_line_and_a_code(toy_exports, monkeypatch, error, code, line):
    def fail(store):
        raise error

    monkeypatch.setattr(view, "stats", fail)
    result = CliRunner().invoke(kg, ["stats", "-o", str(toy_exports)])
    assert result.exit_code == code
    assert result.output.startswith(line)
    assert result.output.count("\n") == bool(line)


def test_a_traceback_is_for_those_who_ask(toy_exports, monkeypatch):
    monkeypatch.setattr(view, "stats", lambda store: {}["x"])
    result = CliRunner().invoke(kg, ["-v", "stats", "-o", str(toy_exports)])
    logging.getLogger("kg").setLevel(logging.WARNING)
    assert "Traceback (most recent call last)" in result.output
    assert result.output.splitlines()[-1].startswith("kg: a fault of kg's own: KeyError: 'x'")


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["stats", "--foo"], "kg: No such option '--foo': see `kg stats --help`"), (["show"], "kg: Missing argument 'NAME': see `kg show --help`"),
        (["nonsense"], "kg: No such command 'nonsense': see `kg --help`"), (["curate", "same", "a"], "kg: Missing argument 'RIGHT': see `kg curate same --help`"),
        (["query", "ASK {}", "--timeout", "nan"], "kg: Invalid value for '--timeout': nan is no number of seconds: see `kg query --help`"),
    ],
)  # fmt: skip
def test_a_wrong_command_line_says_where_to_look(arguments, line):
    result = CliRunner().invoke(kg, arguments, prog_name="kg")
    assert (result.exit_code, result.output) == (2, f"{line}\n")


@pytest.mark.parametrize(
    "title", ['"', "\\", "\x7f", "\x00", "a\nb", "\u77e5 \U0001f9a4", "'''", '"""', "#", "\u202e"]
)
def test_settings_for_odd_titles_and_names_can_be_read(tmp_path, monkeypatch, title):
    from pathlib import Path

    from kg import config

    monkeypatch.chdir(tmp_path)
    name = title.replace("\x00", "n") + ".jsonl"
    result = CliRunner().invoke(kg, ["init", name, "--title", title])
    assert result.exit_code == 0, result.output
    found = config.load(Path("kg.toml"))
    assert (found.title, found.sources) == (title, (Path(name),))


@pytest.mark.parametrize(
    "arguments", [["--title", ""], ["--title", " "], ["--title", "\udcff"], ["a\udcff.jsonl"]]
)
def test_settings_that_cannot_be_written_leave_no_file(tmp_path, monkeypatch, arguments):
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(kg, ["init", *arguments])
    assert (result.exit_code, result.output.count("\n")) == (2, 1)
    assert [*tmp_path.iterdir()] == []


@pytest.mark.slow
def test_a_build_says_which_papers_are_gone(tmp_path, toy, monkeypatch):
    monkeypatch.chdir(tmp_path)
    lines = (toy / "papers.jsonl").read_text(encoding="utf-8").splitlines()
    for name, some in (("a.jsonl", lines[:2]), ("b.jsonl", lines[2:3]), ("c.jsonl", lines[:3])):
        (tmp_path / name).write_text("\n".join(some), encoding="utf-8")
    for name, said in (
        ("a.jsonl", None),
        ("c.jsonl", None),
        ("b.jsonl", "2 papers that no source names any more are gone: name their files too"),
    ):
        result = CliRunner().invoke(kg, ["build", name, "--pipeline", "rules", "--exports", "none"])
        assert result.exit_code == 0, result.output
        assert (
            (said or "no source names") in result.output if said else "no source names" not in result.output
        )
    assert "The graph is of these SOURCES alone" in " ".join(
        CliRunner().invoke(kg, ["build", "--help"]).output.split()
    )

"""Limits that make no sense are refused in a line, before anything is begun."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import urllib.request

import pytest
from click.testing import CliRunner
from exported import write_exports

from kg.cli import kg


@pytest.mark.parametrize("command", [["serve"], ["query", "ASK {}"]])
@pytest.mark.parametrize("seconds", ["nan", "NaN", "inf", "-inf", "-1", "0", "1e9", "soon"])
def test_a_time_that_is_none_is_refused(command, seconds):
    shown = CliRunner().invoke(kg, [*command, "--timeout", seconds])
    assert shown.exit_code == 2
    assert "Invalid value for '--timeout'" in shown.output


@pytest.mark.parametrize(
    ("command", "option", "value"),
    [
        ("serve", "--port", "99999"),
        ("serve", "--port", "-1"),
        ("serve", "--max-rows", "-1"),
        ("serve", "--max-rows", "0"),
        ("query", "--limit", "-1"),
    ],
)
def test_a_number_out_of_its_range_is_refused(command, option, value):
    shown = CliRunner().invoke(kg, [command, option, value])
    assert shown.exit_code == 2
    assert f"Invalid value for '{option}'" in shown.output


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_any_free_port_is_told_once_it_is_taken(tmp_path):
    write_exports(tmp_path, names=["kg.nt"])
    command = [sys.executable, "-m", "kg", "serve", "-o", str(tmp_path), "--port", "0"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    try:
        told = process.stderr.readline()
        address = re.match(r"http://127\.0\.0\.1:[1-9]\d*/", told)
        assert address, told
        with urllib.request.urlopen(f"{address[0]}health", timeout=30) as answer:
            assert answer.status == 200
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)
        process.stderr.close()

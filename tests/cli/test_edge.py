"""Every command under what can be the matter around it: one line on standard error that says what, an exit code,
no traceback; as processes of their own, for it is the process' own streams, limits and signals that fail.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from kg.cli import COMMANDS, kg

pytestmark = pytest.mark.slow

PAPERS = [
    {"id": "a", "title": "Caf\u00e9BERT: \u2265 2 Models for \u77e5\u8bc6", "abstract": "We present Caf\u00e9BERT, a language model, trained on SQuAD. \U0001f9a4 \u202e"},
    {"id": "b", "title": "On SQuAD and Caf\u00e9BERT", "abstract": "We evaluate Caf\u00e9BERT on SQuAD.\u001b[31m"},
    {"id": "c", "title": "No abstract \u77e5"},
]  # fmt: skip
# a command line of each command that prints, and the same as JSON where it can
ROWS = {
    "build": (["build"], ["build", "--json"]),
    "rebuild": (["rebuild"], ["rebuild", "--json"]),
    "init": (["init", "\u77e5.jsonl"], None),
    "extract": (["extract", "papers.jsonl", "--pipeline", "rules"], ["extract", "papers.jsonl", "--pipeline", "rules"]),
    "evaluate": (["evaluate", "gold.jsonl", "gold.jsonl"], ["evaluate", "gold.jsonl", "gold.jsonl", "--json"]),
    "query": (["query", "SELECT ?t { ?p dcterms:title ?t }"], None),
    "show": (["show", "a"], ["show", "a", "--json"]),
    "related": (["related", "a"], ["related", "a", "--json"]),
    "path": (["path", "a", "b"], ["path", "a", "b", "--json"]),
    "explain": (["explain", "Caf\u00e9BERT", "Caf\u00e9 BERT"], ["explain", "Caf\u00e9BERT", "Caf\u00e9 BERT", "--json"]),
    "curate": (["curate", "list"], ["curate", "list", "--json"]),
    "review": (["review", "--list"], ["review", "--list", "--json"]),
    "diff": (["diff", "exports", "exports"], ["diff", "exports", "exports", "--json"]),
    "stats": (["stats", "--issues"], ["stats", "--issues", "--json"]),
    "validate": (["validate"], ["validate", "--json"]),
    "serve": (["serve", "--port", "0"], None),
}  # fmt: skip
ONCE = [name for name in ROWS if name != "serve"]  # those that end by themselves


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """A small built folder, as a pattern to copy."""
    folder = tmp_path_factory.mktemp("pattern")
    (folder / "papers.jsonl").write_text("\n".join(map(json.dumps, PAPERS)), encoding="utf-8")
    decision = {
        "verdict": "same",
        "left": "Caf\u00e9BERT",
        "right": "\u77e5",
        "by": "Ada",
        "at": "2026-02-01",
    }
    (folder / "curation.jsonl").write_text(json.dumps(decision), encoding="utf-8")
    (folder / "kg.toml").write_text(
        'sources = ["papers.jsonl"]\ncuration = "curation.jsonl"\npipeline = "rules"\ntitle = "\u77e5\u8bc6"\n',
        encoding="utf-8",
    )
    assert run(folder, ["build"]).returncode == 0
    found = run(folder, ROWS["extract"][0])
    (folder / "gold.jsonl").write_text(found.stdout, encoding="utf-8")
    return folder


@pytest.fixture
def place(built, request):
    """A copy of it in a folder that any user may enter."""
    folder = Path(tempfile.mkdtemp(prefix="kg-edge-"))
    request.addfinalizer(lambda: shutil.rmtree(folder, ignore_errors=True))
    shutil.copytree(built, folder, dirs_exist_ok=True)
    folder.chmod(0o755)
    return folder


def run(
    folder,
    arguments,
    *,
    closed=(),
    memory=None,
    file_size=None,
    environment=None,
    encoding="utf-8",
    **options,
):
    """A command as a process; `closed` are the numbers of streams that it doesn't have."""

    def before():
        for number in closed:
            os.close(number)
        if memory:
            resource.setrlimit(resource.RLIMIT_AS, (memory << 20, memory << 20))
        if file_size:
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (file_size, file_size))

    if arguments[0] == "init" and os.access(folder, os.W_OK):
        (folder / "kg.toml").unlink(missing_ok=True)
    options = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | options
    return subprocess.run(
        [sys.executable, "-m", "kg", *arguments],
        cwd=folder, env=os.environ | {"LC_ALL": "C.UTF-8", "COLUMNS": "80"} | (environment or {}),
        preexec_fn=before, timeout=120, check=False, encoding=encoding, errors="surrogateescape", **options,
    )  # fmt: skip


def told(done, *codes, words=""):
    """That the command failed as it should: its code, and one line that says what is the matter."""
    lines = [
        line for line in done.stderr.splitlines() if not line.startswith("kg: papers.jsonl: no abstract")
    ]
    assert (done.returncode in codes, len(lines)) == (True, 1), (done.returncode, done.stderr, done.stdout)
    assert lines[0].startswith("kg: ")
    assert words in lines[0]
    assert all(c.isprintable() for c in lines[0])


def quiet(done, *codes):
    """That nothing was told but issues, and the code is one of those."""
    assert done.returncode in (codes or (0,)), (done.returncode, done.stderr)
    assert "Traceback" not in (done.stderr or "")
    assert "Exception ignored" not in (done.stderr or "")


def test_every_command_is_in_the_table():
    assert list(ROWS) == list(COMMANDS)


@pytest.mark.parametrize("name", ONCE)
def test_a_full_output(place, name):
    with Path("/dev/full").open("wb") as full:
        told(
            run(place, ROWS[name][0], stdout=full),
            6,
            words="standard output: No space left on device: make room",
        )


@pytest.mark.parametrize("name", ONCE)
def test_a_closed_output(place, name):
    told(
        run(place, ROWS[name][0], closed=(1,)), 6, words="standard output: Bad file descriptor: it is closed"
    )
    if name in ("build", "rebuild"):
        assert run(place, ["stats"]).returncode == 0  # what was to be printed is not in the store


@pytest.mark.parametrize("name", ONCE)
def test_closed_input_and_errors(place, name):
    before = (place / "exports" / "kg.ttl").read_bytes()
    quiet(run(place, ROWS[name][0], closed=(0,)))
    assert run(place, ROWS[name][0], closed=(0, 2)).returncode == 0
    assert run(place, ROWS[name][0], closed=(0, 1, 2)).returncode == 6
    assert (place / "exports" / "kg.ttl").read_bytes() == before


@pytest.mark.parametrize(
    ("arguments", "code"), [(["build", "-"], 3), (["extract", "-"], 3), (["query", "-"], 7)]
)
def test_what_is_asked_of_a_closed_input(place, arguments, code):
    told(run(place, arguments, closed=(0,)), code, words="Bad file descriptor")


@pytest.mark.parametrize("name", ONCE)
@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_an_output_that_has_not_all_letters(place, name, encoding):
    plain, as_json = ROWS[name]
    for arguments in filter(None, (plain, as_json if encoding == "ascii" else None)):
        done = run(place, arguments, environment={"PYTHONIOENCODING": encoding}, encoding=encoding)
        quiet(done)
        if arguments is as_json and name == "extract":
            assert [json.loads(line)["id"] for line in done.stdout.splitlines()] == ["a", "b", "c"]
        elif arguments is as_json:
            assert json.loads(done.stdout) == json.loads(run(place, arguments).stdout)


@pytest.mark.parametrize("name", ONCE)
def test_a_reader_that_goes_away(place, name):
    reading, writing = os.pipe()
    os.close(reading)
    done = run(place, ROWS[name][0], stdout=writing)
    os.close(writing)
    assert (done.returncode, [x for x in done.stderr.splitlines() if "no abstract" not in x]) == (141, [])


@pytest.fixture
def sealed(place):
    """The folder of a user who may read all in it and write nothing."""
    if os.geteuid():
        for folder in (place / "exports", place):
            folder.chmod(0o555)
        yield place
        for folder in (place, place / "exports"):
            folder.chmod(0o755)
        return
    for options in (["--bind", str(place), str(place)], ["-o", "remount,ro,bind", str(place)]):
        if subprocess.run(["mount", *options], check=False, capture_output=True).returncode:
            pytest.skip("needs to mount, or not to be root")
    yield place
    subprocess.run(["umount", str(place)], check=True)


@pytest.mark.parametrize("name", ONCE)
def test_a_place_that_cannot_be_written(sealed, name):
    done = run(sealed, ROWS[name][0])
    if name in ("build", "rebuild", "init", "query") and done.returncode:
        told(done, 1, 2, 5, 6, 7)
    else:
        quiet(done)


@pytest.mark.parametrize("name", ["build", "rebuild", "query", "curate", "init"])
def test_a_disk_that_is_full(place, name):
    (place / "kg.toml").write_text(
        (place / "kg.toml").read_text("utf-8").replace("title = ", "title = 'x' #"), "utf-8"
    )
    arguments = ["curate", "block", "x" * 400] if name == "curate" else ROWS[name][0]
    done = run(place, arguments, file_size=100)
    if name == "query":  # answered from memory, and told
        assert (done.returncode, done.stderr.count("\n")) == (0, 1)
        assert "loaded in memory instead" in done.stderr
    else:
        told(done, 1, 2, 3, 5, 6, 7)


@pytest.mark.parametrize("name", ONCE)
@pytest.mark.parametrize("megabytes", [60, 200])
def test_little_memory(place, name, megabytes):
    done = run(place, ROWS[name][0], memory=megabytes, environment={"OPENBLAS_NUM_THREADS": "1"})
    assert "most recent call last" not in done.stderr
    assert done.returncode == 0 or done.stderr  # a library may end the process, with a word of its own


@pytest.mark.parametrize("name", list(ROWS))
def test_options_that_are_not_there(place, name):
    told(run(place, [name, "--nonsense"]), 2, words=f"{name} --help`")


ODD = b"\xff\x1b[31m \xe2\x80\xae"
MISSING = {
    "build": [b"build", ODD], "rebuild": [b"rebuild", ODD], "extract": [b"extract", ODD], "evaluate": [b"evaluate", ODD, ODD],
    "query": [b"query", ODD], "show": [b"show", ODD], "related": [b"related", ODD], "path": [b"path", ODD, b"a"],
    "diff": [b"diff", ODD, ODD], "validate": [b"validate", ODD], "curate": [b"curate", b"block", ODD], "stats": [b"stats", b"-o", ODD],
    "review": [b"review", b"-o", ODD], "serve": [b"serve", b"--timeout", ODD], "init": [b"init", ODD],
    "explain": [b"explain", b"--pairs", ODD],
}  # fmt: skip


@pytest.mark.parametrize("name", list(ROWS))
def test_names_of_nothing_that_are_no_text(place, name):
    told(run(place, list(map(os.fsdecode, MISSING[name]))), 1, 2, 3, 4, 5, 6, 7, 8)


@pytest.mark.parametrize(
    "name", ["build", "rebuild", "extract", "stats", "show", "query", "validate", "review", "diff", "path"]
)
def test_files_and_folders_whose_names_are_no_text(place, name):
    odd = os.fsdecode(b"\xff\xe9")
    shutil.copy(place / "papers.jsonl", place / f"{odd}.jsonl")
    shutil.copytree(place / "exports", place / odd)
    shutil.copy(place / "exports" / "kg.ttl", place / f"{odd}.ttl")
    lines = {
        "build": ["build", f"{odd}.jsonl", "-o", odd], "rebuild": ["rebuild", f"{odd}.jsonl", "-o", odd], "extract": ["extract", f"{odd}.jsonl"],
        "validate": ["validate", f"{odd}.ttl"], "diff": ["diff", odd, odd],
    }  # fmt: skip
    done = run(place, lines.get(name, [*ROWS[name][0], "-o", odd]))
    quiet(done) if done.returncode == 0 else told(done, 1, 2, 3, 5, 6, 7)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["query", "ASK {}", "--limit", "-1"], 2), (["query", "ASK {}", "--timeout", "nan"], 2), (["query", "ASK {}", "--timeout", "inf"], 2),
        (["query", "ASK {}", "--timeout", "0"], 2), (["query", "ASK {}", "--timeout", "-1"], 2), (["related", "a", "-n", "-1"], 2),
        (["review", "--list", "-n", "-1"], 2), (["evaluate", "gold.jsonl", "gold.jsonl", "--misses", "-1"], 2), (["build", "--jobs", "-1"], 2),
        (["build", "--jobs", "x"], 2), (["build", "--base-iri", "not an iri"], 2), (["build", "--base-iri", ""], 2), (["build", "--pipeline", ""], 2),
        (["build", "--exports", "nonsense"], 8), (["build", "--curation", "typo.jsonl"], 3), (["nonsense"], 2), (["show"], 2), (["curate", "same", "a"], 2),
        (["show", "a", "-o", "kg.toml"], 5), (["stats", "-o", "nowhere"], 5), (["validate", "nowhere.ttl"], 7), (["init", "--title", ""], 2),
        (["show", "x" * 100_000], 8), (["build", "x" * 100_000], 3), (["build", "-o", "x" * 5000], 6), (["explain", "a"], 2),
        (["explain", "--pairs", "nowhere"], 3), (["diff", "nowhere", "nowhere"], 3), (["evaluate", "nowhere"], 3),
    ],
)  # fmt: skip
def test_options_and_files_that_cannot_be_meant(place, arguments, code):
    done = run(place, arguments)
    told(done, code)
    assert len(done.stderr) < 1100


def test_a_setting_with_nul_is_told(place):
    (place / "kg.toml").write_text('sources = ["a\\u0000b"]\n')
    told(run(place, ["build"]), 2, words="NUL")


def test_long_titles_and_escapes_in_issues_are_cut_and_cleaned(place):
    paper = {"id": "long", "title": "\x1b[31m\u202e" + "x" * 1_000_000}
    (place / "papers.jsonl").write_text(json.dumps(paper))
    for arguments in (
        ["build", "-o", "long"],
        ["stats", "--issues", "-o", "long"],
        ["extract", "papers.jsonl", "--pipeline", "rules"],
    ):
        done = run(place, arguments)
        quiet(done)
        lines = [
            line
            for line in (done.stdout + done.stderr).splitlines()
            if "no abstract" in line and not line.startswith("{")
        ]
        assert [len(line) < 320 for line in lines] == [True], [len(line) for line in lines]
        assert "\x1b" not in lines[0]
        assert "\u2026" in lines[0]


def test_a_fault_that_nobody_foresaw(place):
    code = "import kg.view as v, kg.__main__ as m\ndef stats(store): raise KeyError('x\\x1b')\nv.stats = stats\nm.main()"
    for verbose in ([], ["-v"]):
        done = subprocess.run(
            [sys.executable, "-c", code, *verbose, "stats"],
            cwd=place,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 70
        last = done.stderr.splitlines()[-1]
        assert last.startswith("kg: a fault of kg's own: KeyError: 'x\\x1b' (stats.py:")
        assert ("Traceback" in done.stderr) == bool(verbose)


@pytest.mark.parametrize(
    "arguments", [["build", "-o", "new"], ["build", "-o", "new", "--jobs", "2"], ["extract", "papers.jsonl"]]
)
@pytest.mark.parametrize("wait", [0.5, 1, 1.5, 2.5, 4])
def test_ctrl_c_stops_in_one_line(place, arguments, wait):
    """Sent to all the command's processes, as a terminal does."""
    papers = [
        {"id": f"{n}", "title": f"Title {n}", "abstract": PAPERS[0]["abstract"] * 40} for n in range(600)
    ]
    (place / "papers.jsonl").write_text("\n".join(map(json.dumps, papers)))
    process = subprocess.Popen(
        [sys.executable, "-m", "kg", *arguments], cwd=place, text=True, start_new_session=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
    )  # fmt: skip
    time.sleep(wait)
    os.killpg(process.pid, signal.SIGINT)
    _, errors = process.communicate(timeout=30)
    assert process.returncode in (130, -signal.SIGINT)
    assert errors in ("kg: stopped: what was read is kept, run it again to go on\n", "")


def test_ctrl_c_of_the_command_alone_ends_its_processes(place):
    papers = [
        {"id": f"{n}", "title": f"Title {n}", "abstract": PAPERS[0]["abstract"] * 400} for n in range(600)
    ]
    (place / "papers.jsonl").write_text("\n".join(map(json.dumps, papers)))
    process = subprocess.Popen(
        [sys.executable, "-m", "kg", "build", "-o", "new", "--jobs", "2"],
        cwd=place,
        text=True,
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
    )
    time.sleep(4)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=30)
    assert (process.returncode, errors.count("\n")) == (130, 1)


@pytest.mark.parametrize("closed", [(0,), (1,), (0, 1), (0, 1, 2)])
def test_a_server_serves_whatever_its_streams(place, closed):
    process = subprocess.Popen(
        [sys.executable, "-m", "kg", "serve", "--port", "0"], cwd=place, stderr=subprocess.PIPE, text=True,
        preexec_fn=lambda: [os.close(number) for number in closed],
    )  # fmt: skip
    time.sleep(4)
    assert process.poll() is None
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=30)
    assert process.returncode in (0, 130)
    assert "Traceback" not in errors


def test_help_without_a_command_is_help():
    done = CliRunner().invoke(kg, [])
    assert done.exit_code == 2
    assert "Commands:" in done.output

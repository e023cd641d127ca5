"""Nothing phones home: every system call of every command, looked at. It reaches no address but this machine's
own, asks for no name, and writes nowhere but into its output folder.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
import urllib.request
from typing import TYPE_CHECKING

import pytest

from kg import offline

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NETWORK = "connect,sendto,sendmsg,sendmmsg,bind"
FILES = (
    "open,openat,openat2,creat,mkdir,mkdirat,mknod,mknodat,rename,renameat,renameat2,link,linkat,symlink,symlinkat,"
    "unlink,unlinkat,rmdir,truncate,chmod,fchmodat,utimensat"
)
OWN = re.compile(
    r'sin_addr=inet_addr\("127\.|inet_pton\(AF_INET6, "::1"|sa_family=AF_NETLINK|/run/nscd/socket'
)
LOOKUP = re.compile(r"sin6?_port=htons\(53\)")
WRITES = re.compile(r"O_WRONLY|O_RDWR|O_CREAT|O_TRUNC|O_APPEND|O_TMPFILE")
# no files that stay: devices, and SQLite's for large sorts, unlinked as soon as they are open
ELSEWHERE = re.compile(r"^/dev/(null|tty|full|shm)\b|^/proc/|/etilqs_[0-9a-f]+$")


def faults(log: str, folder: Path) -> Iterator[str]:
    """The calls in a log of strace that leave the machine or the folder."""
    for line in log.splitlines():
        name, _, rest = re.sub(r"^\d+ +", "", line).partition("(")
        if name in NETWORK.split(","):
            addressed = "sa_family=" in rest
            if LOOKUP.search(rest) or (addressed and "AF_UNSPEC" not in rest and not OWN.search(rest)):
                yield line
        elif name in FILES.split(",") and (name not in ("open", "openat") or WRITES.search(rest)):
            named = re.findall(r'(?:<([^>"]*)>, )?"((?:[^"\\]|\\.)*)"', rest)  # (folder, name)
            paths = [os.path.join(*each) for each in named]  # noqa: PTH118  # as the system reads them
            paths = paths[1:] if name.startswith("symlink") else paths  # the first is what the link says
            if not all(ELSEWHERE.search(path) or within(path, folder) for path in paths):
                yield line


def within(path: str, folder: Path) -> bool:
    return os.path.normpath(folder.parent / path).startswith(f"{folder}")


@pytest.fixture(scope="module")
def traced(tmp_path_factory, toy):
    """Runs commands under strace in a folder with papers, with an empty home; returns what they must not do."""
    if shutil.which("strace") is None:
        pytest.skip("needs strace: apt-get install strace")
    top = tmp_path_factory.mktemp("offline").resolve()
    for name in ("home", "tmp", "out"):
        (top / name).mkdir()
    for name in ("papers.jsonl", "page.txt", "gold.jsonl"):
        shutil.copy(toy / name, top)
    papers = [json.loads(line) for line in (toy / "papers.jsonl").read_text(encoding="utf-8").splitlines()]
    many = [
        paper | {"id": f"{paper['id']}-{n}", "title": f"{paper['title']} {n}"}
        for n in range(15)
        for paper in papers
    ]
    (top / "many.jsonl").write_text("\n".join(map(json.dumps, many)), encoding="utf-8")
    hostile(top)
    kept = {
        name: value
        for name, value in os.environ.items()
        if name in ("PATH", "LANG", "PYTHONPATH", "VIRTUAL_ENV")
    }
    environment = kept | {
        "HOME": str(top / "home"),
        "TMPDIR": str(top / "tmp"),
        "PYTHONDONTWRITEBYTECODE": "1",
    }

    def start(*arguments: str, seccomp: bool = True) -> subprocess.Popen[str]:
        trace = [
            "strace",
            "-f",
            "-qq",
            "-y",
            "-s",
            "300",
            *(["--seccomp-bpf"] if seccomp else []),
            "-e",
            f"trace={NETWORK},{FILES}",
            "-o",
            str(top / "log"),
        ]
        return subprocess.Popen(
            [*trace, sys.executable, *arguments],
            cwd=top,
            env=environment,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def run(*arguments: str, codes: tuple[int, ...] = (0,), seccomp: bool = True) -> tuple[list[str], str]:
        process = start(*arguments, seccomp=seccomp)
        output, errors = process.communicate(timeout=300)
        assert process.returncode in codes, errors
        return [*faults((top / "log").read_text(errors="replace"), top / "out"), *left(top)], output + errors

    run.start, run.top = start, top  # type: ignore[attr-defined]
    return run


def left(top: Path) -> list[str]:
    """What lies in the home folder and among temporary files; taken away, for the next command's sake."""
    found = [str(path) for name in ("home", "tmp") for path in (top / name).rglob("*")]
    for name in ("home", "tmp"):
        shutil.rmtree(top / name)
        (top / name).mkdir()
    return found


def hostile(top: Path) -> None:
    """Files that name what would have to be fetched."""
    (top / "imports.ttl").write_text(
        "@prefix owl: <http://www.w3.org/2002/07/owl#> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n"
        "<urn:o> a owl:Ontology ; owl:imports <http://imported.invalid/o.ttl>, <http://192.0.2.1/o.ttl> .\n"
        "<urn:c> a skos:Concept ; skos:prefLabel 'tide table'@en .\n"
    )
    (top / "imports.owl").write_text(
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:owl="http://www.w3.org/2002/07/owl#" '
        'xmlns:rdfs="http://www.w3.org/2000/01/rdf-schema#"><owl:Ontology rdf:about="urn:o"><owl:imports '
        'rdf:resource="http://imported.invalid/o.owl"/></owl:Ontology><owl:Class rdf:about="urn:c"><rdfs:label>tide'
        "</rdfs:label></owl:Class></rdf:RDF>"
    )
    (top / "remote.jsonld").write_text(
        '{"@context": "http://context.invalid/c.jsonld", "@id": "urn:c", "label": "tide"}'
    )
    (top / "entity.owl").write_text(
        '<!DOCTYPE x SYSTEM "http://dtd.invalid/x.dtd" [<!ENTITY e SYSTEM "http://dtd.invalid/e">]><x>&e;</x>'
    )
    (top / "links.jsonl").write_text(
        json.dumps(
            {
                "id": "x",
                "title": "http://title.invalid/",
                "url": "http://url.invalid/",
                "abstract": "See http://abstract.invalid/ for BERT.",
            }
        )
    )


KG = ("-m", "kg")
pytestmark = pytest.mark.slow


def test_the_log_is_read_rightly(tmp_path):
    log = """
1 connect(3, {sa_family=AF_INET, sin_port=htons(443), sin_addr=inet_addr("20.1.2.3")}, 16) = -1
1 connect(3, {sa_family=AF_INET, sin_port=htons(53), sin_addr=inet_addr("127.0.0.53")}, 16) = 0
1 sendmmsg(3, [{msg_hdr={msg_name={sa_family=AF_INET6, sin6_port=htons(53), inet_pton(AF_INET6, "::1")}}}], 2) = 1
1 connect(3, {sa_family=AF_INET, sin_port=htons(8765), sin_addr=inet_addr("127.0.0.1")}, 16) = 0
1 connect(3, {sa_family=AF_UNIX, sun_path="/var/run/nscd/socket"}, 110) = -1
1 connect(3, {sa_family=AF_UNIX, sun_path="/run/other"}, 110) = -1
1 openat(AT_FDCWD, "/root/.cache/x", O_RDWR|O_CREAT|O_CLOEXEC, 0666) = 4
1 openat(AT_FDCWD, "/root/.cache/x", O_RDONLY) = 4
1 openat(AT_FDCWD, "out/kg.ttl", O_WRONLY|O_CREAT, 0666) = 4
1 openat(AT_FDCWD, "out/../x", O_WRONLY|O_CREAT, 0666) = 4
1 rename("out/a", "/elsewhere") = 0
1 unlinkat(8</elsewhere/out>, "a", 0) = 0
1 symlink("old", "out/now") = 0
1 openat(AT_FDCWD, "/dev/null", O_RDWR) = 4""".strip().splitlines()
    assert [log.index(line) for line in faults("\n".join(log), tmp_path / "out")] == [
        0,
        1,
        2,
        5,
        6,
        9,
        10,
        11,
    ]


def test_the_switches_are_what_keeps_the_runtime_silent(traced, root):
    """Without them this very test would see it: the runtime does write, where it isn't told not to."""
    model = root / "kg" / "extract" / "model" / "model.onnx"
    code = f"import onnxruntime; onnxruntime.InferenceSession({str(model)!r})"
    silent, _ = traced("-c", f"from kg.offline import stay_offline; stay_offline(); {code}")
    assert silent == []
    from importlib.metadata import version

    if tuple(map(int, version("onnxruntime").split(".")[:2])) >= (1, 29):
        loud, _ = traced("-c", code)
        assert any("/home/" in fault for fault in loud)


@pytest.mark.parametrize(
    ("arguments", "codes"),
    [
        (["build", "page.txt", "-o", "out"], (0,)),
        (["rebuild", "papers.jsonl", "-o", "out", "--vocabulary", "imports.ttl", "--vocabulary", "imports.owl"], (0,)),
        (["build", "many.jsonl", "-o", "out/many", "--jobs", "2"], (0,)),
        (["build", "links.jsonl", "-o", "out/links"], (0,)),
        (["build", "papers.jsonl", "-o", "out/refused", "--vocabulary", "remote.jsonld"], (3,)),
        (["build", "papers.jsonl", "-o", "out/refused", "--vocabulary", "entity.owl"], (3,)),
        (["build", "papers.jsonl", "-o", "out/refused", "--pipeline", "some-org/some-model"], (4,)),
        (["extract", "papers.jsonl", "page.txt"], (0,)),
        (["evaluate", "gold.jsonl", "--papers", "papers.jsonl"], (0,)),
        (["query", "-o", "out", "SELECT * { ?s a kg:Model }"], (0,)),
        (["query", "-o", "out", "--name", "shared-concepts"], (0,)),
        (["query", "-o", "out", "SELECT * { SERVICE <http://service.invalid/> { ?s ?p ?o } }"], (7,)),
        (["query", "-o", "out", "SELECT * FROM <http://from.invalid/> { ?s ?p ?o }"], (0, 7)),
        (["validate", "-o", "out"], (0,)),
        (["validate", "imports.ttl"], (0, 1)),
        (["validate", "imports.owl"], (0, 1, 7)),
        (["validate", "remote.jsonld"], (7,)),
        (["show", "-o", "out", "Brimstone"], (0,)),
        (["review", "--list", "-o", "out"], (0, 3)),
        (["review", "--list", "-o", "out", "--file", "none.jsonl"], (0,)),
        (["stats", "-o", "out", "--issues"], (0,)),
        (["diff", "out", "out/many"], (0,)),
        (["explain", "a model", "the model", "-o", "out"], (0,)),
    ],
)  # fmt: skip
def test_commands_reach_nothing_and_write_nowhere_else(traced, arguments, codes):
    found, said = traced(*KG, *arguments, codes=codes)
    assert found == [], said
    assert "Traceback" not in said


def test_the_library_does_not_either(traced):
    code = (
        "import kg\nfrom kg.config import Config\nfrom pathlib import Path\n"
        "report = kg.build(Config(sources=(Path('papers.jsonl'),), output=Path('out/library')))\n"
        "opened = kg.open('out/library'); opened.show('Brimstone'); opened.query('ASK {}'); opened.rdflib(); opened.to_networkx()\n"
        "opened._repr_html_(); opened.close()"
    )
    assert traced("-c", code)[0] == []


def test_a_server_answers_and_asks_nobody(traced):
    port = 18765 + os.getpid() % 1000
    process = traced.start(*KG, "serve", "-o", "out", "--port", str(port))
    try:
        for _ in range(200):
            if process.poll() is not None or answers(f"http://127.0.0.1:{port}/health"):
                break
            time.sleep(0.1)
        for path in (
            "/",
            "/search?q=model",
            "/search.json?q=model",
            "/sparql?query=ASK%20%7B%7D",
            "/graph.html",
            "/openapi.json",
        ):
            answers(f"http://127.0.0.1:{port}{path}")
        assert answers(f"http://127.0.0.1:{port}/sparql?query=ASK%20%7B%7D")
    finally:
        subprocess.run(["pkill", "-INT", "-P", str(process.pid)], check=False)
        process.communicate(timeout=60)
    assert [
        *faults((traced.top / "log").read_text(errors="replace"), traced.top / "out"),
        *left(traced.top),
    ] == []


def answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=20) as answer:
            return answer.status == 200
    except OSError:
        return False


def test_switches_are_set_and_a_users_word_on_fetching_counts(monkeypatch):
    for name in (*offline._TELLING, *offline._FETCHING):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("ORT_DISABLE_TELEMETRY", "0")
    monkeypatch.setenv("HF_HUB_OFFLINE", "0")
    offline.stay_offline()
    assert (os.environ["ORT_DISABLE_TELEMETRY"], os.environ["DO_NOT_TRACK"]) == ("1", "1")
    assert (os.environ["HF_HUB_OFFLINE"], os.environ["TRANSFORMERS_OFFLINE"]) == ("0", "1")

"""What a build leaves behind when it is killed, when two run at once, and when the store is damaged.

    python benchmarks/reliability.py kills [--trials 200]     # kill -9 at random moments
    python benchmarks/reliability.py aimed                    # kill -9 before each change of a name (strace)
    python benchmarks/reliability.py pairs [--trials 50]      # two builds at once in one folder
    python benchmarks/reliability.py flips [--trials 60]      # random bits of the store flipped

Each prints what was seen and ends with exit code 1 if anything was not as `docs/reliability.md` promises: at
every moment the exports of one build, and a next build that ends as an undisturbed one does, byte for byte.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path

from kg.export import EXPORTERS

TOY = Path(__file__).parent.parent / "tests" / "toy" / "papers.jsonl"
KG = (sys.executable, "-m", "kg")
NAMING = "rename,renameat,renameat2,symlink,symlinkat,link,linkat,unlink,unlinkat"
Hashes = dict[str, str]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=("kills", "aimed", "pairs", "flips"))
    parser.add_argument("--trials", type=int, default=0)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    chance = random.Random(options.seed)
    with tempfile.TemporaryDirectory(prefix="paperkg-") as folder:
        trials = Trials(Path(folder), chance)
        run = {"kills": trials.kills, "aimed": trials.aimed, "pairs": trials.pairs, "flips": trials.flips}
        defaults = {"kills": 200, "aimed": 0, "pairs": 50, "flips": 60}
        seen = run[options.what](options.trials or defaults[options.what])
    for name, count in sorted(seen.items()):
        print(f"{count:6} {name}")
    sys.exit(any(name.startswith("WRONG") for name in seen))


class Trials:
    """A folder with two corpora, and the exports that an undisturbed build makes of each."""

    def __init__(self, folder: Path, chance: random.Random) -> None:
        self.folder, self.chance = folder, chance
        papers = [json.loads(line) for line in TOY.read_text(encoding="utf-8").splitlines()]
        more = [
            paper | {"id": f"{paper['id']}-2", "title": f"{paper['title']} again"} for paper in papers[:4]
        ]
        self.known = [self._made("old", papers), self._made("new", papers + more)]
        self.seconds = self._seconds()

    def _made(self, name: str, papers: list[dict[str, object]]) -> Hashes:
        source = self.folder / name / "papers.jsonl"
        source.parent.mkdir()
        source.write_text("\n".join(map(json.dumps, papers)), encoding="utf-8")
        subprocess.run(self._command(name, f"only-{name}"), check=True, stdout=subprocess.DEVNULL)
        return hashes(self.folder / f"only-{name}")

    def _command(self, source: str, output: str, command: str = "build") -> list[str]:
        where = ["-o", str(self.folder / output), str(self.folder / source / "papers.jsonl")]
        return [*KG, command, "--pipeline", "rules", *where]

    def _seconds(self) -> float:
        found = []
        for _ in range(2):
            self._old("timed")
            begin = time.monotonic()
            subprocess.run(self._command("new", "timed"), check=True, stdout=subprocess.DEVNULL)
            found.append(time.monotonic() - begin)
        return min(found)

    def _nothing(self, output: str) -> Path:
        shutil.rmtree(self.folder / output, ignore_errors=True)
        return self.folder / output

    def _old(self, output: str) -> Path:
        """A folder in which the old corpus was built, undisturbed."""
        folder = self.folder / output
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.folder / "only-old", folder)
        return folder

    def kills(self, trials: int) -> Counter[str]:
        seen: Counter[str] = Counter()
        for number in range(trials):
            folder = self._old("killed") if number % 4 else self._nothing("killed")
            command = "rebuild" if number % 4 == 3 else "build"
            process = subprocess.Popen(
                self._command("new", "killed", command), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                start_new_session=True,
            )  # fmt: skip
            time.sleep(self.chance.uniform(0.1, 1.0) * self.seconds)
            seen["killed" if process.poll() is None else "ended before the kill"] += 1
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            self._judge(folder, seen, was=bool(number % 4))
        return seen

    def aimed(self, most: int) -> Counter[str]:
        """One trial for each change of a name that a build makes in its output folder, from the first export
        on.
        """
        seen: Counter[str] = Counter()
        log = self.folder / "log"
        self._old("traced")
        strace = ["strace", "-f", "-qq", "-o", str(log), "-e"]
        subprocess.run(
            [*strace, f"trace={NAMING}", *self._command("new", "traced")],
            stdout=subprocess.DEVNULL,
            check=True,
        )
        calls = [line for line in log.read_text().splitlines() if re.search(r"\b\w+\(", line)]
        first = next(number for number, line in enumerate(calls, 1) if "/traced/.paperkg/" in line)
        every = range(first, len(calls) + 1)
        for number in every[:: -(-len(every) // most) if most else 1]:  # all, or so many evenly over them
            folder = self._old("killed")
            kill = f"inject={NAMING}:signal=KILL:when={number}"
            subprocess.run(
                [*strace, kill, *self._command("new", "killed")],
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False,
            )  # fmt: skip
            seen["killed before a change of a name"] += 1
            self._judge(folder, seen)
        return seen

    def _judge(self, folder: Path, seen: Counter[str], *, was: bool = True) -> None:
        """Look at what a killed build left, and at what the next one makes of it."""
        found = hashes(folder)
        seen[f"left {self._state(found)}" if found else "left no exports, as before"] += 1
        if found and not (folder / "kg.sqlite").is_file():
            seen["WRONG: no store left"] += 1
        if bool(found) < was:
            seen["WRONG: exports are gone"] += 1
        done = subprocess.run(self._command("new", folder.name), capture_output=True, text=True, check=False)
        if done.returncode:
            seen[f"WRONG: the next build fails: {done.stderr.strip()[-200:]}"] += 1
        same = hashes(folder) == self.known[1]
        seen[
            "next build as an undisturbed one" if same else "WRONG: next build not as an undisturbed one"
        ] += 1
        room = {path.name for path in (folder / ".paperkg").iterdir()}
        if room - {"files.json", "seal.json", "lock"} or any(folder.glob("kg.sqlite?*")):
            seen["WRONG: leftovers"] += 1

    def _state(self, found: Hashes) -> str:
        names = {name: ("old", "new")[self.known.index(found)] for name in [""] if found in self.known}
        return names.get("", "WRONG: a mixed or incomplete set")

    def pairs(self, trials: int) -> Counter[str]:
        seen: Counter[str] = Counter()
        for number in range(trials):
            folder = self._old("both") if number % 2 else self._nothing("both")
            with Watch(folder, self.known) as watch:
                commands = [("new", "rebuild" if number % 4 > 1 else "build"), ("old", "build")]
                runs = []
                for source, command in commands:
                    runs.append(
                        subprocess.Popen(
                            self._command(source, "both", command),
                            stdout=subprocess.DEVNULL,
                            stderr=subprocess.PIPE,
                            text=True,
                        )
                    )
                    time.sleep(self.chance.uniform(0, 0.6) * self.seconds)
                told = [run.communicate()[1].strip() for run in runs]
            codes = sorted(run.returncode for run in runs)
            seen[f"exit codes {codes}"] += 1
            for run, message in zip(runs, told, strict=True):
                if run.returncode and not re.fullmatch(r"kg: .*another build is at work here.*", message):
                    seen[f"WRONG: told {message[-200:]!r}"] += 1
            if watch.broken:
                seen[f"WRONG: visible and of neither build: {sorted(watch.broken)}"] += 1
            seen[f"left {self._state(hashes(folder))}"] += 1
        return seen

    def flips(self, trials: int) -> Counter[str]:
        seen: Counter[str] = Counter()
        for _ in range(trials):
            folder = self._old("flipped")
            path = folder / "kg.sqlite"
            data = bytearray(path.read_bytes())
            for _ in range(self.chance.choice((1, 1, 8, 100))):
                data[self.chance.randrange(len(data))] ^= 1 << self.chance.randrange(8)
            path.write_bytes(data)
            done = subprocess.run(
                self._command("new", "flipped"), capture_output=True, text=True, check=False
            )
            told = done.returncode == 5 and "kg rebuild" in done.stderr and done.stderr.count("\n") == 1
            seen["told" if told else f"WRONG: exit code {done.returncode}: {done.stderr[-200:]!r}"] += 1
            seen[f"left {self._state(hashes(folder))}"] += 1
            again = subprocess.run(
                self._command("new", "flipped", "rebuild"), capture_output=True, text=True, check=False
            )
            same = again.returncode == 0 and hashes(folder) == self.known[1]
            seen["healed by a rebuild" if same else f"WRONG: rebuild: {again.stderr[-200:]!r}"] += 1
        return seen


class Watch:
    """Looks at a folder's exports again and again, for one that is of none of the known builds."""

    def __init__(self, folder: Path, known: list[Hashes]) -> None:
        self._folder, self._known = folder, known
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self.broken: set[str] = set()

    def __enter__(self) -> Watch:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._stop.is_set():
            found = hashes(self._folder)
            self.broken |= {n for n, h in found.items() if all(h != known[n] for known in self._known)}
            time.sleep(0.01)


def hashes(folder: Path) -> Hashes:
    """The hash of each export that can be seen in a folder."""
    found = {}
    for name in EXPORTERS:
        try:
            found[name] = hashlib.sha256((folder / name).read_bytes()).hexdigest()
        except (FileNotFoundError, NotADirectoryError):
            continue
    return found


if __name__ == "__main__":
    main()

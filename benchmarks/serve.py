"""Many clients at once: `python benchmarks/serve.py FOLDER [CLIENTS] [SECONDS]`; 50 for 60 s by default.

A server in a process of its own; every client asks, waits for the answer, and asks the next of some named
queries and pages. In the middle somebody sends what does harm elsewhere: a body of 100 MB, a query of 1 MB, a
query that would run for an hour, half a request, 500 connections.

Then, one after the other: 8 searches of 800 words at once, 8 of 32 words, 50 as a page of another site sends
them, and 30 clients that ask for 21 MB and read nothing; what `/health` takes meanwhile is measured
each time.
"""

from __future__ import annotations

import asyncio
import os
import re
import socket
import statistics
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Coroutine

PORT = 8799
TCP_INFO = (socket.SOL_TCP, socket.TCP_INFO, 1)
ESTABLISHED = 1
ASKED = (
    "/sparql?query=" + quote("SELECT ?p ?c { ?p kg:introduces ?c } LIMIT 20"),
    "/sparql?query=" + quote("SELECT ?n ?c { ?c kg:paperCount ?n } ORDER BY DESC(?n) LIMIT 5"),
    "/sparql?query=" + quote("ASK { ?s a kg:Model }"),
    "/search.json?q=language",
    "/health",
)  # fmt: skip
WORDS = re.findall(
    r"\w+", "the of and a in to we for is that on with this model language by as are from an our be it"
)
LONG = "/search.json?q=" + quote(" ".join(f"{word}{number}" for number in range(34) for word in WORDS))
FULL = "/search.json?q=" + quote(" ".join([*WORDS, "data", "task", "results", "can", "which", "s"]))
ROWS = "/sparql?query=" + quote("SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 40000")
STRANGE = "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: no-cors\r\nSec-Fetch-Dest: image\r\n"
HOUR = "/sparql?query=" + quote("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }")


def main() -> None:
    folder, clients, seconds = (*sys.argv[1:], *("exports", "50", "60")[len(sys.argv) - 1 :])
    command = [sys.executable, "-m", "kg", "serve", "-o", folder, "--port", str(PORT), "--timeout", "20"]
    server = subprocess.Popen(command)
    try:
        asyncio.run(measure(server.pid, int(clients), float(seconds)))
    finally:
        server.terminate()
        server.wait()


async def measure(pid: int, clients: int, seconds: float) -> None:
    await started()
    await run(clients, 5.0)  # warm
    begin = memory(pid)
    quiet = await run(clients, seconds / 2)
    middle = memory(pid)
    harm = asyncio.create_task(harmful())
    loud = await run(clients, seconds / 2)
    await harm
    print("| | requests | errors | p50 ms | p95 ms | p99 ms |\n|---|---|---|---|---|---|")
    for name, times in (("alone", quiet), ("beside harm", loud)):
        good = sorted(1000 * t for t in times if t is not None)
        cuts = statistics.quantiles(good, n=100)
        errors = len(times) - len(good)
        print(f"| {name} | {len(times)} | {errors} | {cuts[49]:.0f} | {cuts[94]:.0f} | {cuts[98]:.0f} |")
    print(f"\nMB of the server and its workers: {begin} warm, {middle} later, {memory(pid)} at the end")
    print("\n| at once | answers | slowest s | slowest /health s | CPU s of the server | its peak MB |")
    print("|---|---|---|---|---|---|")
    await beside(pid, "8 searches of 800 words", [status(LONG) for _ in range(8)])
    await beside(pid, "8 searches of 32 words", [status(FULL) for _ in range(8)])
    await beside(pid, "50 from another site's page", [status(LONG, STRANGE) for _ in range(50)])
    await beside(pid, "30 clients that don't read", [deaf(ROWS, 45.0) for _ in range(30)])
    print(f"\nMB when they have gone: {memory(pid)}")


async def beside(pid: int, name: str, asked: list[Coroutine[Any, Any, str]]) -> None:
    """Print what answers come, how long the last takes, and how `/health` fares meanwhile."""
    began, used = time.monotonic(), processor(pid)
    waiting = asyncio.gather(*asked)
    slowest, most = 0.0, 0
    while True:
        asked_at = time.monotonic()
        assert await get("/health")
        slowest, most = max(slowest, time.monotonic() - asked_at), max(most, memory(pid, workers=False))
        if waiting.done():
            break
        await asyncio.sleep(0.02)
    took = time.monotonic() - began
    answers = ", ".join(f"{count} x {answer}" for answer, count in sorted(Counter(await waiting).items()))
    cpu = processor(pid) - used
    print(f"| {name} | {answers} | {took:.2f} | {slowest:.2f} | {cpu:.2f} | {most} |")


async def status(path: str, headers: str = "") -> str:
    """The status of one request."""
    reader, writer = await asyncio.open_connection("127.0.0.1", PORT)
    try:
        writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{headers}Connection: close\r\n\r\n".encode())
        return (await reader.read())[9:12].decode()
    finally:
        writer.close()


async def deaf(path: str, seconds: float) -> str:
    """Ask, and read nothing but the status until the server ends it, or that many seconds are over."""
    line = socket.socket()
    line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    line.connect(("127.0.0.1", PORT))
    line.setblocking(False)
    loop = asyncio.get_running_loop()
    await loop.sock_sendall(line, f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
    found = (await loop.sock_recv(line, 12)).decode()[9:]
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        await asyncio.sleep(0.5)
        if (
            line.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
            or line.getsockopt(*TCP_INFO)[0] != ESTABLISHED
        ):
            found += " and cut off"
            break
    line.close()
    return found


def processor(pid: int) -> float:
    """CPU seconds of a process, without those it has started."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def started() -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            if await get("/health"):
                return
        except OSError:
            await asyncio.sleep(0.2)


async def run(clients: int, seconds: float) -> list[float | None]:
    """How long each request took; None for one that failed."""
    until = time.monotonic() + seconds
    found = await asyncio.gather(*(client(number, until) for number in range(clients)))
    return [took for times in found for took in times]


async def client(number: int, until: float) -> list[float | None]:
    times: list[float | None] = []
    while time.monotonic() < until:
        begin = time.monotonic()
        try:
            good = await get(ASKED[(number + len(times)) % len(ASKED)])
        except OSError:
            good = False
        times.append(time.monotonic() - begin if good else None)
    return times


async def get(path: str) -> bool:
    """Whether the answer to one request is 200; a connection for each, as strangers have."""
    reader, writer = await asyncio.open_connection("127.0.0.1", PORT)
    try:
        writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".encode())
        answer = await reader.read()
    finally:
        writer.close()
    return answer.startswith(b"HTTP/1.1 200")


async def harmful() -> None:
    """What must harm nobody else, all at once."""
    held = [await asyncio.open_connection("127.0.0.1", PORT) for _ in range(500)]
    held[0][1].write(b"GET /sparql HTTP/1.1\r\nHost: ")
    waiting = [*(get(HOUR) for _ in range(3)), send(100), send(1)]
    answers = await asyncio.gather(*waiting, return_exceptions=True)
    for _, writer in held:
        writer.close()
    print(f"harmful requests answered with 200: {sum(answer is True for answer in answers)}")


async def send(megabytes: int) -> bool:
    """Send a query of that size."""
    reader, writer = await asyncio.open_connection("127.0.0.1", PORT)
    kind = "Content-Type: application/sparql-query"
    head = f"POST /sparql HTTP/1.1\r\nHost: 127.0.0.1\r\n{kind}\r\nContent-Length: {megabytes}000000\r\n\r\n"
    writer.write(head.encode())
    try:
        for _ in range(megabytes):
            writer.write(b"#" * 1_000_000)
            await writer.drain()
        return (await reader.read(100)).startswith(b"HTTP/1.1 200")
    finally:
        writer.close()


def memory(pid: int, *, workers: bool = True) -> int:
    """Megabytes resident in a process and, with its workers, in those it has started."""
    total = 0
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            facts = dict(line.split(":", 1) for line in status.read_text().splitlines() if ":" in line)
        except OSError:
            continue
        if str(pid) in (facts["Pid"].strip(), facts["PPid"].strip() if workers else ""):
            total += int(facts.get("VmRSS", "0 kB").split()[0]) // 1024
    return total


if __name__ == "__main__":
    main()

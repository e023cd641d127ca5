"""Sources as bytes: packed files that are cut, damaged or bombs; names and inputs that can't be read."""

from __future__ import annotations

import gzip
import io
import json
import lzma
import os
import struct
import subprocess
import sys
from pathlib import Path

import pytest
import zstandard
from click.testing import CliRunner

from kg.cli import kg
from kg.config import load
from kg.errors import ConfigError, SourceError
from kg.ingest import packed, read_papers, update
from kg.ingest.source import lines
from kg.size import bytes_of, told
from kg.store import Store
from kg.types import Paper

LINES = [
    json.dumps({"id": f"p{n}", "title": f"Paper {n * 7919}", "abstract": f"Text {n * n}."}) for n in range(40)
]
TEXT = ("\n".join(LINES) + "\n").encode()


def zst(data: bytes, **options) -> bytes:
    return zstandard.ZstdCompressor(write_checksum=True, **options).compress(data)


def blocks(data: bytes, size: int = 300) -> bytes:
    """A zst frame of many blocks, each ending at a line's end where its piece does."""
    packer = zstandard.ZstdCompressor(write_checksum=True).compressobj()
    out = b""
    for line in data.splitlines(keepends=True):
        out += packer.compress(line) + packer.flush(zstandard.COMPRESSOBJ_FLUSH_BLOCK)
    return out + packer.flush()


def skippable(content: bytes, number: int = 0) -> bytes:
    return struct.pack("<II", 0x184D2A50 + number, len(content)) + content


PACKS = {"gz": gzip.compress, "xz": lzma.compress, "zst": zst, "blocks": blocks}


@pytest.fixture
def read(tmp_path):
    def read_bytes(data: bytes, **options):
        path = tmp_path / "papers"
        path.write_bytes(data)
        return read_papers([path], **options)

    return read_bytes


def refused(read, data: bytes, **options) -> str:
    with pytest.raises(SourceError) as caught:
        read(data, **options)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 600
    return str(caught.value)


def test_a_file_cut_at_a_line_end_is_refused(root):
    with pytest.raises(SourceError, match="end is missing"):
        read_papers([root / "tests" / "cases" / "break" / "cut-at-a-line-end.jsonl.zst"])


@pytest.mark.parametrize("name", PACKS)
def test_no_cut_is_read_as_the_whole(read, name):
    data = PACKS[name](TEXT)
    assert len(read(data).papers) == 40
    for end in range(8, len(data), 7):
        refused(read, data[:end])


@pytest.mark.parametrize("name", PACKS)
def test_no_flipped_bit_is_read_as_less(read, name):
    """What holds no text (a time, a file's name) may change; then the papers are the same."""
    data = PACKS[name](TEXT)
    whole = read(data).papers
    for place in range(0, len(data) * 8, 5):
        flipped = bytearray(data)
        flipped[place // 8] ^= 1 << place % 8
        try:
            assert read(bytes(flipped)).papers == whole
        except SourceError as error:
            assert "\n" not in str(error)


@pytest.mark.parametrize("name", PACKS)
def test_what_follows_the_end_is_told(read, name):
    assert "something else follows its end" in refused(read, PACKS[name](TEXT) + b"garbage")


@pytest.mark.parametrize("name", PACKS)
def test_several_parts_are_one_file(read, name):
    pack = PACKS[name]
    both = pack(TEXT[:1000]) + pack(b"") + pack(TEXT[1000:])
    assert len(read(both).papers) == 40
    refused(read, both[:-1])
    refused(read, pack(TEXT) + pack(TEXT)[:7])


def test_padding_after_gz_and_xz_is_none_of_the_text(read):
    for pack in (gzip.compress, lzma.compress):
        assert len(read(pack(TEXT[:1000]) + bytes(512) + pack(TEXT[1000:]) + bytes(1024)).papers) == 40


def test_skippable_frames_are_skipped_and_must_be_whole(read):
    data = skippable(b"index", 3) + zst(TEXT) + skippable(bytes(5000), 15)
    assert len(read(data).papers) == 40
    assert "end is missing" in refused(read, data[:-1])


@pytest.mark.parametrize("name", PACKS)
def test_an_empty_packed_file_is_empty(read, name):
    assert "empty" in refused(read, PACKS[name](b""))


def bomb(name: str) -> bytes:
    """A paper and a file of much less than a megabyte that unpacks to line ends, 100 MB and more of them."""
    if name == "gz":
        return gzip.compress(TEXT) + gzip.compress(b"\n" * 10**8)
    if name == "xz":
        return lzma.compress(TEXT) + lzma.compress(b"\n" * 10**8)
    block = struct.pack("<I", (128 << 10) << 3 | 1 << 1)[:3] + b"\n"  # 128 KiB of one byte, in four
    return zst(TEXT) + b"\x28\xb5\x2f\xfd\x00\x58" + block * 20_000


@pytest.mark.parametrize("name", ["gz", "xz", "zst"])
def test_a_bomb_stops_early_with_how_to_raise_the_bound(tmp_path, name):
    """In a process of its own, that a bound of its memory and time can guard."""
    path = tmp_path / "bomb"
    path.write_bytes(bomb(name))
    code = (
        "import resource, sys, pathlib; resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))\n"
        "from kg.ingest import read_papers; from kg.errors import SourceError\n"
        "try: read_papers([pathlib.Path(sys.argv[1])], format='jsonl')\n"
        "except SourceError as error: print(error)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, path], capture_output=True, text=True, timeout=120, check=True
    )
    assert "--max-unpacked" in done.stdout
    assert "max_unpacked" in done.stdout
    assert done.stdout.count("\n") == 1


@pytest.mark.parametrize("name", ["gz", "xz", "zst"])
def test_the_bound_can_be_set_and_the_default_grows_with_the_file(read, name, monkeypatch):
    data = PACKS[name](TEXT)
    assert "more than 1 kB" in refused(read, data, max_unpacked=1000)
    assert len(read(data, max_unpacked=len(TEXT)).papers) == 40
    monkeypatch.setattr(packed, "FREE", 0)
    assert len(read(data).papers) == 40
    monkeypatch.setattr(packed, "RATIO", 1)
    refused(read, data)


def test_the_bound_is_an_option_and_a_setting(tmp_path):
    (tmp_path / "p.gz").write_bytes(gzip.compress(TEXT))
    for command in ("build", "rebuild", "extract"):
        options = ["--pipeline", "rules", "--max-unpacked", "1kB", str(tmp_path / "p.gz")]
        options += [] if command == "extract" else ["-o", str(tmp_path / "x")]
        done = CliRunner().invoke(kg, [command, *options])
        assert (done.exit_code, "--max-unpacked" in done.output) == (3, True), done.output
        assert CliRunner().invoke(kg, [command, "--max-unpacked", "much", *options[-1:]]).exit_code == 2
    (tmp_path / "kg.toml").write_text('sources = ["p.gz"]\nmax_unpacked = "2GB"\n')
    assert load(tmp_path / "kg.toml").max_unpacked == 2 * 10**9
    (tmp_path / "kg.toml").write_text('max_unpacked = "plenty"\n')
    with pytest.raises(ConfigError, match=r"kg\.toml: max_unpacked"):
        load(tmp_path / "kg.toml")


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("2GB", 2 * 10**9),
        ("1.5 MiB", 3 * 2**19),
        ("64m", 64 * 10**6),
        ("100", 100),
        ("1TiB", 2**40),
        ("5 b", 5),
    ],
)
def test_sizes(text, number):
    assert bytes_of(text) == number


@pytest.mark.parametrize("text", ["", "GB", "-1", "1e9", "0", "0.1", "9" * 5000, "1 PB", "nan", "١"])
def test_no_sizes(text):
    with pytest.raises(ConfigError, match="no size"):
        bytes_of(text)


def test_sizes_are_told_as_people_write_them():
    assert [told(number) for number in (64 << 20, 2 * 10**9, 1000, 1001)] == [
        "64 MiB",
        "2 GB",
        "1 kB",
        "1,001 bytes",
    ]


def test_lines_keep_their_numbers_over_many_empty_ones():
    """The empty lines are stepped over by the buffer, not one by one."""
    text = b"a\n" + b"\n \t\r\n" * 100_000 + b"b\n\n\n\nc"
    found = list(lines(io.BufferedReader(io.BytesIO(text)), "x"))
    assert [(number, line) for number, line in found if line.strip()] == [
        (1, b"a\n"),
        (200_002, b"b\n"),
        (200_006, b"c"),
    ]
    assert len(found) < 100


def test_closed_standard_input_is_told(monkeypatch):
    for standard in (None, io.TextIOWrapper(io.BytesIO(b""))):
        if standard:
            standard.close()
        monkeypatch.setattr("sys.stdin", standard)
        with pytest.raises(SourceError, match="standard input: can't be read"):
            read_papers([Path("-")])


def test_reading_leaves_standard_input_open(monkeypatch):
    standard = io.TextIOWrapper(io.BytesIO(TEXT))
    monkeypatch.setattr("sys.stdin", standard)
    read_papers([Path("-")])
    assert not standard.buffer.closed


@pytest.mark.parametrize("name", ["a\0b", "x" * 5000, "/".join(["y" * 200] * 30), "two\nlines"])
def test_names_that_no_file_can_have_are_one_line(tmp_path, name):
    with pytest.raises(SourceError) as caught:
        read_papers([tmp_path / name])
    assert "\n" not in str(caught.value)
    assert "\0" not in str(caught.value)
    assert len(str(caught.value)) < 400


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="needs a file that fails when it is read")
def test_a_device_that_fails_is_one_line():
    with pytest.raises(SourceError, match="/proc/self/mem: can't be read"):
        read_papers([Path("/proc/self/mem")])


@pytest.mark.skipif(sys.platform == "darwin", reason="its file system refuses such names")
def test_a_name_that_is_no_text_is_read_and_kept_as_text(tmp_path):
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9\n.jsonl"))
    path.write_text(LINES[0] + "\n{")
    reading = read_papers([path])
    assert reading.papers[0].sources == ("caf\ufffd\ufffd.jsonl",)
    assert {issue.where for issue in reading.issues} == {"caf\ufffd\ufffd.jsonl:2"}
    path.write_bytes(gzip.compress(TEXT)[:-9])
    with pytest.raises(SourceError) as caught:
        read_papers([path])
    str(caught.value).encode()


@pytest.mark.skipif(sys.platform == "darwin", reason="its file system refuses such names")
def test_such_a_name_goes_into_the_store_and_is_known_again(tmp_path):
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.jsonl"))
    path.write_text(LINES[0] + "\n{")
    with Store.open(tmp_path / "kg.sqlite") as store:
        assert update(store, [path]).new == 1
        assert update(store, [path]).new == 0
        assert next(store.papers()).sources == ("caf\ufffd.jsonl",)
        assert [issue.where for issue in store.issues() if issue.level == "error"] == ["caf\ufffd.jsonl:2"]
        with pytest.raises(SourceError, match="--max-unpacked"):
            path.write_bytes(gzip.compress(TEXT))
            update(store, [path], max_unpacked=100)
        assert store.count(Paper) == 1

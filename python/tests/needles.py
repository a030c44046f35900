"""What must not be found anywhere at a node: planted values, in every form that a mistake would leave them in."""

import base64
import hashlib
import hmac
import json
import mmap
import re
import subprocess
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

import numpy as np


@dataclass
class Needles:
    """Byte strings by what they are; `found_in` says which of them occur."""

    forms: dict[str, bytes] = field(default_factory=dict)

    def add(self, what: str, value: bytes) -> None:
        """As it is, in hex, in base64 at each of the three offsets."""
        assert len(value) >= 6, f"{what}: so short a needle is found by chance"
        self.forms[what] = value
        self.forms[f"{what}, hex"] = value.hex().encode()
        self.forms[f"{what}, HEX"] = value.hex().upper().encode()
        for offset in range(3):
            coded = base64.b64encode(bytes(offset) + value)
            whole = coded[4 if offset else 0 : len(coded) // 4 * 4 - 4]  # without characters that neighbours change
            self.forms[f"{what}, base64 at {offset}"] = whole
            self.forms[f"{what}, base64url at {offset}"] = whole.translate(bytes.maketrans(b"+/", b"-_"))

    def add_text(self, what: str, text: str) -> None:
        for spelled in {text, text.lower(), text.upper(), text.casefold()}:
            self.add(f"{what} '{spelled}'", spelled.encode())
            for coding in ("utf-16-le", "utf-16-be", "utf-32-le"):
                self.forms[f"{what} '{spelled}', {coding}"] = spelled.encode(coding)

    def add_column(self, what: str, rows: Iterable[int], width: int) -> None:
        """Bit-sliced, as the engine holds columns: some planes of them."""
        rows = list(rows)
        assert len(rows) % 64 == 0, "so that the next table's rows do not share its last word"
        for plane in range(0, width, max(1, width // 4)):
            bits = sum((row >> plane & 1) << i for i, row in enumerate(rows))
            self.add(f"{what}, bit {plane} of all rows", bits.to_bytes(len(rows) // 8, "little"))

    def add_functions(self, what: str, value: bytes, keys: Mapping[str, bytes]) -> None:
        """Plain and keyed hashes of it, raw and in hex: with one of these, who has it tests guesses of the value."""
        digests = {f"BLAKE2b-{8 * size}": hashlib.blake2b(value, digest_size=size) for size in (16, 20, 32, 64)}
        digests |= {name: hashlib.new(name, value) for name in ("sha256", "sha512", "sha384", "sha3_256")}
        for name, key in keys.items():
            for size in (16, 32, 64):
                digests[f"BLAKE2b-{8 * size} under {name}"] = hashlib.blake2b(value, digest_size=size, key=key)
            digests[f"sha256 under {name}"] = hashlib.sha256(key + value)
            digests[f"HMAC under {name}"] = hmac.new(key, value, "sha256")
        for name, digest in digests.items():
            self.forms[f"{name} of {what}"] = digest.digest()[:16]
            self.forms[f"{name} of {what}, hex"] = digest.hexdigest()[:32].encode()

    def found_in(self, content: bytes) -> list[str]:
        starts = {}
        for what, form in self.forms.items():
            starts.setdefault(form[:4], []).append(what)
        found = set()
        for place in candidates(content, list(starts)):
            for what in starts.get(content[place : place + 4], ()):
                if content.startswith(self.forms[what], place):
                    found.add(what)
        return sorted(found)


def candidates(content: bytes, starts: list[bytes]) -> Iterator[int]:
    """Where two pairs of bytes follow each other as in some of the starts: one pass, however many there are."""
    first, second = np.zeros(1 << 16, bool), np.zeros(1 << 16, bool)
    for start in starts:
        first[int.from_bytes(start[:2], "little")] = second[int.from_bytes(start[2:4], "little")] = True
    for offset in range(min(2, len(content))):
        pairs = np.frombuffer(content, "<u2", (len(content) - offset) // 2, offset)
        places = np.flatnonzero(first[pairs[:-1]] & second[pairs[1:]])
        yield from (2 * places + offset).tolist()


def matching_key(network: Path) -> bytes:
    return bytes.fromhex(json.loads(network.with_suffix(".matching.json").read_text())["matching_key"])


def identifier_hash(network: Path, normalised: str) -> bytes:
    """As engine/client/files/party_file.cc hashes a key of one column."""
    key = matching_key(network)
    part = normalised.encode()
    return hashlib.blake2b(len(part).to_bytes(4, "little") + part, key=key, digest_size=16).digest()


def planes(rows: Iterable[int], width: int) -> bytes:
    """A column of bits as the engine lays it out: plane after plane, for a multiple of 64 rows of one block."""
    rows = list(rows)
    assert len(rows) % 64 == 0 and len(rows) <= 32768
    bits = [sum((row >> plane & 1) << i for i, row in enumerate(rows)) for plane in range(width)]
    return b"".join(plane.to_bytes(len(rows) // 8, "little") for plane in bits)


def component(seed: bytes, column: str, size: int) -> bytes:
    """What a node expands from a seed: AES-128-CTR under the key of that column (engine/crypto/stream.h)."""
    key = hashlib.blake2b(f"column {column}".encode(), digest_size=16, key=seed, person=b"polder key v1").hexdigest()
    command = ["openssl", "enc", "-aes-128-ctr", "-nosalt", "-K", key, "-iv", "0" * 32]
    return subprocess.run(command, input=bytes(size), capture_output=True, check=True).stdout


def third_of_bits(value: bytes, seeds: Sequence[bytes], column: str) -> bytes:
    """The component of bits that is neither seed's."""
    first, second = (int.from_bytes(component(seed, column, len(value)), "little") for seed in seeds)
    return (int.from_bytes(value, "little") ^ first ^ second).to_bytes(len(value), "little")


def third_of_numbers(values: Sequence[int], seeds: Sequence[bytes], column: str) -> bytes:
    """The same of 64-bit numbers."""
    first, second = (np.frombuffer(component(seed, column, 8 * len(values)), "<u8") for seed in seeds)
    return (np.array(values, "<u8") - first - second).tobytes()


def files_below(folder: Path) -> Iterator[Path]:
    return (file for file in sorted(folder.rglob("*")) if file.is_file())


def memory_of(process: int) -> Iterator[bytes]:
    """A process's own memory, each run of pages that are in use.  Throws PermissionError."""
    folder, page = Path(f"/proc/{process}"), mmap.PAGESIZE
    with open(folder / "mem", "rb", buffering=0) as memory, open(folder / "pagemap", "rb", buffering=0) as pagemap:
        for line in (folder / "maps").read_text().splitlines():
            begin, end, rights, name = re.match(r"(\w+)-(\w+) (\S+) \S+ \S+ \S+ *(.*)", line).groups()
            first, last = int(begin, 16) // page, int(end, 16) // page
            if "r" not in rights or name in ("[vvar]", "[vsyscall]"):
                continue
            pagemap.seek(8 * first)
            in_use = np.frombuffer(pagemap.read(8 * (last - first)), "<u8") >> 62 != 0  # in memory or swapped out
            for used, pages in groupby(range(len(in_use)), key=in_use.__getitem__):
                if used:
                    pages = list(pages)
                    memory.seek((first + pages[0]) * page)
                    yield memory.read(len(pages) * page)

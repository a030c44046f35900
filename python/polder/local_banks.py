"""Banks as processes on this machine, for one run: set up as at as many organisations, only that one person does it."""

import contextlib
import json
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from polder import errors, folders, native, processes, space

_READY_SECONDS = 60.0
_LOG = "polder-peer.log"
_ALL = str(1 << 40)  # rows: all files are this person's


@dataclass(frozen=True)
class Peers:
    """How a bank is known to the others, and its key."""

    network: Path  # network.toml
    folder: Path

    @staticmethod
    def of(network: Path, folder: Path | None) -> "Peers":
        """The key lies beside the network file unless said otherwise."""
        return Peers(network, folder or network.parent)


class LocalBanks:
    """Their folders, and the processes of those that were started; all gone at the end of the block.

    The processes die with this one even if it is killed.
    """

    def __init__(self, files: Mapping[str, Path]) -> None:
        self._files = files
        self._started: list[str] = []
        self._held = contextlib.ExitStack()

    def __enter__(self) -> "LocalBanks":
        with contextlib.ExitStack() as held:
            self.folder = held.enter_context(folders.for_one_run(small=True))
            held.callback(lambda: processes.stop([self.folder / name for name in self._started]))
            ports = space.free_ports(len(self._files))
            cards = [
                native.bank_init(self.folder / name, name, f"127.0.0.1:{port}")
                for name, port in zip(self._files, ports, strict=True)
            ]
            native.bank_network_create(cards, self._network)
            self._held = held.pop_all()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._held.close()

    def peers(self, name: str) -> Peers:
        return Peers(self._network, self.folder / name)

    def start(self, options: Mapping[str, native.MatchOptions]) -> dict[str, Any]:
        """Starts these banks; returns, once they answer, what each read of its file."""
        for name, each in options.items():
            command = [
                processes.find("polder-peer"),
                *answer_options(each.columns),
                *("--dir", str(self.folder / name)),
                *("--network", str(self._network)),
                *("--file", str(self._files[name])),
                *("--min-threshold", "1", "--max-rows", _ALL, "--rows-per-day", _ALL),
                "--json",
            ]
            processes.start(self.folder / name, command, _LOG, with_parent=True)
            self._started.append(name)
        return {name: self._wait_ready(name) for name in options}

    @contextlib.contextmanager
    def blaming_the_dead(self) -> Iterator[None]:
        """An error within says, too, which bank's process has ended."""
        try:
            yield
        except errors.PolderError as error:
            for name in self._started:
                if not isinstance(error, errors.Cancelled) and not processes.running(self.folder / name):
                    raise type(error)(f"{error} (the process of bank '{name}' ended)") from error
            raise

    @property
    def _network(self) -> Path:
        return self.folder / "network.toml"

    def _wait_ready(self, name: str) -> dict[str, Any]:
        late = time.monotonic() + _READY_SECONDS
        while True:
            alive = processes.running(self.folder / name)  # before its last words are read
            for event in self._events(name):
                if event["event"] == "ready":
                    return {**event, "name": name}
                if event["event"] == "error":
                    raise errors.of_code(event["code"])(event["message"])
            if not alive or time.monotonic() > late:
                words = processes.last_words(self.folder / name, _LOG)
                raise errors.PeerLost(f"bank '{name}' did not start: {words}")
            time.sleep(0.01)

    def _events(self, name: str) -> list[dict[str, Any]]:
        text = (self.folder / name / _LOG).read_text(errors="replace")
        whole = text[: text.rfind("\n") + 1].splitlines()
        return [json.loads(line) for line in whole if line.startswith("{")]


def answer_options(columns: native.Columns) -> list[str]:
    """How polder-peer is told which columns to read."""
    return [
        *(part for item in columns.key for part in ("--id", item)),
        *(["--flag", columns.flag] if columns.flag else []),
        *(["--strict"] if columns.strict else []),
        *(["--kind", columns.kind] if columns.kind != native.Columns().kind else []),
        *(["--keep-placeholders"] if columns.keep_placeholders else []),
        *(["--delimiter", columns.delimiter] if columns.delimiter else []),
        *(["--header-row", str(columns.header_row)] if columns.header_row else []),
    ]

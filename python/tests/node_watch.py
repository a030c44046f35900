"""What node processes take, sampled from /proc while something runs."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from statistics import linear_regression

MEGABYTE = 1 << 20


@dataclass(frozen=True)
class Sample:
    resident_bytes: int
    threads: int
    descriptors: int | None  # None: not shown to this user


def sample(process: int) -> Sample:
    folder = Path(f"/proc/{process}")
    status = dict(line.split(":", 1) for line in (folder / "status").read_text().splitlines())
    try:
        descriptors = len(list((folder / "fd").iterdir()))
    except PermissionError:
        descriptors = None
    return Sample(int(status["VmRSS"].split()[0]) * 1024, int(status["Threads"]), descriptors)


class NodeWatch:
    """Samples some processes from `with` to its end, which fails if one of them could not be read."""

    def __init__(self, processes: list[int], every_seconds: float = 0.05) -> None:
        self.samples: list[list[Sample]] = [[] for _ in processes]
        self._processes, self._every = processes, every_seconds
        self._over = threading.Event()
        self._threads = ThreadPoolExecutor(1)

    def __enter__(self) -> "NodeWatch":
        self._take()
        self._watching = self._threads.submit(self._run)
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._threads.shutdown()
        self._watching.result()

    def _run(self) -> None:
        while not self._over.wait(self._every):
            self._take()

    def _take(self) -> None:
        for process, samples in zip(self._processes, self.samples, strict=True):
            samples.append(sample(process))

    def most_grown_bytes(self) -> int:
        """The largest growth of any process since its first sample."""
        return max(max(each.resident_bytes for each in samples) - samples[0].resident_bytes for samples in self.samples)

    def growth(self, what: str) -> list[float]:
        """By how much each process grew along the line that fits best, after a third of the time to get warm."""
        return [rise([getattr(each, what) for each in samples[len(samples) // 3 :]]) for samples in self.samples]


def rise(values: list[int | None]) -> float:
    assert None not in values, "the kernel shows a node's descriptors to root alone (it is not dumpable): run as root"
    return linear_regression(range(len(values)), values).slope * len(values)

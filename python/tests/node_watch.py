"""What node processes take, sampled from /proc while something runs."""

import threading
from dataclasses import dataclass
from pathlib import Path
from statistics import median

MEGABYTE = 1 << 20


@dataclass(frozen=True)
class Sample:
    resident_bytes: int
    descriptors: int
    threads: int


def sample(process: int) -> Sample:
    folder = Path(f"/proc/{process}")
    status = dict(line.split(":", 1) for line in (folder / "status").read_text().splitlines())
    try:
        descriptors = len(list((folder / "fd").iterdir()))
    except PermissionError:  # only root may look into a process that is not dumpable
        descriptors = 0
    return Sample(int(status["VmRSS"].split()[0]) * 1024, descriptors, int(status["Threads"]))


class NodeWatch:
    """Samples some processes from `with` to its end."""

    def __init__(self, processes: list[int], every_seconds: float = 0.05) -> None:
        self.samples: list[list[Sample]] = [[] for _ in processes]
        self._processes, self._every = processes, every_seconds
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> "NodeWatch":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._over.wait(self._every):
            for process, samples in zip(self._processes, self.samples, strict=True):
                samples.append(sample(process))

    def most_grown_bytes(self) -> int:
        """The largest growth of any process since its first sample."""
        return max(max(each.resident_bytes for each in samples) - samples[0].resident_bytes for samples in self.samples)

    def thirds(self, what: str) -> list[tuple[float, float]]:
        """For each process the median over the middle third of the time, and over the last."""
        found = []
        for samples in self.samples:
            values = [getattr(each, what) for each in samples]
            third = len(values) // 3
            found.append((median(values[third : 2 * third]), median(values[2 * third :])))
        return found

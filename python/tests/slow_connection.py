"""A line between two nodes that can be made slow, deaf or cut: a proxy in front of one node's mesh port."""

import contextlib
import socket
import threading
import time


class SlowConnection:
    """Passes on what comes in at `port`. Its attributes may be changed at any time."""

    def __init__(self) -> None:
        self.delay = 0.0  # seconds that each piece takes
        self.bytes_per_second = 0.0  # 0: as fast as it goes
        self.deaf = False  # nothing is passed on, and nobody is told
        self.target = 0
        self._lines: list[socket.socket] = []
        self._closed = False
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def to(self, target: int) -> int:
        """Passes on to this port; gives the one to dial instead."""
        self.target = target
        return self.port

    def cut(self) -> None:
        """Breaks the lines that there are; new ones may come."""
        lines, self._lines = self._lines, []
        for line in lines:
            with contextlib.suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
            line.close()

    def close(self) -> None:
        self._closed = True
        self._listener.close()
        self.cut()

    def _accept(self) -> None:
        while not self._closed:
            try:
                near, _ = self._listener.accept()
                far = socket.create_connection(("127.0.0.1", self.target))
            except OSError:
                continue
            self._lines += [near, far]
            for source, sink in ((near, far), (far, near)):
                source.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                threading.Thread(target=self._pass_on, args=(source, sink), daemon=True).start()

    def _pass_on(self, source: socket.socket, sink: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while piece := source.recv(1 << 16):
                self._wait(len(piece))
                sink.sendall(piece)
            sink.shutdown(socket.SHUT_WR)

    def _wait(self, count: int) -> None:
        time.sleep(self.delay + (count / self.bytes_per_second if self.bytes_per_second else 0))
        while self.deaf and not self._closed:
            time.sleep(0.01)

"""The line to the database, which can be cut, refuse, fall silent, and be mended."""

import contextlib
import select
import socket
import threading
from collections.abc import Iterator


class Line:
    """Carries bytes between a port of ours and the database, as long as it is `whole`."""

    def __init__(self, target: tuple[str, int]) -> None:
        self._target = target
        self._lock = threading.Lock()
        self._pairs: set[tuple[socket.socket, socket.socket]] = set()
        self._silent = False
        self._over = False
        self._listener: socket.socket | None = None
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self.mend()

    def mend(self) -> None:
        """Carry again. What was being said while it was silent is lost."""
        if self._silent:
            self._silent = False
            self._hang_up()
        if self._listener is None:
            self._listener = socket.socket()
            self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            self._listener.bind(("127.0.0.1", self.port))
            self._listener.listen(200)
            threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def cut(self) -> None:
        """Hang up in the middle of whatever is being said, and refuse whoever calls."""
        self._stop_listening()
        self._hang_up()

    def hang_up(self) -> None:
        """Hang up, and take new calls: as a database that was begun anew."""
        self._hang_up()

    def fall_silent(self) -> None:
        """Take every call and carry nothing: as a machine that froze."""
        self._silent = True

    def end(self) -> None:
        self._over = True
        self.cut()

    def _stop_listening(self) -> None:
        listener, self._listener = self._listener, None
        if listener:
            with contextlib.suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            listener.close()

    def _hang_up(self) -> None:
        with self._lock:
            pairs, self._pairs = self._pairs, set()
        for pair in pairs:
            for end in pair:
                with contextlib.suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                ours, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=self._carry, args=(ours,), daemon=True).start()

    def _carry(self, ours: socket.socket) -> None:
        with contextlib.suppress(OSError), ours, socket.create_connection(self._target) as theirs:
            pair = (ours, theirs)
            with self._lock:
                self._pairs.add(pair)
            try:
                while True:
                    ready = select.select(pair, [], [], 0.05)[0] if not self._silent else self._wait(ours)
                    for end in ready:
                        said = end.recv(65_536)
                        if not said:
                            return
                        (theirs if end is ours else ours).sendall(said)
            finally:
                with self._lock:
                    self._pairs.discard(pair)

    def _wait(self, ours: socket.socket) -> list[socket.socket]:
        """Nothing is read while it is silent; what was sent stays where the sender's machine has put it."""
        select.select([], [], [ours], 0.05)
        return []


@contextlib.contextmanager
def line_to(host: str, port: int) -> Iterator[Line]:
    """A line to the database at this address, until the block ends."""
    line = Line((host, port))
    try:
        yield line
    finally:
        line.end()

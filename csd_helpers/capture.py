"""What a cell prints, caught as a kernel catches it."""

import codecs
import contextlib
import io
import os
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from jupyter_client.session import Session

_STREAMS = (("stdout", 1), ("stderr", 2))


class Wire(Session):
    """A kernel's session whose messages stay in this process.

    The kernel's own display hooks write to it. Contents make the trip through JSON all the
    same, so that an output is exactly what it would be had it come from another process.
    """

    def __init__(self, **traits: Any) -> None:
        super().__init__(**traits)
        self.messages: list[dict[str, Any]] = []

    def send(  # type: ignore[override]
        self, stream: Any, msg_or_type: Any, content: Any = None, parent: Any = None, **rest: Any
    ) -> dict[str, Any]:
        """Keep a message instead of sending it."""
        is_message = isinstance(msg_or_type, dict)
        message: dict[str, Any] = msg_or_type if is_message else self.msg(msg_or_type, content, parent)
        content = self.unpack(self.pack(message["content"]))
        self.messages.append({**message, "content": content, "buffers": rest.get("buffers") or []})
        return message

    def take(self) -> list[dict[str, Any]]:
        """Return the messages since last asked."""
        taken, self.messages = self.messages, []
        return taken


class Tap:
    """Catches what is written to a file descriptor itself, by a subprocess or a C library.

    A file rather than a pipe: it needs no thread, never fills up, and can be read in step with
    what Python prints. It has no name any more once it is open, so that it goes with the process.
    """

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor
        handle, name = tempfile.mkstemp(prefix="csd-output-")
        os.close(handle)
        self._path = Path(name)
        self._target = os.open(self._path, os.O_WRONLY | os.O_APPEND)
        self._reader: BinaryIO = self._path.open("rb")
        if os.name == "posix":  # Windows does not remove what is open
            self._path.unlink()
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")

    def open(self) -> None:
        """Send the descriptor's output here until `close`."""
        self._saved = os.dup(self.descriptor)
        os.dup2(self._target, self.descriptor)

    def read(self) -> str:
        """Return what came since last asked."""
        return self._decoder.decode(self._reader.read())

    def close(self) -> None:
        """Give the descriptor back."""
        os.dup2(self._saved, self.descriptor)
        os.close(self._saved)

    def discard(self) -> None:
        """Remove the file."""
        self._reader.close()
        os.close(self._target)
        self._path.unlink(missing_ok=True)


class CellStream(io.TextIOBase):
    """A kernel's ``sys.stdout`` or ``sys.stderr``: text leaves as one message when flushed."""

    def __init__(self, name: str, tap: Tap, wire: Wire) -> None:
        self.name, self._tap, self._wire = name, tap, wire
        self._text: list[str] = []
        self._lock = threading.RLock()
        self._owner = os.getpid()
        self.late: set[threading.Thread] = set()  # threads of cells that have ended

    @property
    def encoding(self) -> str:  # type: ignore[override]
        """Notebooks are UTF-8."""
        return "UTF-8"

    def writable(self) -> bool:
        """Say that text can be printed here."""
        return True

    def fileno(self) -> int:
        """Return the descriptor, so that ``subprocess`` can be handed this stream."""
        return self._tap.descriptor

    def write(self, text: str) -> int:
        """Take text, after whatever a subprocess wrote before it."""
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text)}")
        if os.getpid() != self._owner:  # a forked child: its memory is not ours
            os.write(self._tap.descriptor, text.encode("utf-8", "replace"))
        elif threading.current_thread() not in self.late:
            with self._lock:
                self._text += [self._tap.read(), text]
        return len(text)

    def flush(self) -> None:
        """Send what has been printed so far."""
        if os.getpid() != self._owner:
            return
        with self._lock:
            text = "".join([*self._text, self._tap.read()])
            self._text.clear()
        if text:
            self._wire.send(None, "stream", {"name": self.name, "text": text})


class Console:
    """Both streams of a notebook.

    The file descriptors are caught only while a cell runs: between cells papermill draws its
    progress bar and writes its log, which belong on the terminal.
    """

    def __init__(self, wire: Wire) -> None:
        self.streams = [CellStream(name, Tap(descriptor), wire) for name, descriptor in _STREAMS]

    @contextlib.contextmanager
    def caught(self) -> Iterator[None]:
        """Catch everything printed in the block."""
        _flush_real_streams()
        saved = sys.stdout, sys.stderr
        sys.stdout, sys.stderr = self.streams
        for stream in self.streams:
            stream._tap.open()
        try:
            yield
        finally:
            _flush_real_streams()
            for stream in self.streams:
                stream.flush()
                stream._tap.close()
            sys.stdout, sys.stderr = saved
            self._shut_out_threads()

    def discard(self) -> None:
        """Remove the files behind the streams."""
        for stream in self.streams:
            stream._tap.discard()

    def _shut_out_threads(self) -> None:
        """Drop what a thread prints after its cell has ended, as nbclient does."""
        others = set(threading.enumerate()) - {threading.current_thread()}
        for stream in self.streams:
            stream.late = others


def _flush_real_streams() -> None:
    for stream in (sys.__stdout__, sys.__stderr__):
        if stream is not None:
            stream.flush()

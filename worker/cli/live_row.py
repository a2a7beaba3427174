"""The live line: one row at the bottom of a terminal; everything else is printed above it."""

import contextlib
import io
import shutil
from typing import TextIO

CLEAR = "\r\x1b[K"


class LiveRow:
    """The row of one terminal. A terminal that is full or gone ends nothing: what cannot be written is lost."""

    def __init__(self, terminal: TextIO) -> None:
        self._terminal = terminal
        self._row = ""
        self._is_shown = False

    def show(self, text: str) -> None:
        """Replaces the row; what is wider than the terminal is cut off, because a wrapped row could not be replaced."""
        self._row = text
        self._draw()

    def above(self, stream: TextIO, text: str) -> None:
        """Writes to a stream of the same terminal where the row stood; the row follows after a whole line."""
        self._clear()
        with contextlib.suppress(OSError, ValueError):
            stream.write(text)
            stream.flush()
        if self._row and text.endswith("\n"):
            self._draw()

    def end(self) -> None:
        """Removes the row."""
        self._clear()
        self._row = ""

    def _draw(self) -> None:
        self._clear()
        self._write(self._cut())
        self._is_shown = True

    def _clear(self) -> None:
        if self._is_shown:
            self._write(CLEAR)
        self._is_shown = False

    def _cut(self) -> str:
        columns = shutil.get_terminal_size().columns
        return self._row if len(self._row) < columns else f"{self._row[: columns - 2]}…"

    def _write(self, text: str) -> None:
        with contextlib.suppress(OSError, ValueError):
            self._terminal.write(text)
            self._terminal.flush()


class AboveRow(io.TextIOBase):
    """A stream of the terminal of a row: its lines come above the row."""

    def __init__(self, row: LiveRow, stream: TextIO) -> None:
        self._row, self._stream = row, stream

    def write(self, text: str) -> int:
        self._row.above(self._stream, text)
        return len(text)

    def flush(self) -> None:
        """Each text is written at once."""

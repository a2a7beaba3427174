"""The live line and what is printed above it, as a terminal shows them."""

import io

import pytest

from tests.support.screen import shown
from worker.cli.live_row import AboveRow, LiveRow

LINE = f"12:00:00  events 301  appointments 121  meetings 404 (31 in progress)  {'transitions 827':>30}"


@pytest.mark.parametrize("columns", [60, 80, 160])
def test_there_is_one_live_row_and_lines_begin_at_the_left(monkeypatch: pytest.MonkeyPatch, columns: int) -> None:
    """Whatever the width, and however long the lines above it."""
    monkeypatch.setenv("COLUMNS", str(columns))
    terminal = io.StringIO()
    row = LiveRow(terminal)
    log = AboveRow(row, terminal)

    row.show("11:59:58  events 1")
    for number in range(3):
        log.write(f"entry {number}")
        log.write("\n")
        row.show(f"{LINE} {number}")
    row.above(terminal, "announced\n")

    rows = shown(terminal.getvalue(), columns)
    assert rows[:-1] == ["entry 0", "entry 1", "entry 2", "announced"]
    assert rows[-1] == (f"{LINE} 2" if len(LINE) + 2 < columns else f"{LINE[: columns - 2]}…")
    row.end()
    assert shown(terminal.getvalue(), columns) == ["entry 0", "entry 1", "entry 2", "announced"]


def test_a_terminal_that_is_gone_ends_nothing() -> None:
    """Its window was closed; the daemon goes on."""
    terminal = io.StringIO()
    row = LiveRow(terminal)
    terminal.close()

    row.show("a")
    row.above(terminal, "b\n")
    row.end()

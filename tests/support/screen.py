"""What a terminal shows of what was written to it: text, carriage returns, line feeds and the erasing of a row."""

import re

_TOKEN = re.compile(r"\x1b\[K|\x1b\[[0-9;]*[A-Za-z]|\r\n|[\r\n]|[^\x1b\r\n]+")


def shown(written: str, columns: int) -> list[str]:
    """The rows from the first to the last that is not empty; a text that is too long goes on in the next row."""
    rows, row, column = [""], 0, 0
    for token in _TOKEN.findall(written):
        if token in {"\r", "\r\n", "\n"}:
            row, column = row + (token != "\r"), 0
            rows += [""] * (row + 1 - len(rows))
        elif token == "\x1b[K":
            rows[row] = rows[row][:column]
        elif not token.startswith("\x1b"):
            for letter in token:
                if column == columns:
                    row, column = row + 1, 0
                    rows += [""] * (row + 1 - len(rows))
                rows[row] = rows[row][:column].ljust(column) + letter + rows[row][column + 1 :]
                column += 1
    while rows and not rows[-1]:
        rows.pop()
    return rows

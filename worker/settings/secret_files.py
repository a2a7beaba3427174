"""Secrets in files and in lists: how they are read, and that whatever is read is hidden from logs and errors."""

import re
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TypeAlias
from urllib.parse import urlsplit

from worker.errors import SettingError
from worker.log_redaction import hide
from worker.settings.tokens import value_flaw

SECRETS_MAX = 4
"""Of one product: what a replacement needs, and a bound on what an unsigned request costs."""

Token = Callable[[], str]
"""Returns a secret; called for each use."""

Address: TypeAlias = str | Token
"""A server's address, or a way to get it: then user and password are asked for each new connection."""


def read_secret_file(name: str, path: Path) -> str:
    """The first line of a secret's file.

    Raises:
        SettingError: naming the variable that points to it.
    """
    try:
        text = path.read_text("utf-8-sig").strip()  # editors on Windows begin a file with a byte order mark
    except (OSError, ValueError) as error:  # ValueError: not UTF-8, or a path with a NUL in it
        raise SettingError(f"{name}: the file cannot be read ({type(error).__name__})") from None
    if not text:
        raise SettingError(f"{name}: the file is empty")
    text = text.splitlines()[0].rstrip()
    hide_secret(text)
    return text


def hide_secret(text: str) -> None:
    """Keeps a secret out of everything that is written: as a whole, the parts of a list, and the password of a URL."""
    for part in (text, *re.split(r"[\s,]+", text)):
        if part.lower() != "bearer":  # pasted in front of a token; the advice to remove it needs the word
            hide(part)
        with suppress(ValueError):  # no URL
            hide(urlsplit(part).password or "")


def file_token(name: str, path: Path) -> Token:
    """The text of a secret's file, read again for each use, so that a replaced file needs no restart.

    While the file cannot be read (it is being replaced) the last text is used.

    Raises:
        SettingError: it cannot be read the first time.
    """
    last = [read_secret_file(name, path)]

    def read() -> str:
        with suppress(SettingError):
            last[0] = read_secret_file(name, path)
        return last[0]

    return read


def parse_secrets(text: str) -> tuple[str, ...]:
    """Webhook secrets from a list with commas between them.

    Raises:
        ValueError: none, more than four, one with a space inside, or all of it in quotes.
    """
    if text[:1] in {'"', "'"} and text[-1:] == text[:1]:
        raise ValueError(value_flaw(text))
    found = tuple(part.strip() for part in text.split(",") if part.strip())
    if not 1 <= len(found) <= SECRETS_MAX or any(re.search(r"\s", secret) for secret in found):
        raise ValueError(f"must be 1 to {SECRETS_MAX} secrets with commas between them")
    return found

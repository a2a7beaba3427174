"""Scripted wrong answers: which request is answered wrongly, how, and how often. The server carries them out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any, Literal, get_args

FaultKind = Literal[
    "status",
    "hang",
    "drip",
    "reset",
    "truncate",
    "malformed_json",
    "html_200",
    "empty_list",
    "stale",
    "drop_page_rows",
    "redirect",
    "gzip_bomb",
    "same_cursor",
    "poison",
]
FAULT_KINDS: tuple[str, ...] = get_args(FaultKind)


@dataclass(slots=True)
class Fault:
    """One wrong answer.

    `match` is a regular expression searched in "METHOD /path?query" without the host, so "^GET /meetings/v1/events/"
    or "after=" both work. Arguments by kind:

    | kind | args |
    | --- | --- |
    | status | `status` (500), `body` (text or JSON; by default the product's own error), `headers` |
    | hang | `where` "headers" (default) or "body", `seconds` (3600) |
    | drip | `chunk_bytes` (16), `interval_seconds` (0.05) |
    | reset, truncate | `where` "headers" or "body" (reset only); truncate sends half of the promised body |
    | malformed_json, html_200, empty_list, stale | none |
    | drop_page_rows | `count` (1): rows taken from the page's start while cursors and totals stay |
    | redirect | `location` ("/elsewhere"), `status` (302) |
    | gzip_bomb | `size_bytes` (50,000,000, also the most) |
    | poison | `ids`: an answer that would hold one of these objects is 500 instead (`status`, `body`, `headers`) |
    | same_cursor | `after` (the one just used); for pages, one more page is always promised |
    """

    kind: FaultKind
    match: str = ""
    product: Literal["meetings", "appointments"] | None = None
    times: int | None = None
    """How often it strikes; None is forever."""
    skip: int = 0
    """Matching requests let through first."""
    probability: float = 1.0
    args: dict[str, Any] = field(default_factory=dict)
    struck: int = 0

    def __post_init__(self) -> None:
        """Refuse what could never strike."""
        if self.kind not in FAULT_KINDS:
            raise ValueError(f"unknown fault kind {self.kind!r}; known: {', '.join(FAULT_KINDS)}")
        re.compile(self.match)

    def strikes(self, line: str, product: str, rng: Random) -> bool:
        """Whether this request is answered with the wrong answer; counts it if so."""
        if self.product not in {None, product} or (self.times is not None and self.struck >= self.times):
            return False
        if not re.search(self.match, line) or (self.probability < 1 and rng.random() >= self.probability):
            return False
        if self.skip > 0:
            self.skip -= 1
            return False
        self.struck += 1
        return True


def first_striking(faults: Sequence[Fault], line: str, product: str, rng: Random) -> Fault | None:
    """The first scripted fault that takes this request."""
    return next((fault for fault in faults if fault.strikes(line, product, rng)), None)

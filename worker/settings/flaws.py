"""What an environment may hold that nobody meant to set: variables of Kubernetes, quotes, marks that editors add."""

import re
from collections.abc import Iterable

_SERVICE = re.compile(
    r"(?P<service>[A-Z0-9_]+?)_"
    r"(SERVICE_HOST|SERVICE_PORT(_[A-Z0-9_]+)?|PORT(_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)?)"
)
_VALUES = (
    (re.compile(r"_PORT(_\d+_(TCP|UDP|SCTP))?$"), re.compile(r"(tcp|udp|sctp)://\S+")),
    (re.compile(r"_SERVICE_HOST$|_ADDR$"), re.compile(r"[0-9a-fA-F.:]+")),
    (re.compile(r"_SERVICE_PORT(_[A-Z0-9_]+)?$|_PORT$"), re.compile(r"\d+")),
    (re.compile(r"_PROTO$"), re.compile(r"tcp|udp|sctp")),
)
MARK = "\ufeff"
"""The byte order mark that editors on Windows write at the beginning of a file."""


def is_service_link(name: str, value: str) -> bool:
    """Whether Kubernetes has set a variable for a Service, such as SAVVYCAL_SYNC_PORT=tcp://10.0.0.1:8321."""
    return bool(_SERVICE.fullmatch(name)) and any(
        kind.search(name) and allowed.fullmatch(value) for kind, allowed in _VALUES
    )


def marked_name(names: Iterable[str]) -> str | None:
    """The name of a variable behind a byte order mark, as from an env file of an editor on Windows; None is usual."""
    return next((name.lstrip(MARK) for name in names if name.startswith(MARK)), None)


def flaw_of(value: str) -> str | None:
    """What no setting holds at its ends, and how to fix it."""
    if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
        return "is in quotes: remove them (`docker --env-file` keeps quotes as part of the value)"
    if value.startswith(MARK):
        return "begins with a byte order mark: save the file as UTF-8 without one"
    return "ends with a line break of Windows: save the file with LF line ends" if value.endswith("\r") else None

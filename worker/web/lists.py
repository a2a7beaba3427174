"""The pages that are one table each: their titles, columns and actions. Data; `pages.py` makes the pages."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ListPage:
    """A page that is one table. `act`: the actions each row offers."""

    title: str
    about: str
    columns: tuple[str, ...]
    empty: str
    act: tuple[str, ...] = ()


LISTS = {
    "work": ListPage(
        "Work queue",
        "Pending work: what is due first, then by priority. At most 100 items.",
        ("account", "kind", "name", "state", "due_at", "reasons", "attempts", "last_error"),
        "No work is pending.",
        ("discard",),
    ),
    "dead-letters": ListPage(
        "Dead letters",
        "Work that keeps failing and waits for a person.",
        ("account", "kind", "name", "dead_lettered_at", "attempts", "last_error"),
        "There are no dead letters.",
        ("retry", "discard"),
    ),
    "quarantine": ListPage(
        "Quarantine",
        "Records that cannot be read. They are tried again whenever they are seen.",
        ("account", "kind", "name", "reason", "attempts", "first_seen_at", "last_seen_at"),
        "Every record can be read.",
    ),
    "runs": ListPage(
        "Runs",
        "Scans and audits of the last seven days, newest first: at most 100.",
        (
            *("account", "job", "product", "window_name", "started_at", "finished_at"),
            *("result", "pages", "rows_read", "rows_written", "error"),
        ),
        "No scan has run in the last seven days.",
    ),
    "deliveries": ListPage(
        "Webhook deliveries",
        "The newest 100 deliveries.",
        ("account", "product", "type", "state", "kind", "name", "received_at", "lag_seconds", "duplicate_count"),
        "No webhook has been delivered.",
    ),
    "drift": ListPage(
        "Drift",
        "Fields and states that SavvyCal sends and no documentation names. Nothing is lost.",
        ("account", "kind", "what", "name", "objects"),
        "SavvyCal sends only what its documentation names.",
    ),
}

"""The reason for a status of an object, where SavvyCal gives one."""

from worker.core.model import Kind, Snapshot

CANCELED, AWAITING_RESCHEDULE = "canceled", "awaiting_reschedule"

_EVENT_REASONS = {CANCELED: "cancel_reason", AWAITING_RESCHEDULE: "reschedule_reason"}


def reason_of(kind: Kind, status: str, snapshot: Snapshot) -> str | None:
    """The reason for the status that an object (or its meeting, for that kind) has in a snapshot; None without one."""
    if kind is Kind.MEETING:
        return snapshot.meeting.error_message if snapshot.meeting else None
    if kind is Kind.EVENT:
        column = _EVENT_REASONS.get(status)
        return _text(snapshot.row[column]) if column else None
    return _cancellation_reason(snapshot) if status == CANCELED else None


def _cancellation_reason(snapshot: Snapshot) -> str | None:
    """Of the last cancellation that gives one: in the person's own words, else the name of the reason chosen."""
    found = [entry for entry in snapshot.children.get("appointment_history", ()) if entry["kind"] == "cancellation"]
    reasons = (entry["custom_reason_text"] or entry["cancellation_reason_name"] for entry in reversed(found))
    return next((_text(reason) for reason in reasons if reason), None)


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None

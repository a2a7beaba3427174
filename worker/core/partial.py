"""Observations that are incomplete: a list without meetings, a conferencing type that never has a link. Pure."""

from collections.abc import Collection
from typing import Any

from msgspec import structs

from worker.core import json_text
from worker.core.hashing import canonical, content_hash
from worker.core.model import Meeting, Observation, Snapshot, Stored

MEETING_OBJECT = "appointment_meeting"


def meeting_property(document: dict[str, Any]) -> str | None:
    """Name of the property that holds an AppointmentMeeting, None when there is none."""
    is_one = (name for name, value in document.items() if isinstance(value, dict) and _is_meeting(name, value))
    return next(is_one, None)


def _is_meeting(name: str, value: dict[str, Any]) -> bool:
    return value.get("object") == MEETING_OBJECT or (name == "meeting" and "status" in value)


def with_stored_meeting(observed: Observation, stored: Stored | None, named: str) -> Observation:
    """An observation from a list that does not show meetings, completed with the stored meeting: the list then neither
    adds nor removes one, and equal content stays equal. `named` is the property that is null in the list.
    """
    if stored is None or observed.snapshot.meeting is not None:
        return observed
    before, document = json_text.decode(stored.body), json_text.decode(observed.snapshot.body)
    name = meeting_property(before) or named
    if name not in before:
        return observed
    current = next((one.content for one in stored.meetings if one.is_current), None)
    body = canonical(document | {name: before[name]})
    snapshot = structs.replace(observed.snapshot, body=body, content_hash=content_hash(body), meeting=current)
    return structs.replace(observed, snapshot=snapshot)


def without_link(snapshot: Snapshot, types: Collection[str]) -> Snapshot:
    """An event whose conferencing type is known to have no link: its meeting is `skipped`, so no link is awaited."""
    meeting = snapshot.meeting
    if meeting is None or meeting.status != "pending" or meeting.conferencing_provider not in types:
        return snapshot
    settled: Meeting = structs.replace(meeting, status="skipped")
    return structs.replace(snapshot, meeting=settled)

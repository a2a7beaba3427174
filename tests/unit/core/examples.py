"""Values the tests of the core are made of, and the tables played in memory."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from msgspec.structs import asdict

from worker.core.decide import Record
from worker.core.hashing import canonical, content_hash
from worker.core.model import Kind, Meeting, Observation, Row, Snapshot, Stored, StoredMeeting, Via

NOW = datetime(2026, 1, 5, 9, tzinfo=UTC)
DAY = timedelta(days=1)

OFTEN = settings(max_examples=80, deadline=None)
"""For properties: a slow machine is no failure."""

TEXT = st.text(st.characters(codec="utf-8"), max_size=8)
SCALARS = (
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats(allow_nan=False, allow_infinity=False) | TEXT
)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3), max_leaves=8
)
"""Any JSON value."""


def meeting(meeting_id: str = "amtg_000000000001", status: str = "pending", **fields: Any) -> Meeting:
    """A meeting in a status."""
    told: dict[str, Any] = {
        "conferencing_provider": "zoom_admin",
        "external_meeting_id": None,
        "join_url": None,
        "error_message": None,
        "has_host_url": False,
        "has_password": False,
    }
    return Meeting(meeting_id, status, **told | fields)


def snapshot(
    state: str = "scheduled",
    carried: Meeting | None = None,
    *,
    kind: Kind = Kind.APPOINTMENT,
    start_at: datetime | None = NOW + DAY,
    end_at: datetime | None = NOW + DAY + timedelta(minutes=30),
    occurred_at: dict[str, datetime] | None = None,
    **fields: Any,
) -> Snapshot:
    """A snapshot whose body and content hash follow from what is given."""
    document = {"state": state, "meeting": asdict(carried) if carried else None, **fields}
    body = canonical(document)
    return Snapshot(
        kind=kind,
        id="appt_000000000001",
        state=state,
        start_at=start_at,
        end_at=end_at,
        row=Row((), ()),
        children={},
        meeting=carried,
        occurred_at=occurred_at or {},
        body=body,
        content_hash=content_hash(body),
        unknown_fields=(),
    )


def seen(what: Snapshot, fence: int = 1) -> Observation:
    """A snapshot as one read saw it."""
    return Observation(what, b"digest", fence, NOW + timedelta(seconds=fence), Via.POLL)


def written(record: Record, before: Stored | None = None) -> Stored:
    """What the tables hold after a decision was applied to them."""
    what = record.observation.snapshot
    return Stored(
        id=what.id,
        state=what.state,
        version=record.version,
        fence=record.observation.fence,
        content_hash=what.content_hash,
        transition_seq=record.transition_seq,
        deleted=False,
        body=what.body,
        meetings=_meetings_after(record, before.meetings if before else ()),
    )


def _meetings_after(record: Record, before: tuple[StoredMeeting, ...]) -> tuple[StoredMeeting, ...]:
    kept = {old.id: replace(old, is_current=old.is_current and old.id not in record.retired_meetings) for old in before}
    write = record.meeting
    if write:
        assert write.is_new == (write.content.id not in kept)
        content = write.content
        kept[content.id] = StoredMeeting(content.id, content.status, write.transition_seq, True, content)
    return tuple(kept.values())

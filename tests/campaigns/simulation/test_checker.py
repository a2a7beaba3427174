"""The checker is checked: it finds nothing wrong with a good history, and names each kind of flaw in a bad one."""

import copy
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.campaigns.simulation.checker import Claim, History, Mark, Served, check_no_invention, label, mask, violations

BEGAN = datetime(2026, 11, 21, 12, tzinfo=UTC)
MEETING = {"id": "amtg_1", "status": "created", "join_url": "https://meet.example.test/1", "host_url": "https://secret"}
FIRST = {
    "id": "appt_1",
    "status": "scheduled",
    "start_at": {"utc": "2026-12-01T10:00:00Z"},
    "meeting": MEETING | {"status": "pending", "join_url": None},
}
SECOND = FIRST | {"meeting": MEETING}


def at(seconds: float) -> datetime:
    """So many seconds into the history."""
    return BEGAN + timedelta(seconds=seconds)


def served(step: int, document: dict[str, Any] | None, status: int = 200, how: Any = "get") -> Served:
    """An answer at that step, which is also its second."""
    return Served(
        step, at(step).timestamp(), "appointment", None if how == "probe" else "appt_1", how, status, document
    )


def snapshot(version: int, document: dict[str, Any], is_deleted: bool = False) -> dict[str, Any]:
    """A row of snapshots."""
    return {
        "kind": "appointment",
        "id": "appt_1",
        "version": version,
        "body": mask(document),
        "is_deleted": is_deleted,
    }


def edge(kind: str, object_id: str, seq: int, before: str | None, after: str, said: str) -> dict[str, Any]:
    """A row of transitions."""
    return {"kind": kind, "id": object_id, "seq": seq, "from_status": before, "to_status": after, "label": said}


def write(seq: int, op: str, **named: Any) -> dict[str, Any]:
    """A row of the writes."""
    row: dict[str, Any] = {"seq": seq, "op": op, "kind": "appointment", "id": "appt_1", "at": at(seq), "xid": str(seq)}
    return row | {"fence": None, "version": None, "deleted": False, "token": None} | named


def good() -> History:
    """An appointment seen twice: its meeting came with the second read, which was asked for."""
    appointment = {
        "id": "appt_1",
        "status": "scheduled",
        "start_at": datetime(2026, 12, 1, 10, tzinfo=UTC),
        "end_at": datetime(2026, 12, 1, 11, tzinfo=UTC),
        "version": 2,
    }
    meeting = {"id": "amtg_1", "event_id": None, "appointment_id": "appt_1", "status": "created", "is_current": True}
    run = {
        "id": 1,
        "product": "appointments",
        "window_name": "all",
        "result": "ok",
        "started_at": at(3),
        "finished_at": at(8),
    }
    counts = {"rows_read": 1, "rows_written": 1, "rows_unchanged": 0, "rows_superseded": 0, "rows_quarantined": 0}
    return History(
        source={"event": {}, "appointment": {"appt_1": copy.deepcopy(SECOND)}},
        versions={("appointment", "appt_1"): [(at(0).timestamp(), FIRST), (at(5).timestamp(), SECOND)]},
        served=[served(4, FIRST), served(6, SECOND)],
        marks=[Mark(5, "appointment", "appt_1")],
        tables={
            "events": [],
            "links": [],
            "appointments": [appointment | {"deleted_at": None, "first_seen_at": at(4)}],
            "event_attendees": [],
            "meetings": [meeting | {"join_url": MEETING["join_url"]}],
            "transitions": [
                edge("appointment", "appt_1", 1, None, "scheduled", "initial"),
                edge("meeting", "amtg_1", 1, None, "pending", "initial"),
                edge("meeting", "amtg_1", 2, "pending", "created", "direct"),
            ],
            "snapshots": [snapshot(1, FIRST), snapshot(2, SECOND)],
            "changes": [
                {"kind": "appointment", "id": "appt_1", "version": version, "change": change, "position": version}
                for version, change in ((1, "created"), (2, "updated"))
            ],
            "coverage": [],
            "runs": [run | counts],
            "quarantine": [],
            "webhook_deliveries": [],
            "_work": [],
            "_bounds": [{"id": 1, "from": None, "until": None}],
        },
        claims=[Claim("appointment", "appt_1", 1, "a"), Claim("appointment", "appt_1", 2, "b")],
        writes=[
            write(1, "claim", token="a"),
            write(4, "write", fence=1, version=1),
            write(5, "claim", token="b"),
            write(6, "write", fence=2, version=2),
        ],
    )


def test_good_history_is_clean() -> None:
    """A history in which everything went well breaks nothing."""
    assert violations(good()) == []


def test_a_list_without_meetings_leaves_the_stored_one() -> None:
    """Its record with the meeting of the version before was never served as a whole; a read by id proves more."""
    history, listed = good(), SECOND | {"meeting": None, "status": "confirmed"}
    for how, broken in (("list", []), ("get", ["I2"])):
        history.served = [served(4, SECOND), served(6, listed, how=how)]
        history.tables["snapshots"] = [
            snapshot(1, SECOND),
            snapshot(2, listed | {"meeting": SECOND["meeting"]}),
        ]
        assert [line[:2] for line in check_no_invention(history)] == broken


Spoil = Callable[[History], object]
WORK_ITEM = {
    "job": "object",
    "kind": "appointment",
    "key": "appt_1",
    "reasons": ["webhook"],
    "requested_gen": 2,
    "done_gen": 1,
}
WORK_ITEM |= {"dead_lettered_at": None, "last_error": None, "attempts": 0}


def deleted(history: History, *answers: Served) -> None:
    """The object counts as deleted after these answers."""
    history.source["appointment"].clear()
    history.tables["appointments"][0] = {**history.tables["appointments"][0], "deleted_at": at(90), "version": 3}
    change = {"kind": "appointment", "id": "appt_1", "version": 3, "change": "deleted", "position": 3}
    history.tables["changes"].append(change)
    history.tables["snapshots"].append(snapshot(3, SECOND, is_deleted=True))
    history.tables["meetings"][0] = {**history.tables["meetings"][0], "is_current": False}
    history.tables["transitions"].append(edge("appointment", "appt_1", 2, "scheduled", "deleted", "direct"))
    history.served += answers
    history.writes.append(write(90, "write", fence=3, version=3, deleted=True))


def keep_the_meeting(history: History) -> None:
    """A deleted object keeps its meeting as the current one."""
    deleted(history, served(20, None, 404), served(85, None, 404), served(86, {}, 200, "probe"))
    patch("meetings", 0, is_current=True)(history)


def cover_by_suspect(history: History) -> None:
    """A run that is not to be trusted completes its window."""
    patch("runs", 0, result="suspect")(history)
    history.writes.append(write(9, "cover", version=1))


def patch(table: str, index: int, **named: Any) -> Spoil:
    """One row of a table changes."""

    def spoil(history: History) -> None:
        history.tables[table][index] = {**history.tables[table][index], **named}

    return spoil


def test_tombstone_after_two_proofs_is_clean() -> None:
    """Two direct 404s more than a minute apart and a healthy probe make a tombstone that nobody minds."""
    history = good()
    deleted(history, served(20, None, 404), served(85, None, 404), served(86, {}, 200, "probe"))

    assert violations(history) == []


SPOILS: dict[str, tuple[str, Spoil]] = {
    "not at rest": ("I1", lambda h: setattr(h, "is_quiescent", False)),
    "never stored": ("I1", lambda h: h.tables["appointments"].clear()),
    "stale": ("I1", lambda h: h.source["appointment"].update(appt_1=SECOND | {"status": "canceled"})),
    "wrong column": ("I1", patch("appointments", 0, status="canceled")),
    "gone though there": ("I1", patch("appointments", 0, deleted_at=at(9))),
    "there though gone": ("I1", lambda h: h.source["appointment"].clear()),
    "link not stored": ("I1", lambda h: h.source.update(link={"link_1": {"id": "link_1", "state": "active"}})),
    "two current meetings": ("I1", lambda h: h.tables["meetings"].append({**h.tables["meetings"][0], "id": "amtg_0"})),
    "meeting of a deleted object": ("I1", keep_the_meeting),
    "meeting in another status": ("I1", patch("meetings", 0, status="pending")),
    "meeting lost": ("I1", patch("meetings", 0, is_current=False)),
    "keeps a former meeting": ("I1", lambda h: h.tables["snapshots"][1]["body"].update(meeting=None)),
    "a stranger": (
        "I2",
        lambda h: h.tables["changes"].append({"kind": "event", "id": "event_9", "change": "deleted", "position": 9}),
    ),
    "invented": ("I2", lambda h: h.served.pop(0)),
    "secret kept": ("I2", patch("snapshots", 1, body=SECOND)),
    "earlier read wins": ("I3", lambda h: h.writes.append(write(7, "write", fence=1, version=3))),
    "fence ties": ("I3", lambda h: h.writes.append(write(7, "write", fence=2, version=3))),
    "fence after the fetch": ("I3", lambda h: h.unfenced.append("a list of appointments")),
    "version skipped": ("I3", lambda h: h.writes.append(write(7, "write", fence=3, version=4))),
    "wake-up lost": ("I4", lambda h: h.marks.append(Mark(7, "appointment", "appt_1"))),
    "never read": ("I4", lambda h: h.marks.append(Mark(1, "event", "event_1"))),
    "acknowledged, not stored": ("I5", lambda h: h.acknowledged.add("payload_1")),
    "delivery waits": ("I4", lambda h: h.tables["webhook_deliveries"].append({"id": "payload_1", "state": "received"})),
    "work queue not empty": ("I4", lambda h: h.tables["_work"].append(WORK_ITEM)),
    "scan left open": ("I4", lambda h: h.tables["_work"].append(WORK_ITEM | {"job": "scan", "key": "all"})),
    "nobody watches": ("I4", patch("meetings", 0, status="update_pending")),
    "dead letter": ("I12", lambda h: h.tables["_work"].append(WORK_ITEM | {"dead_lettered_at": at(9)})),
    "gap in the chain": ("I6", patch("transitions", 2, seq=3)),
    "transition doubled": (
        "I6",
        lambda h: h.tables["transitions"].append(edge("meeting", "amtg_1", 3, "created", "created", "direct")),
    ),
    "chain broken": ("I6", patch("transitions", 2, from_status="failed")),
    "chain ends elsewhere": ("I6", lambda h: h.tables["transitions"].pop()),
    "wrong label": ("I6", patch("transitions", 2, label="anomalous")),
    "no chain at all": ("I6", lambda h: h.tables["transitions"].pop(0)),
    "snapshot missing": ("I7", lambda h: h.tables["snapshots"].pop(0)),
    "deleted in its history alone": ("I7", patch("snapshots", 1, is_deleted=True)),
    "feed in disorder": ("I7", patch("changes", 0, position=3)),
    "equal versions": ("I7", patch("snapshots", 0, body=mask(SECOND))),
    "change missing": ("I7", lambda h: h.tables["changes"].pop()),
    "change doubled": ("I7", lambda h: h.tables["changes"].append(h.tables["changes"][1])),
    "lost lease writes": ("I8", lambda h: h.writes.insert(3, write(5, "claim", token="c"))),
    "deleted at the first 404": ("I9", lambda h: deleted(h, served(85, None, 404), served(86, {}, 200, "probe"))),
    "two 404s in a row": (
        "I9",
        lambda h: deleted(h, served(50, None, 404), served(85, None, 404), served(86, {}, 200, "probe")),
    ),
    "answered in between": (
        "I9",
        lambda h: deleted(
            h, served(20, None, 404), served(30, SECOND), served(85, None, 404), served(86, {}, 200, "probe")
        ),
    ),
    "account not probed": ("I9", lambda h: deleted(h, served(20, None, 404), served(85, None, 404))),
    "absence without proof": ("I9", deleted),
    "delete guard off": ("I9", lambda h: h.writes.extend(write(n, "ask", xid="7") for n in range(10, 31))),
    "rows unaccounted": ("I10", patch("runs", 0, rows_read=2)),
    "ok, yet running": ("I10", patch("runs", 0, finished_at=None)),
    "suspect run covers": ("I11", cover_by_suspect),
    "missed by a scan": ("I11", patch("appointments", 0, first_seen_at=at(10))),
    "crash": ("I15", lambda h: h.crashes.append("work ended with KeyError()")),
}


@pytest.mark.parametrize("name", SPOILS)
def test_bad_history_is_named(name: str) -> None:
    """Each broken invariant is reported under its number."""
    number, spoil = SPOILS[name]
    history = good()
    if name == "ok, yet running":
        history.tables["_bounds"] = []
    spoil(history)

    assert any(found.startswith(f"{number}:") for found in violations(history)), violations(history)


@pytest.mark.parametrize(("hour", "is_clean"), [(16, False), (18, True)])
def test_nobody_has_to_watch_what_has_long_been_over(hour: int, is_clean: bool) -> None:
    """A meeting that never settles is watched until six hours after its end."""
    history = good()
    patch("meetings", 0, status="update_pending")(history)
    history.ended_at = datetime(2026, 12, 1, hour, tzinfo=UTC)

    assert any("nobody watches" in found for found in violations(history)) != is_clean


def test_completeness_excuses_what_moved() -> None:
    """What entered the range during the scan need not have been seen by it."""
    history = good()
    history.versions["appointment", "appt_1"] = [(at(4).timestamp(), FIRST), (at(5).timestamp(), SECOND)]
    patch("appointments", 0, first_seen_at=at(10))(history)

    assert violations(history) == []


@pytest.mark.parametrize(
    ("table", "before", "after", "said"),
    [
        ("appointment meeting", None, "pending", "initial"),
        ("appointment meeting", "pending", "created", "direct"),
        ("appointment meeting", "pending", "update_pending", "gap"),
        ("appointment meeting", "canceled", "created", "anomalous"),
        ("event", "confirmed", "awaiting_approval", "anomalous"),
        ("event", "awaiting_approval", "awaiting_reschedule", "gap"),
    ],
)
def test_labels(table: str, before: str | None, after: str, said: str) -> None:
    """The checker's own reading of the lifecycles."""
    assert label(table, before, after) == said

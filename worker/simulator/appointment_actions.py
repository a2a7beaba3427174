"""Everything that can happen to an Appointment and its meeting, each with the webhook type that marks it."""

from __future__ import annotations

from typing import Any

from .appointments import (
    SENSITIVE,
    appointment_times,
    build_appointment,
    cancellation,
    created_details,
    empty_meeting,
    host_url,
    plan_appointment,
    zoned,
)
from .collection import Record
from .formats import Document, hex_id, iso, parse_instant
from .object_store import Store, UnknownObjectError

DAY_QUARTERS = 96


class AppointmentActions(Store):
    """The Appointments half of the world's verbs; each returns the new appointment document."""

    def book_appointment(self, *, meeting_status: str = "pending", **fields: Any) -> Document:
        """A new appointment ahead of now, its meeting not attempted yet; `in_person` as status books one without."""
        record = self._plan_appointment(meeting_status)
        document = build_appointment(record, self.catalog, self.options, int(self.now)) | {"updated_at": iso(self.now)}
        document |= fields
        record.id = str(document["id"])
        self.commit("appointment", record, document)
        self.publish("appointments", "appointment.created", document)
        return document

    def _plan_appointment(self, meeting_status: str) -> Record:
        record = plan_appointment(self.rng, self.next_number("appointment"), int(self.now))
        if record.start_at <= self.now:
            record.start_at = int(self.now // 900 + self.rng.randrange(2, 30 * DAY_QUARTERS)) * 900
        record.created_at, record.state, record.seeded = int(self.now), "scheduled", meeting_status
        return record

    def create_appointment(self, service_id: str, wish: Document) -> Document:
        """POST /appointments: a booking through the API, for a known service."""
        service = next(one for one in self.catalog.services if one["id"] == service_id)
        virtual = service["appointment_type"] == "virtual"
        record = self._plan_appointment("pending" if virtual else "in_person")
        zone = str(wish["time_zone"])
        record.start_at = parse_instant(wish.get("start_at"), zone) or record.start_at
        document = build_appointment(record, self.catalog, self.options, int(self.now)) | {"service": service}
        document |= appointment_times(record.start_at, service, zone, self.options) | {"updated_at": iso(self.now)}
        end_at = parse_instant(wish.get("end_at"), zone)
        if end_at is not None:
            document["end_at"] = zoned(end_at, zone, self.options)
        document |= self._client_of(wish["client_data"], document)
        document["provider"] = self._provider(wish.get("provider_id")) or document["provider"]
        self.commit("appointment", record, document)
        self.publish("appointments", "appointment.created", document)
        return document

    def _client_of(self, client_data: Document, document: Document) -> Document:
        """The client named in the request and the snapshot of what was given."""
        given = {name: client_data.get(name) for name in ("locale", "reference_id", "time_zone", *SENSITIVE)}
        told = {name: value for name, value in given.items() if value is not None}
        identity = client_data.get("id") or hex_id("clnt", self.rng)
        return {"client": document["client"] | told | {"id": identity}, "client_data": given}

    def _provider(self, provider_id: object) -> Document | None:
        return next((one for one in self.catalog.providers if one["id"] == provider_id), None)

    def _meeting_of(self, appointment_id: str) -> tuple[Document, Document]:
        """The appointment and its meeting; in-person ones have none."""
        document = self.document("appointment", appointment_id)
        meeting = document.get(self.options.meeting_property)
        if not isinstance(meeting, dict):
            raise UnknownObjectError(f"appointment {appointment_id} has no meeting")
        return document, meeting

    def _write(self, document: Document, marks: Document, *, at: bool = True) -> Document:
        """Commit an appointment with `marks`, its `updated_at` moved unless `at` is False."""
        stamp = {"updated_at": iso(self.now)} if at else {}
        return self.commit("appointment", self.record("appointment", document["id"]), document | stamp | marks)

    def _write_meeting(self, document: Document, meeting: Document, webhook_event_type: str | None) -> Document:
        bumps = self.options.updated_at_bumps_on_meeting
        document = self._write(document, {self.options.meeting_property: meeting}, at=bumps)
        payload = meeting if self.options.meeting_webhook_object == "meeting" else document
        self.publish("appointments", webhook_event_type, payload)
        return document

    def set_meeting_status(self, appointment_id: str, status: str, **details: Any) -> Document:
        """Move a meeting to any status; `created` brings its URLs, `failed` an error message, unless given."""
        document, meeting = self._meeting_of(appointment_id)
        filled: Document = {"status": status, "error_message": None}
        if status == "created" and meeting["join_url"] is None:
            filled |= created_details(self.rng, appointment_id, meeting["conferencing_provider"])
        if status == "failed":
            filled["error_message"] = "The provider refused the request (rate limited)."
        told = self.options.meeting_webhook_every_change or status in {"created", "failed"}
        return self._write_meeting(
            document, meeting | filled | details, "appointment.meeting.updated" if told else None
        )

    def replace_meeting(self, appointment_id: str, provider_id: str | None = None) -> Document:
        """Route to another host: a brand-new meeting with a new id, not attempted yet."""
        document, meeting = self._meeting_of(appointment_id)
        others = [one for one in self.catalog.providers if one["id"] != document["provider"]["id"]]
        host = self._provider(provider_id) or self.rng.choice(others)
        fresh = empty_meeting(self.rng, "pending", meeting["conferencing_provider"])
        return self._write_meeting(document | {"provider": host}, fresh, "appointment.meeting.replaced")

    def rotate_host_url(self, appointment_id: str) -> Document:
        """A new token in host_url and nothing else."""
        document, meeting = self._meeting_of(appointment_id)
        told = "appointment.meeting.updated" if self.options.rotation_sends_webhook else None
        return self._write_meeting(document, meeting | {"host_url": host_url(self.rng, appointment_id)}, told)

    def reschedule_appointment(
        self,
        appointment_id: str,
        start_at: str | None = None,
        *,
        end_at: str | None = None,
        time_zone: str | None = None,
        provider_id: str | None = None,
        initiated_by: str = "client",
    ) -> Document:
        """Move an appointment; a made meeting becomes update_pending, or is replaced when the host changes."""
        before = self.document("appointment", appointment_id)
        zone = time_zone or before["start_at"]["time_zone"]
        start = parse_instant(start_at, zone) or self._another_time(before)
        length = before["end_at"]["unix_ts"] - before["start_at"]["unix_ts"]
        end = parse_instant(end_at, zone) or start + length
        times = {"start_at": zoned(start, zone, self.options), "end_at": zoned(end, zone, self.options)}
        entry = self._entry("reschedule_event", initiated_by)
        entry |= {"previous_start_at": before["start_at"], "previous_end_at": before["end_at"]}
        entry |= {"new_start_at": times["start_at"], "new_end_at": times["end_at"]}
        document = self._write(before, times | {"reschedule_events": [*before["reschedule_events"], entry]})
        self.publish("appointments", "appointment.rescheduled", document)
        return self._reroute(document, provider_id)

    def _reroute(self, document: Document, provider_id: str | None) -> Document:
        """What a reschedule does to the meeting."""
        meeting = document.get(self.options.meeting_property)
        other_host = provider_id is not None and provider_id != document["provider"]["id"]
        if meeting is None:
            host = self._provider(provider_id) or document["provider"]
            return self._write(document, {"provider": host}) if other_host else document
        if other_host:
            return self.replace_meeting(document["id"], provider_id)
        if meeting["status"] == "created":
            return self.set_meeting_status(document["id"], "update_pending")
        return document

    def _another_time(self, document: Document) -> int:
        start_at = max(int(document["start_at"]["unix_ts"]), int(self.now))
        return start_at // 900 * 900 + self.rng.randrange(1, 14 * DAY_QUARTERS) * 900

    def _entry(self, kind: str, initiated_by: str, source: str = "api") -> Document:
        """The start every history entry shares."""
        return {
            "object": kind,
            "occurred_at": iso(self.now),
            "initiated_by": initiated_by,
            "source": source,
            "actor": None,
        }

    def cancel_appointment(
        self, appointment_id: str, reason_id: str | None = None, text: str | None = None, initiated_by: str = "client"
    ) -> Document:
        """Cancel; a made meeting becomes cancel_pending, one never made is canceled at once."""
        before = self.document("appointment", appointment_id)
        reason = self.catalog.reason if reason_id == self.catalog.reason["id"] else None
        entry = cancellation(self.now, reason, text, initiated_by, "api")
        entries = [*before["cancellation_events"], entry]
        document = self._write(before, {"status": "canceled", "cancellation_events": entries})
        self.publish("appointments", "appointment.canceled", document)
        meeting = document.get(self.options.meeting_property) or {}
        if meeting.get("status") in {"created", "update_pending"}:
            return self.set_meeting_status(appointment_id, "cancel_pending")
        if meeting.get("status") == "pending":
            return self.set_meeting_status(appointment_id, "canceled")
        return document

    def confirm_appointment(self, appointment_id: str, initiated_by: str = "client") -> Document:
        """Note that the client confirmed: `confirmed_at` and an entry."""
        before = self.document("appointment", appointment_id)
        entry = self._entry("confirmation_event", initiated_by)
        entry |= {"start_at": before["start_at"], "end_at": before["end_at"]}
        entries = [*before["confirmation_events"], entry]
        document = self._write(before, {"confirmed_at": iso(self.now), "confirmation_events": entries})
        self.publish("appointments", "appointment.confirmed", document)
        return document

    def put_appointment(self, document: Document) -> Document:
        """Store an Appointment document verbatim, silently."""
        return self.put("appointment", document)

"""Events as SavvyCal serves them, from a number: the same number and revision give the same bytes."""

import base64
import hashlib
from datetime import UTC, datetime, timedelta
from functools import cache
from random import Random
from typing import Any

import msgspec

Document = dict[str, Any]

_FIRST = ("Ann", "Bilal", "Chiara", "Dmitri", "Élodie", "Farah", "Goran", "Hana", "Ivo", "Jun")
_LAST = ("Okafor", "Novák", "Silva", "Meyer", "Tanaka", "O'Neil", "García", "Lindqvist", "Dubois", "Kaya")
_ZONES = ("America/New_York", "Europe/Paris", "Asia/Tokyo", "Australia/Sydney", "Etc/UTC")
_LINKS = (("Intro call", "intro", 30), ("Deep dive", "deep-dive", 60), ("Quarterly review", "quarterly", 45))
_LOREM = "Please read the notes before the call; the files of last time are in the shared folder."


def today() -> datetime:
    """Midnight: what the data is laid around, so that a day's runs share it."""
    return datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


def event_id(number: int) -> str:
    """Id of the event with that number: as long as SavvyCal's, and in no order."""
    return f"event_01K7QT{number * 2654435761 % 2**32:010d}ACZ3K39T7S"


def starts(count: int, base: datetime, ahead_only: bool = False) -> list[datetime]:
    """Start times in order: three in five within the past year, the rest within the next 60 days, or all ahead."""
    past = 0 if ahead_only else count * 3 // 5
    ahead_days = 30 if ahead_only else 60
    before = [base - timedelta(days=365) + timedelta(days=364.0 * i / max(past, 1)) for i in range(past)]
    after = [base + timedelta(days=ahead_days * (i + 0.5) / (count - past)) for i in range(count - past)]
    return [at.replace(second=0, microsecond=0) for at in (*before, *after)]


def build_event(number: int, start_at: datetime, base: datetime, revision: int) -> bytes:
    """One record of a list page. A revision above 0 is a change: an odd number is canceled, an even one renamed.

    Filled into one of 840 templates (a multiple of all the rhythms below), since encoding each would take minutes.
    """
    minutes = _LINKS[number % len(_LINKS)][2]
    filled = {
        _ID: event_id(number),
        _START: _iso(start_at),
        _END: _iso(start_at + timedelta(minutes=minutes)),
        _CREATED: _iso(start_at - timedelta(days=20, minutes=number % 600)),
        _LIMITER: f"{10**10 + number * 7919 % 10**10}",
        _WHO: f"{number:010d}",
    }
    record = _template(number % 840, start_at > base, base, revision)
    for place, text in filled.items():
        record = record.replace(place.encode(), text.encode())
    return record


_ID, _START, _END, _CREATED, _LIMITER, _WHO = "<id>", "<start>", "<end>", "<created>", "<room>", "<who>"


@cache
def _template(number: int, is_ahead: bool, base: datetime, revision: int) -> bytes:
    rng = Random(number)
    name, slug, minutes = _LINKS[number % len(_LINKS)]
    people = [_host(number % 7)] + [_guest(rng, place) for place in range(1 + (rng.random() < 0.5))]
    is_canceled = number % 11 == 0 or (revision > 0 and number % 2 == 1)
    document = {
        "id": _ID,
        "state": "canceled" if is_canceled else "confirmed",
        "summary": f"{name}: {people[1]['display_name']}" + (f" (moved {revision})" if revision else ""),
        "description": f"{name} of {minutes} minutes with {people[1]['display_name']}. {_LOREM}",
        "additional_info": "Reply to this message to reach us before the call." if number % 2 else None,
        "description_settings": {"include_attendees": True, "include_fields": False, "include_link_name": True},
        "created_at": _CREATED,
        "buffer_before": 0,
        "buffer_after": 15 if number % 3 == 0 else 0,
        "link": {"id": f"link_{_token(number % 3)}", "name": name, "slug": slug},
        "poll": None,
        "scope": {"id": f"scope_{_token(7)}", "name": "Ann", "slug": "ann"},
        "scheduler": people[1],
        "organizer": people[0],
        "attendees": people,
        "is_group_session": False,
        "maximum_group_size": 1,
        "metadata": {"utm_source": "newsletter", "lead_score": number % 100} if number % 5 < 2 else {},
        "url": f"https://savvycal.com/events/{_ID}",
        "start_at": _START,
        "end_at": _END,
        "duration": minutes,
        "canceled_at": _iso(base) if is_canceled else None,
        "cancel_reason": "Something came up" if is_canceled else None,
        "rescheduled_at": None,
        "reschedule_reason": None,
        "original_start_at": None,
        "original_end_at": None,
        **_place(is_ahead and number % 50 == 0),
        "payment": None,
    }
    return msgspec.json.encode(document)


def _place(waits: bool) -> Document:
    """Zoom for all; one in fifty of the upcoming events still waits for its link."""
    url = None if waits else f"https://example-test.zoom.us/j/{_LIMITER}?pwd=0ba67f{_LIMITER}5ca6efb615"
    steps = f"Join Zoom Meeting\nMeeting ID: {_LIMITER}\nOne tap mobile: +15550100,,{_LIMITER}#"
    return {
        "location": url,
        "location_settings": [{"integration_id": "zoom_123", "type": "zoom"}],
        "conferencing": {"type": "zoom", "join_url": url, "meeting_id": _LIMITER, "instructions": steps},
    }


def _host(number: int) -> Document:
    return _person(f"attendee_{_token(number)}", f"host{number}@example.test", number, is_organizer=True)


def _guest(rng: Random, place: int) -> Document:
    name = rng.randrange(100)
    person = _person(f"attendee_01K7QT{_WHO}ACZ3K39T7{place}", f"guest{_WHO}@example.test", name, False)
    answers = [
        {"id": "field_intro_0", "type": "text", "label": "What should we talk about?", "value": None},
        {"id": "field_intro_1", "type": "text", "label": "Company", "value": f"Example {name} GmbH"},
    ]
    return person | {"fields": answers if place == 0 else []}


def _person(person_id: str, email: str, name: int, is_organizer: bool) -> Document:
    first, last = _FIRST[name % 10], _LAST[name // 10 % 10]
    return {
        "id": person_id,
        "email": email,
        "display_name": f"{first} {last}",
        "first_name": first,
        "last_name": last,
        "phone_number": None,
        "time_zone": _ZONES[name % len(_ZONES)],
        "response_status": "accepted",
        "is_organizer": is_organizer,
        "marketing_opt_in": not is_organizer,
        "fields": [],
    }


def _iso(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def _token(number: int) -> str:
    raw_hash = hashlib.blake2b(number.to_bytes(8, "big"), digest_size=20).digest()
    return base64.b32encode(raw_hash).decode()[:26]

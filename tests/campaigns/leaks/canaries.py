"""Unique texts that must not surface, and documents that carry them wherever SavvyCal could."""

import base64
import os
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from savvycal_sync.keyring import generate
from worker.simulator import Simulator


def _mark(name: str) -> str:
    """Letters only: no shape gives it away, so that only care at the source keeps it in."""
    return f"Kanari{name.replace('_', '').capitalize()}{base64.b32encode(os.urandom(10)).decode().strip('=').lower()}"


SECRET_NAMES = (
    "meetings_token appointments_token host_url password action_link nested_host_url nested_password error_body "
    "error_header redirect header_value job_argument exception"
).split()
PERSON_NAMES = "email phone first_name last_name display_name answer free_text metadata".split()


@dataclass(frozen=True)
class Canaries:
    """`secrets` may be nowhere but sealed; `people` may be in tables, and nowhere else."""

    secrets: dict[str, str]
    people: dict[str, str]

    @classmethod
    def fresh(cls, database_url: str, redis_url: str) -> "Canaries":
        """New ones; the passwords of the servers and a sealing key count as well."""
        secrets = {name: _mark(name) for name in SECRET_NAMES} | {"sealing_key": generate()}
        for name, url in (("database_password", database_url), ("redis_password", redis_url)):
            if password := urlsplit(url).password:
                secrets[name] = password
        return cls(secrets, {name: _mark(name) for name in PERSON_NAMES})

    def found_in(self, text: bytes, people_too: bool) -> list[str]:
        """Names of the canaries in a text, as they are or in base64 or hex."""
        wanted = self.secrets | (self.people if people_too else {})
        return [name for name, value in wanted.items() if any(form in text for form in _forms(value))]


def _forms(value: str) -> tuple[bytes, ...]:
    raw = value.encode()
    return raw, raw.hex().encode(), base64.b64encode(raw).rstrip(b"=")[:-1]


def dress_event(event: dict[str, Any], of: Canaries) -> dict[str, Any]:
    """An Event that carries canaries: people where it documents them, credentials where nobody expects them."""
    who, secret = of.people, of.secrets
    person = {
        "email": f"{who['email']}@example.test",
        "phone_number": who["phone"],
        "first_name": who["first_name"],
        "last_name": who["last_name"],
        "display_name": who["display_name"],
    }
    answer = {
        "id": "f1",
        "type": "text",
        "label": "Why?",
        "value": who["answer"],
        "password": secret["nested_password"],
    }
    attendees = [one | person | {"fields": [answer]} for one in event["attendees"]] or []
    return event | {
        "attendees": attendees,
        "description": who["free_text"],
        "metadata": {"note": who["metadata"], "password": secret["nested_password"]},
        "conferencing": (event.get("conferencing") or {}) | {"host_url": f"https://z.test/{secret['nested_host_url']}"},
    }


def dress_appointment(appointment: dict[str, Any], of: Canaries) -> dict[str, Any]:
    """An Appointment that carries them: client, credentials of its meeting, action links."""
    who, secret = of.people, of.secrets
    person = {
        "email": f"{who['email']}@example.test",
        "phone": who["phone"],
        "first_name": who["first_name"],
        "last_name": who["last_name"],
    }
    meeting = appointment.get("meeting")
    if meeting:
        meeting = meeting | {
            "host_url": f"https://book.example.test/host?token={secret['host_url']}",
            "password": secret["password"],
        }
    return appointment | {
        "client": appointment["client"] | person,
        "client_data": appointment["client_data"] | person,
        "urls": {"cancel": [f"https://book.example.test/cancel?t={secret['action_link']}"]},
        "fields": [{"password": secret["nested_password"], "value": who["answer"]}],
        "meeting": meeting,
    }


def dress_world(simulator: Simulator, of: Canaries) -> None:
    """Canaries in every object of the simulated account."""
    world = simulator.world
    for document in list(world.documents("event").values()):
        world.put("event", dress_event(document, of))
    for document in list(world.documents("appointment").values()):
        world.put("appointment", dress_appointment(document, of))

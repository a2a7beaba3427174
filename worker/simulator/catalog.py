"""The furniture of the simulated account: its user, links and scopes, its providers, services and clients."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from .formats import DAY, Document, hex_id, iso, ulid
from .options import Options

FIRST_NAMES = (
    "Ann",
    "Bilal",
    "Chiara",
    "Dmitri",
    "Élodie",
    "Farah",
    "Goran",
    "Hana",
    "Ines",
    "Jonas",
    "Kenji",
    "Łucja",
)
LAST_NAMES = (
    "Okafor",
    "Meyer",
    "García",
    "Novák",
    "Silva",
    "Tanaka",
    "Owusu",
    "Lindqvist",
    "Rossi",
    "Haddad",
    "O'Neil",
)
TIME_ZONES = ("Europe/Paris", "America/New_York", "America/Los_Angeles", "Asia/Tokyo", "Australia/Sydney", "Etc/UTC")
ME_EMAIL = "me@example.test"


@dataclass(frozen=True, slots=True)
class Link:
    """A scheduling link and how it books."""

    id: str
    name: str
    slug: str
    duration_minutes: int
    scope: Document
    approval: bool = False
    paid: bool = False
    group: bool = False
    zoom: bool = True


# name, slug, minutes, and how the link books
LINKS: tuple[tuple[str, str, int, dict[str, bool]], ...] = (
    ("Intro call", "intro", 30, {}),
    ("Product demo", "demo", 45, {}),
    ("Interview", "interview", 60, {"approval": True}),
    ("Paid consultation", "consultation", 60, {"paid": True}),
    ("Office hours", "office-hours", 30, {"group": True}),
    ("Coffee nearby", "coffee", 30, {"zoom": False}),
)
# name, ISO-8601 duration, appointment_type
SERVICES = (
    ("First consultation", "PT45M", "virtual"),
    ("Follow-up", "PT30M", "virtual"),
    ("Long session", "PT1H30M", "virtual"),
    ("Office visit", "PT1H", "in_person"),
)


class Catalog:
    """Everything a booking refers to; the same for the same seed and start."""

    def __init__(self, options: Options, now: int) -> None:
        rng = Random(f"{options.seed}:catalog")
        self.seed = options.seed
        self.born_at = now - 400 * DAY
        self.me = self._user(rng)
        scopes = [self._scope(rng, "Ann", "ann"), self._scope(rng, "Sales", "sales")]
        self.links = [
            Link(f"link_{ulid(rng, self.born_at)}", name, slug, minutes, scopes[index % 2], **ways)
            for index, (name, slug, minutes, ways) in enumerate(LINKS)
        ]
        self.links_by_id = {link.id: link for link in self.links}
        self.providers = [self._provider(rng, index, options) for index in range(5)]
        self.services = [self._service(rng, *service) for service in SERVICES]
        self.reason: Document = {"id": hex_id("cr", rng), "object": "cancellation_reason"}
        self.reason |= {"name": "No longer needed", "sort_order": 1}
        self.account: Document = {"id": options.appointments_account, "object": "account", "name": "Example Practice"}
        self.account |= self._stamps()

    def _stamps(self) -> Document:
        return {"created_at": iso(self.born_at), "updated_at": iso(self.born_at + DAY)}

    def _user(self, rng: Random) -> Document:
        """The User of `GET /v1/me`."""
        return {
            "id": f"user_{ulid(rng, self.born_at)}",
            "email": ME_EMAIL,
            "display_name": "Ann Meyer",
            "first_name": "Ann",
            "last_name": "Meyer",
            "time_zone": "Europe/Paris",
            "time_format": "24hr",
            "first_day_of_week": 1,
            "plan": "premium",
            "avatar_url": None,
        }

    def _scope(self, rng: Random, name: str, slug: str) -> Document:
        return {"id": f"scope_{ulid(rng, self.born_at)}", "name": name, "slug": slug}

    def _provider(self, rng: Random, index: int, options: Options) -> Document:
        first, last = FIRST_NAMES[index], LAST_NAMES[index]
        newest = {} if options.appointment_generation == "legacy" else {"time_zone": TIME_ZONES[index]}
        names = {"first_name": first, "last_name": last, "display_name": f"{first} {last}"}
        return {"id": hex_id("prov", rng), "object": "provider", **names, **newest, **self._stamps()}

    def _service(self, rng: Random, name: str, duration: str, appointment_type: str) -> Document:
        notice = {"enabled": True, "minimum_duration": "PT2H"}
        weekly = {
            "freq": "weekly",
            "byday": ["mo", "tu", "we", "th", "fr"],
            "interval": 1,
            "count": None,
            "until": None,
        }
        return {
            "id": hex_id("srv", rng),
            "object": "service",
            "name": name,
            "appointment_type": appointment_type,
            "duration": duration,
            "slot_rules": [{"start_times": ["09:00", "10:30", "14:00"], "recurrence_rule": weekly}],
            "booking_policy": {
                "allow_booking": True,
                "advance_notice": notice,
                "maximize_utilization": {"enabled": False},
                "disabled_message": None,
            },
            "cancellation_policy": {"allow_cancellation": True, "advance_notice": notice, "disabled_message": None},
            "rescheduling_policy": {"allow_rescheduling": True, "advance_notice": notice, "disabled_message": None},
            "change_policy_text": "Please tell us two hours ahead.",
            **self._stamps(),
        }

    def client(self, number: int, generation: str) -> Document:
        """The n-th client with its sensitive fields; several appointments share one."""
        rng = Random(f"{self.seed}:client:{number}")
        first, last = rng.choice(FIRST_NAMES), rng.choice(LAST_NAMES)
        newest: Document = {} if generation == "legacy" else {"metadata": {}}
        return {
            "id": hex_id("clnt", rng),
            "object": "client",
            "locale": "en",
            "reference_id": f"ref-{number}" if number % 3 == 0 else None,
            "time_zone": rng.choice(TIME_ZONES),
            "email": f"client{number}@example.test",
            "first_name": first,
            "last_name": last,
            "phone": f"+1555{number % 10_000_000:07d}",
            **newest,
            **self._stamps(),
        }

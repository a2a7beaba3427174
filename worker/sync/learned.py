"""What one product of one account is like, in memory: what its answers showed, and how its lists are asked for."""

import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice

from worker.core import facts, json_text, observations
from worker.core.facts import DOCUMENTED_CONFERENCING, WITHOUT_LINK, Fact
from worker.core.model import Snapshot
from worker.core.partial import MEETING_OBJECT, meeting_property
from worker.core.unlinked import Unlinked
from worker.savvycal.ladder import Ladder
from worker.savvycal.wire import ListForm, Page

FROM_THE_TOP_SECONDS = 86_400.0
"""A way of asking that was refused is tried again once a day: SavvyCal may take it meanwhile."""

SEARCH_PAUSE_SECONDS = 600.0
"""When every way of asking is refused, it is something else that is wrong: one try each time, for this long."""

FORM_FRESH_SECONDS = 60.0
"""A form that lists were taken in so lately is taken."""

TAKEN, REFUSED = "taken", "refused"

LACKING_MAX = 1000

MEETING_BYTES = f'"{MEETING_OBJECT}"'.encode()

TYPES_MAX = 50
"""Conferencing types of an account; what goes on beyond that is no list of types."""

SAMPLE = 3
"""Appointments of a batch that are read by id to find out whether lists show their meetings."""


@dataclass(slots=True)
class Learned:
    """Findings about one product of an account, and the way lists are asked for there."""

    ladder: Ladder = field(default_factory=lambda: Ladder({}))
    """Ways of asking for lists."""
    form: ListForm = field(default_factory=ListForm)
    """The one that was taken last."""
    known: dict[str, str] = field(default_factory=dict)
    unsaved: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Findings that are not stored yet: value and source."""
    lacking: dict[str, bool] = field(default_factory=dict)
    """Some appointments that a list showed without a meeting: whether it said null."""
    late: set[str] = field(default_factory=set)
    """Those of them, with null, that had one when they were read by id: it may have been made in between."""
    unlinked: dict[str, Unlinked] = field(default_factory=dict)
    """Conferencing types of which nobody knows whether they have links."""
    cursors: dict[str, float] = field(default_factory=dict)
    """When SavvyCal handed out a cursor, on the monotonic clock."""
    deliveries: dict[bytes, str] = field(default_factory=dict)
    """Ids of the last webhooks, by what stands for the rest of them."""
    loaded_at: float = float("-inf")
    topped_at: float = field(default_factory=time.monotonic)
    single_topped_at: float = field(default_factory=time.monotonic)
    search_failed_at: float = float("-inf")
    not_refused_at: float = float("-inf")
    """When a list was last taken in the form, on the monotonic clock."""

    def begin(self, ladder: Ladder) -> None:
        """The ways of asking there are; the best one is tried first."""
        self.ladder, self.form = ladder, ladder.best

    def note(self, fact: str, value: str | None, source: str) -> None:
        """Takes in a finding; None is none."""
        if value is not None and self.known.get(fact) != value:
            self.known[fact] = value
            self.unsaved[fact] = (value, source)

    def note_words(self, fact: str, words: Collection[str], source: str) -> None:
        """Takes in signs that add up: a fact that is seen in two ways says both."""
        if words:
            self.note(fact, observations.joined(self.known.get(fact), words), source)

    def form_to_try(self) -> ListForm:
        """How the first page of a list is asked for: in the form that was taken last, once a day in the best one."""
        now, best = time.monotonic(), self.ladder_now.best
        if self.form == best or now - self.topped_at < FROM_THE_TOP_SECONDS:
            return self.form
        self.topped_at = now
        return best

    @property
    def ladder_now(self) -> Ladder:
        """Lists and reads by id have to show the same fields, or each would undo what the other brought."""
        return self.ladder.without("sensitive") if self._is_single_plain else self.ladder

    @property
    def may_search(self) -> bool:
        """Whether to look for another form. When all were refused lately, it is something else that is wrong."""
        return time.monotonic() - self.search_failed_at >= SEARCH_PAUSE_SECONDS

    def found_form(self, form: ListForm) -> None:
        """SavvyCal took a list asked for in this form."""
        self.search_failed_at = float("-inf")
        self.try_form(form)
        if form != self.ladder.best or Fact.LIST_FORM in self.known:
            self.note(Fact.LIST_FORM, str(form), "list")

    def try_form(self, form: ListForm) -> None:
        """SavvyCal did not refuse a list asked for in this form, whether its page could be read or not."""
        self.form, self.not_refused_at = form, time.monotonic()

    @property
    def is_form_fresh(self) -> bool:
        """Whether lists were taken in the form just now, so that a refusal is about something else."""
        return time.monotonic() - self.not_refused_at < FORM_FRESH_SECONDS

    def found_no_form(self) -> None:
        """SavvyCal takes none at all."""
        self.search_failed_at = time.monotonic()

    @property
    def _is_single_plain(self) -> bool:
        return self.known.get(Fact.INCLUDE_SENSITIVE) == REFUSED

    def form_of_single(self) -> ListForm:
        """How an object is asked for by id: as lists are; what was refused is tried again once a day."""
        now = time.monotonic()
        if not self._is_single_plain:
            return self.form
        if now - self.single_topped_at < FROM_THE_TOP_SECONDS:
            return self.ladder.plainest
        self.single_topped_at = now
        return self.ladder.best

    def found_single(self, form: ListForm) -> None:
        """SavvyCal took a request by id in this form. Where it is a plainer one, lists follow."""
        if form.sensitive == "sent":
            self.note(Fact.INCLUDE_SENSITIVE, TAKEN if self._is_single_plain else None, "get")
        elif self.form.sensitive == "sent":
            self.note(Fact.INCLUDE_SENSITIVE, REFUSED, "get")
            self.found_form(replace(self.form, sensitive="none"))

    def saw_first_page(self, page: Page, starts: Sequence[datetime | None], descending: bool) -> None:
        """What the first page of a list shows: how many records SavvyCal grants, and whether it keeps the order."""
        self.note(Fact.PAGE_SIZE_GRANTED, str(page.granted) if page.granted else None, "list")
        if self.form.order != "none":
            self.note(Fact.LIST_ORDER, facts.order_finding(starts, descending), "list")

    def saw_list(self, snapshots: Iterable[Snapshot]) -> None:
        """Appointments of a list: one with a meeting proves that lists show them."""
        shows = False
        for snapshot in snapshots:
            if snapshot.meeting is not None:
                shows = True
                self.lacking.pop(snapshot.id, None)
            elif len(self.lacking) < LACKING_MAX:
                self.lacking[snapshot.id] = f'"{self.meeting_property}":null'.encode() in snapshot.body
        found = facts.embedding_finding(self.known.get(Fact.LISTS_EMBED_MEETING), shows, False)
        self.note(Fact.LISTS_EMBED_MEETING, found, "list")

    @property
    def meeting_property(self) -> str:
        """Name of the property that carries an appointment's meeting."""
        return self.known.get(Fact.MEETING_PROPERTY, "meeting")

    def saw_property(self, snapshots: Iterable[Snapshot], source: str) -> None:
        """Appointments; the first meeting among them shows which property carries it."""
        if Fact.MEETING_PROPERTY not in self.known:
            found = next((snapshot for snapshot in snapshots if snapshot.meeting), None)
            name = meeting_property(json_text.decode(found.body)) if found else None
            self.note(Fact.MEETING_PROPERTY, name, source)

    def saw_single(self, snapshot: Snapshot) -> None:
        """An appointment read by id: one whose list record lacks the meeting that it has is a proof; where the list
        said that there is none, two are.
        """
        known = self.known.get(Fact.LISTS_EMBED_MEETING)
        is_proof = snapshot.meeting is not None and snapshot.id in self.lacking
        if is_proof and self.lacking[snapshot.id]:
            self.late.add(snapshot.id)
            is_proof = len(self.late) > 1
        found = facts.embedding_finding(known, False, is_proof)
        self.note(Fact.LISTS_EMBED_MEETING, found, "get")

    @property
    def lists_tell_of_meetings(self) -> bool:
        """Whether a list record without a meeting means that there is none."""
        return self.known.get(Fact.LISTS_EMBED_MEETING) == "yes"

    def disproof(self, listed: Mapping[str, bytes]) -> set[str]:
        """The first of these records of a list that has a meeting, when lists are known not to show any: it is to be
        read, even if its bytes are known.
        """
        if not self.must_ask_for_meetings:
            return set()
        return set(islice((one for one, raw in listed.items() if MEETING_BYTES in raw), 1))

    @property
    def must_ask_for_meetings(self) -> bool:
        """Whether lists are known not to show meetings."""
        return self.known.get(Fact.LISTS_EMBED_MEETING) == "no"

    def saw_event(self, snapshot: Snapshot, is_single: bool, now: datetime) -> None:
        """An event's conferencing: its type, and whether it has a link."""
        meeting = snapshot.meeting
        type_ = meeting.conferencing_provider if meeting else None
        if meeting is None or type_ is None or not facts.is_conferencing_type(type_):
            return  # nothing to find out
        waiting = self._unlinked_of(type_)
        if waiting and is_single and meeting.status == "pending":
            waiting.saw(snapshot, now)
        name, has_none = f"{Fact.CONFERENCING}:{type_}", waiting is not None and waiting.has_none
        found = facts.conferencing_finding(type_, self.known.get(name), meeting.join_url is not None, has_none)
        if name in self.known or len(self.unlinked) < TYPES_MAX:
            self.note(name, found, "get" if is_single else "list")
        if found is not None:
            self.unlinked.pop(type_, None)

    def _unlinked_of(self, type_: str) -> Unlinked | None:
        """What is known of an undecided conferencing type; None where it is decided or documented."""
        is_decided = type_.lower() in DOCUMENTED_CONFERENCING or f"{Fact.CONFERENCING}:{type_}" in self.known
        if is_decided or (type_ not in self.unlinked and len(self.unlinked) >= TYPES_MAX):
            return None
        return self.unlinked.setdefault(type_, Unlinked())

    def paced(
        self, next_reconciles: Mapping[str, datetime], snapshots: Iterable[Snapshot], now: datetime
    ) -> dict[str, datetime]:
        """When unsettled events are looked at: of a conferencing type that may have no links, a few at first."""
        paced = dict(next_reconciles)
        for snapshot in snapshots:
            type_ = snapshot.meeting.conferencing_provider if snapshot.meeting else None
            waiting = self._unlinked_of(type_) if type_ in self.unlinked else None
            if waiting and snapshot.id in next_reconciles:
                paced[snapshot.id] = waiting.reconcile_at(snapshot.id, next_reconciles[snapshot.id], now)
            elif waiting:
                waiting.release(snapshot.id)
        return paced

    @property
    def types_without_link(self) -> frozenset[str]:
        """Conferencing types that count as none."""
        settled = (name.partition(":") for name, value in self.known.items() if value == WITHOUT_LINK)
        return frozenset(type_ for name, _, type_ in settled if name == Fact.CONFERENCING)

"""Findings about one product of one account, in memory: what its answers showed, and the form of its list requests."""

import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice

from worker.core import findings, json_text, observations
from worker.core.facts import Fact
from worker.core.findings import DOCUMENTED_CONFERENCING, WITHOUT_LINK
from worker.core.model import Snapshot
from worker.core.partial import MEETING_OBJECT, meeting_property
from worker.core.unlinked import Unlinked
from worker.savvycal.ladder import Ladder
from worker.savvycal.wire import ListForm, Page

FROM_THE_TOP_SECONDS = 86_400.0
"""A refused form of request is tried again once a day, because SavvyCal may accept it by then."""

SEARCH_PAUSE_SECONDS = 600.0
"""When every form is refused, the cause is something else: for this long only one form is tried each time."""

FORM_FRESH_SECONDS = 60.0
"""A form in which lists were accepted this recently still counts as accepted."""

TAKEN, REFUSED = "taken", "refused"

LACKING_MAX = 1000

MEETING_BYTES = f'"{MEETING_OBJECT}"'.encode()

TYPES_MAX = 50
"""Limit of conferencing types of an account; more of them cannot be names of types."""

SAMPLE = 3
"""Appointments of a batch that are read by id to find out whether lists show their meetings."""


@dataclass(slots=True)
class Learned:
    """Findings about one product of an account, and the form of its list requests."""

    ladder: Ladder = field(default_factory=lambda: Ladder({}))
    """The possible forms of list requests."""
    form: ListForm = field(default_factory=ListForm)
    """The form that was accepted last."""
    known: dict[str, str] = field(default_factory=dict)
    unsaved: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Findings that are not stored yet: value and source."""
    lacking: dict[str, bool] = field(default_factory=dict)
    """Some appointments that a list showed without a meeting; the value is whether the list had null there."""
    late: set[str] = field(default_factory=set)
    """Those of them, with null, that had a meeting when read by id; it may have been created in between."""
    unlinked: dict[str, Unlinked] = field(default_factory=dict)
    """Conferencing types for which it is undecided whether they have links."""
    cursors: dict[str, float] = field(default_factory=dict)
    """When SavvyCal returned each cursor, on the monotonic clock."""
    deliveries: dict[bytes, str] = field(default_factory=dict)
    """Ids of the last webhooks, by a key made from the rest of their content."""
    loaded_at: float = float("-inf")
    topped_at: float = field(default_factory=time.monotonic)
    single_topped_at: float = field(default_factory=time.monotonic)
    search_failed_at: float = float("-inf")
    not_refused_at: float = float("-inf")
    """When a list was last accepted in the current form, on the monotonic clock."""

    def begin(self, ladder: Ladder) -> None:
        """Sets the possible forms; the best one is tried first."""
        self.ladder, self.form = ladder, ladder.best

    def note(self, fact: str, value: str | None, source: str) -> None:
        """Notes a finding; None means that there is none."""
        if value is not None and self.known.get(fact) != value:
            self.known[fact] = value
            self.unsaved[fact] = (value, source)

    def note_words(self, fact: str, words: Collection[str], source: str) -> None:
        """Notes values that accumulate: a fact that was observed in two ways contains both."""
        if words:
            self.note(fact, observations.joined(self.known.get(fact), words), source)

    def form_to_try(self) -> ListForm:
        """The form for the first page of a list: the one that was accepted last; once a day the best one."""
        now, best = time.monotonic(), self.ladder_now.best
        if self.form == best or now - self.topped_at < FROM_THE_TOP_SECONDS:
            return self.form
        self.topped_at = now
        return best

    @property
    def ladder_now(self) -> Ladder:
        """The forms to search. Lists and reads by id must show the same fields, or their versions would alternate."""
        return self.ladder.without("sensitive") if self._is_single_plain else self.ladder

    @property
    def may_search(self) -> bool:
        """Whether to search for another form. When all were refused recently, the cause is something else."""
        return time.monotonic() - self.search_failed_at >= SEARCH_PAUSE_SECONDS

    def found_form(self, form: ListForm) -> None:
        """Notes that SavvyCal accepted a list request in this form."""
        self.search_failed_at = float("-inf")
        self.try_form(form)
        if form != self.ladder.best or Fact.LIST_FORM in self.known:
            self.note(Fact.LIST_FORM, str(form), "list")

    def try_form(self, form: ListForm) -> None:
        """Notes that SavvyCal did not refuse a list request in this form, whether its page could be read or not."""
        self.form, self.not_refused_at = form, time.monotonic()

    @property
    def is_form_fresh(self) -> bool:
        """Whether lists were accepted in this form just now, so that a refusal has another cause."""
        return time.monotonic() - self.not_refused_at < FORM_FRESH_SECONDS

    def found_no_form(self) -> None:
        """Notes that SavvyCal accepts no form."""
        self.search_failed_at = time.monotonic()

    @property
    def _is_single_plain(self) -> bool:
        return self.known.get(Fact.INCLUDE_SENSITIVE) == REFUSED

    def form_of_single(self) -> ListForm:
        """The form of a read by id: that of lists; a refused parameter is tried again once a day."""
        now = time.monotonic()
        if not self._is_single_plain:
            return self.form
        if now - self.single_topped_at < FROM_THE_TOP_SECONDS:
            return self.ladder.plainest
        self.single_topped_at = now
        return self.ladder.best

    def found_single(self, form: ListForm) -> None:
        """Notes that SavvyCal accepted a read by id in this form. If it is a plainer one, lists use it as well."""
        if form.sensitive == "sent":
            self.note(Fact.INCLUDE_SENSITIVE, TAKEN if self._is_single_plain else None, "get")
        elif self.form.sensitive == "sent":
            self.note(Fact.INCLUDE_SENSITIVE, REFUSED, "get")
            self.found_form(replace(self.form, sensitive="none"))

    def saw_first_page(self, page: Page, starts: Sequence[datetime | None], descending: bool) -> None:
        """Notes what the first page of a list shows: the granted page size, and whether SavvyCal keeps the order."""
        self.note(Fact.PAGE_SIZE_GRANTED, str(page.granted) if page.granted else None, "list")
        if self.form.order != "none":
            self.note(Fact.LIST_ORDER, findings.order_finding(starts, descending), "list")

    def saw_list(self, snapshots: Iterable[Snapshot]) -> None:
        """Notes appointments of a list; one with a meeting proves that lists show meetings."""
        shows = False
        for snapshot in snapshots:
            if snapshot.meeting is not None:
                shows = True
                self.lacking.pop(snapshot.id, None)
            elif len(self.lacking) < LACKING_MAX:
                self.lacking[snapshot.id] = f'"{self.meeting_property}":null'.encode() in snapshot.body
        found = findings.embedding_finding(self.known.get(Fact.LISTS_EMBED_MEETING), shows, False)
        self.note(Fact.LISTS_EMBED_MEETING, found, "list")

    @property
    def meeting_property(self) -> str:
        """Name of the property that carries an appointment's meeting."""
        return self.known.get(Fact.MEETING_PROPERTY, "meeting")

    def saw_property(self, snapshots: Iterable[Snapshot], source: str) -> None:
        """Notes which property carries the meeting, from the first appointment that has one."""
        if Fact.MEETING_PROPERTY not in self.known:
            found = next((snapshot for snapshot in snapshots if snapshot.meeting), None)
            name = meeting_property(json_text.decode(found.body)) if found else None
            self.note(Fact.MEETING_PROPERTY, name, source)

    def saw_single(self, snapshot: Snapshot) -> None:
        """Notes an appointment that was read by id.

        A meeting that the list record lacked proves that lists do not show meetings. Where the list record had null,
        two such appointments are needed.
        """
        known = self.known.get(Fact.LISTS_EMBED_MEETING)
        is_proof = snapshot.meeting is not None and snapshot.id in self.lacking
        if is_proof and self.lacking[snapshot.id]:
            self.late.add(snapshot.id)
            is_proof = len(self.late) > 1
        found = findings.embedding_finding(known, False, is_proof)
        self.note(Fact.LISTS_EMBED_MEETING, found, "get")

    @property
    def lists_tell_of_meetings(self) -> bool:
        """Whether a list record without a meeting means that there is none."""
        return self.known.get(Fact.LISTS_EMBED_MEETING) == "yes"

    def disproof(self, listed: Mapping[str, bytes]) -> set[str]:
        """The first of these list records that has a meeting, when lists are known not to show meetings.

        It has to be decoded even if its bytes are known.
        """
        if not self.must_ask_for_meetings:
            return set()
        return set(islice((one for one, raw in listed.items() if MEETING_BYTES in raw), 1))

    @property
    def must_ask_for_meetings(self) -> bool:
        """Whether lists are known not to show meetings."""
        return self.known.get(Fact.LISTS_EMBED_MEETING) == "no"

    def saw_event(self, snapshot: Snapshot, is_single: bool, now: datetime) -> None:
        """Notes an event's conferencing: its type, and whether it has a link."""
        meeting = snapshot.meeting
        type_ = meeting.conferencing_provider if meeting else None
        if meeting is None or type_ is None or not findings.is_conferencing_type(type_):
            return  # nothing to find out
        waiting = self._unlinked_of(type_)
        if waiting and is_single and meeting.status == "pending":
            waiting.saw(snapshot, now)
        name, has_none = f"{Fact.CONFERENCING}:{type_}", waiting is not None and waiting.has_none
        found = findings.conferencing_finding(type_, self.known.get(name), meeting.join_url is not None, has_none)
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
        """When events in progress are read again: at first only a few, if their conferencing type may have no links."""
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
        """Conferencing types whose meetings are `skipped`, because they never have a link."""
        settled = (name.partition(":") for name, value in self.known.items() if value == WITHOUT_LINK)
        return frozenset(type_ for name, _, type_ in settled if name == Fact.CONFERENCING)

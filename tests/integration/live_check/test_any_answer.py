"""Whatever SavvyCal answers, the questions come to an end: no exception, and no more than 40 of them."""

import json
from collections.abc import Generator
from datetime import UTC, date, datetime
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from worker.live_check import appointments, documents, meetings
from worker.live_check.answers import Question, document, error_form, structure
from worker.live_check.open_points import findings
from worker.live_check.report import Asked, Result, as_report, as_text
from worker.live_check.run import known_names
from worker.savvycal.client import Answer
from worker.savvycal.error_text import LENGTH_MAX

WORDS = st.sampled_from(
    "id start_at end_at state status type virtual scheduled confirmed utc local meeting object appointment_meeting "
    "amtg_1 conferencing join_url zoom 2026-01-05T23:50:00Z 2026-01-05T00:10:00Z 2026-01-05T12:00:00Z event_1 appt_1 "
    "after limit page_size current_page message detail source pointer title appointment_type metadata".split()
)
SCALARS = st.none() | st.booleans() | st.integers(-(10**12), 10**12) | st.floats(allow_nan=False) | WORDS | st.text()
VALUES: Any = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS | st.text(max_size=8), inner, max_size=5)
)
RECORDS = st.dictionaries(WORDS, VALUES, max_size=8)
DOCUMENTS = st.one_of(
    VALUES,
    st.fixed_dictionaries({"entries": st.lists(RECORDS | VALUES, max_size=4), "metadata": VALUES}),
    st.fixed_dictionaries({"data": st.lists(RECORDS | VALUES, max_size=4) | RECORDS, "meta": VALUES}),
    st.fixed_dictionaries({"errors": VALUES}),
)
BODIES = st.binary(max_size=40) | DOCUMENTS.map(lambda value: json.dumps(value).encode())
STATUSES = st.sampled_from([200, 200, 200, 204, 302, 400, 403, 404, 410, 422, 500])
ANSWERS = st.builds(Answer, STATUSES, st.sampled_from(["application/json", "text/plain", ""]), BODIES)


def drive(steps: Generator[Question, Answer, Any], data: st.DataObject, asked: list[Asked]) -> Any:
    """Answers anything to every question."""
    try:
        question = next(steps)
        while True:
            answer = data.draw(ANSWERS)
            shape = structure(document(answer), known_names())
            asked.append(Asked("x", question.name, answer.status, "", error_form(answer), shape))
            question = steps.send(answer)
    except StopIteration as done:
        return done.value


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_any_answer_is_taken(data: st.DataObject) -> None:
    """Both products, in one run; every text that is shown is short."""
    asked: list[Asked] = []
    events, found = drive(meetings.steps(), data, asked)
    events |= documents.of_events(found, datetime(2026, 6, 1, tzinfo=UTC))
    booked, found = drive(appointments.steps(data.draw(st.booleans())), data, asked)
    booked |= documents.of_appointments(found)
    values = {("meetings", name): value for name, value in events.items()}
    values |= {("appointments", name): value for name, value in booked.items()}
    result = Result("default", findings(values, ["meetings", "appointments"]), tuple(asked))
    assert len(asked) <= 40
    assert as_text(result)
    assert json.dumps(as_report(result, date(2026, 1, 1)))
    assert all(len(finding.value or "") <= 3 * LENGTH_MAX for finding in result.findings)

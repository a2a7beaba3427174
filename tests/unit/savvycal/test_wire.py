"""Answers become bytes or errors: statuses, error bodies, Retry-After, envelopes and ids."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.savvycal.examples import ANY_JSON, CANARY, OFTEN, raw
from worker import errors
from worker.savvycal.error_text import error_detail
from worker.savvycal.wire import Request, decipher, decode_envelope, is_id, one, peek_id, retry_after

NOW = datetime(2026, 1, 5, 9, tzinfo=UTC)
DEEP = b'{"errors":' + b"[" * 100_000
MISLEADING = b'{"errors":' + b'{"a":' * 400 + b"1" + b"}" * 401


class Outer(msgspec.Struct):
    """An envelope of these tests."""

    count: int
    records: list[msgspec.Raw]


class Inner(msgspec.Struct):
    """A record of these tests."""

    id: str


def raised(status: int, body: bytes = b"", headers: dict[str, str] | None = None) -> errors.UpstreamError:
    """The error an answer becomes."""
    with pytest.raises(errors.UpstreamError) as caught:
        decipher(status, headers or {}, body, NOW)
    return caught.value


def test_a_200_is_its_body() -> None:
    """Whatever a 200 brings is handed on as it is."""
    assert decipher(200, {}, b"\x00anything", NOW) == b"\x00anything"


@pytest.mark.parametrize(
    ("statuses", "error"),
    [
        ((401, 403), errors.Unauthorized),
        ((404, 410), errors.NotThere),
        ((500, 502, 503, 504, 599), errors.ServerFault),
        ((429,), errors.RateLimited),
        ((300, 301, 302, 307, 308, 399), errors.Refused),
        ((400, 402, 405, 409, 422, 451, 499), errors.Refused),
        ((100, 201, 204, 206), errors.Refused),
    ],
)
def test_statuses(statuses: tuple[int, ...], error: type[errors.UpstreamError]) -> None:
    """Each status becomes exactly one error, which keeps the status and says it."""
    for status in statuses:
        found = raised(status)
        assert type(found) is error
        assert found.status == status
        assert str(found).startswith(f"SavvyCal answered {status}")


@OFTEN
@given(status=st.integers(100, 999).filter(lambda status: status != 200), body=st.binary(max_size=60))
def test_no_answer_but_200_is_data(status: int, body: bytes) -> None:
    """Every other status is an error, whatever came with it."""
    assert raised(status, body).status == status


def test_a_redirect_is_not_followed() -> None:
    """A redirect says so, and not where it wanted to lead."""
    found = raised(302, b'{"errors":[{"message":"moved"}]}', {"Location": f"https://{CANARY}.test/"})
    assert str(found) == "SavvyCal answered 302: redirects are not followed"


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        (b'{"errors":[{"message":"Unauthenticated"}]}', "Unauthenticated"),
        (b'{"errors":[{"message":"Not found"},{"message":"Really"}]}', "Not found; Really"),
        (b'{"errors":{"url":[{"message":"must be a valid URL"}]}}', "url: must be a valid URL"),
        (
            b'{"errors":{"url":[{"message":"is bad"},{"message":"is long"}],"limit":[{"message":"is low"}]}}',
            "url: is bad; url: is long; limit: is low",
        ),
        (b'{"errors":[{"detail":"Unauthorized","status":"401"}]}', "Unauthorized"),
        (b'{"errors":[{"detail":"Not Found","status":"404"}]}', "Not Found"),
        (
            b'{"errors":[{"title":"Invalid value","detail":"null value where string expected",'
            b'"source":{"pointer":"/data/attributes/petName"}}]}',
            "/data/attributes/petName: null value where string expected",
        ),
        (b"Unauthenticated", "Unauthenticated"),
        (b"Not found\n", "Not found"),
        (b'{"errors":{"limit":[{"message":"must be between 1 and 100"}]}}', "limit: must be between 1 and 100"),
        (
            b'{"errors":[{"detail":"must be less than or equal to 50","source":{"pointer":"/page_size"}}]}',
            "/page_size: must be less than or equal to 50",
        ),
        (b'{"errors":[{"detail":"Gone","code":"slot_unavailable"}]}', "Gone"),
    ],
)
def test_documented_error_bodies(body: bytes, detail: str) -> None:
    """The list and the map of Meetings, and the list of Appointments, become one line."""
    assert error_detail(body) == detail
    assert str(raised(422, body)) == f"SavvyCal answered 422: {detail}"


@pytest.mark.parametrize(
    "body",
    [
        *(b"", b"null", b"[]", b'"text"', b"5", b"{}", b'{"error":"x"}', b"<html>Bad gateway</html>", b"\xff\xfe"),
        *(b'{"errors":null}', b'{"errors":"x"}', b'{"errors":5}', b'{"errors":["x",5,null]}', b'{"errors":[{}]}'),
        *(b'{"errors":[{"message":5}]}', b'{"errors":{"url":"x"}}', b'{"errors":[{"message":"x"', DEEP, MISLEADING),
    ],
    ids=lambda body: body[:20].decode("latin-1"),
)
def test_undocumented_error_bodies_give_no_detail(body: bytes) -> None:
    """A body of another shape, however strange, leaves only the status."""
    assert error_detail(body) == ""
    assert str(raised(503, body)) == "SavvyCal answered 503"


def test_a_long_detail_is_cut() -> None:
    """Of an error's words at most 200 characters are kept."""
    body = raw({"errors": [{"message": "é" * 20}, {"detail": "b word " * 100 + "end"}]})
    assert error_detail(body) == ("é" * 20 + "; " + "b word " * 100)[:200]


def test_a_plain_answer_is_shown_when_it_says_that_it_is_one() -> None:
    """As another integration saw it: 401 with 15 bytes of text/plain."""
    with pytest.raises(errors.Unauthorized, match=r"401: Unauthenticated$"):
        decipher(401, {"Content-Type": "text/plain; charset=utf-8"}, b"Unauthenticated", datetime.now(UTC))


def test_a_missing_account_is_told_from_a_refused_parameter() -> None:
    """A platform token without its account: no other way of asking helps, so none is tried (the client adds advice)."""
    body = b'{"errors":[{"detail":"You must use an account-scoped token to access this endpoint.","status":"400"}]}'
    with pytest.raises(errors.AccountMissing) as caught:
        decipher(400, {}, body, datetime.now(UTC))
    assert not caught.value.is_about_parameters


@OFTEN
@given(found=ANY_JSON)
def test_a_detail_is_one_short_line(found: Any) -> None:
    """Whatever SavvyCal says, the detail is at most 200 characters and can be printed and stored as one line."""
    detail = error_detail(raw({"errors": [{"message": found}, found]}))
    assert len(detail) <= 200
    assert len(detail.splitlines()) <= 1
    assert "\x00" not in detail


def test_a_detail_keeps_no_control_characters() -> None:
    """Line breaks, NUL (which Postgres cannot store) and escapes of a terminal do not reach a log line."""
    detail = error_detail(raw({"errors": [{"message": "one\ntwo\x00three\u2028five"}]}))
    assert detail.startswith("one")
    assert detail.endswith("five")
    assert not [letter for letter in detail if not letter.isprintable()]


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("30", 30.0),
        ("0", 0.0),
        ("  5 ", 5.0),
        ("999999999", 999_999_999.0),
        ("Mon, 05 Jan 2026 09:01:30 GMT", 90.0),
        ("Mon, 05 Jan 2026 10:01:30 +0100", 90.0),
        ("Mon, 05 Jan 2026 08:00:00 GMT", 0.0),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("30.5", None),
        ("1e3", None),
        ("12345678901234567890", None),
        ("²", None),
        ("١٢", None),
        ("Mon, 05 Jan 2026 09:01:30 -0000", None),
        ("Mon, 05 Jan 99999999999999999999 09:01:30 GMT", None),
        ("Mon, 05 Jan 2026 09:01:30 +99999999999999999999", None),
        ("Mon, 99 Jan 2026 09:01:30 GMT", None),
    ],
)
def test_retry_after(text: str, seconds: float | None) -> None:
    """Seconds and HTTP dates are understood, the past is now, and everything else is as good as absent."""
    assert retry_after({"Retry-After": text}, NOW) == seconds
    found = raised(429, b'{"errors":[{"detail":"Rate limit exceeded.","status":"429"}]}', {"retry-after": text})
    assert isinstance(found, errors.RateLimited)
    assert found.retry_after_seconds == seconds
    assert str(found) == "SavvyCal answered 429: too many requests"


def test_retry_after_may_be_absent() -> None:
    """A 429 without the header knows no time, and only a 429 looks for one."""
    assert retry_after({"Date": "30"}, NOW) is None
    assert not hasattr(raised(503, b"", {"Retry-After": "30"}), "retry_after_seconds")


WEEKDAY = st.sampled_from(["Mon, ", "Monday, ", ""])
NUMBER = st.integers(-(10**25), 10**25).map(str)
DATES = st.builds("{}{} Jan {} {}:00:00 {}".format, WEEKDAY, NUMBER, NUMBER, NUMBER, NUMBER | st.just("GMT"))


@OFTEN
@given(text=st.text() | st.text("0123456789+-. :") | DATES)
def test_any_retry_after_is_seconds_or_nothing(text: str) -> None:
    """No header, however absurd, is more than a wait of no negative length or None."""
    found = retry_after({"Retry-After": text}, NOW)
    assert found is None or 0.0 <= found < timedelta.max.total_seconds()


@pytest.mark.parametrize("text", ["event_01KKGY70MFPCECSQ6KM6FMDPC3", "appt_0123456789ab", "a.b:c-d_E9", "x" * 128])
def test_ids(text: str) -> None:
    """Ids are opaque: letters, digits and a little punctuation, asked for below the path."""
    assert is_id(text)
    assert one("/events", text).path in {f"/events/{text}", f"/events/{text.replace(':', '%3A')}"}
    assert one("/events", text).query == ()


@pytest.mark.parametrize(
    "text", ["", "x" * 129, "a/b", "../me", "a b", "a\n", "\na", "a\x00", "é", "a?b", "a%2Fb", "٣"]
)
def test_what_is_no_id_is_never_asked_for(text: str) -> None:
    """Nothing that could lead elsewhere, or break a line, gets into a URL."""
    assert not is_id(text)
    with pytest.raises(errors.ResyncRejected, match="not an id"):
        one("/events", text)


def test_a_request_is_a_path_and_a_query() -> None:
    """Two requests for the same thing are equal."""
    assert Request("/me") == Request("/me", ())


def test_an_envelope_leaves_its_records_raw() -> None:
    """The outer part is read, and each record keeps its own bytes."""
    found = decode_envelope(b'{"count":2,"records":[{"a": 1.0},"x"],"more":true}', Outer)
    assert found.count == 2
    assert [bytes(record) for record in found.records] == [b'{"a": 1.0}', b'"x"']


class Paging(msgspec.Struct):
    """A part of an envelope with parts of its own."""

    after: str | None = None
    limit: Any = None


class Deep(msgspec.Struct):
    """An envelope as both APIs have them: records, and paging beside them."""

    records: list[msgspec.Raw]
    paging: Paging


DEEP = b'{"a":' * 2000 + b"1" + b"}" * 2000
DAMAGED = [
    *(
        rb'"\ud83d"',
        rb'"\ude00\ud83d"',
        b'"a\x01"',
        b'"\xff"',
        b"1e400",
        b"9" * 5000,
        DEEP,
        b"nan",
        rb'"\x41"',
        b"[1,,]",
    ),
    *(rb'{"\ud801":1}', b'"] } , \xc3 {"', b'{"id":1,"id":2}'),
]


@pytest.mark.parametrize("damage", DAMAGED, ids=lambda damage: damage[:12].decode("latin-1"))
@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
def test_a_damaged_record_leaves_its_neighbours_and_the_paging_readable(damage: bytes, bom: bytes) -> None:
    """Where each record begins and ends is found without reading any; so is the paging, damage in it included."""
    records = [b'{"id":"a"}', b'{"id":"b","x":' + damage + b"}", b'{"id":"c"}']
    paging = b'{"other":' + damage + b',"after":"next","limit":' + damage + b"}"
    body = bom + b'{ "records" : [ ' + b" ,\n".join(records) + b' ] , "paging":' + paging + b"}\n"
    found = decode_envelope(body, Deep)
    assert [bytes(record) for record in found.records] == records
    assert found.paging.after == "next"
    assert [peek_id(bytes(record)) for record in found.records] == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("paging", "reason"),
    [
        (rb'{"after":"next \ud83d"}', "paging.after: "),
        (b'{"after":"a\x01"}', "paging.after: "),
        (b'{"after":7,"x":"\x01"}', "paging.after: "),
        (b"7", "no JSON object (paging)"),
        (b'{"x":"\x01"},"records":7', "no JSON array (records)"),
    ],
)
def test_damage_in_a_needed_part_is_named(paging: bytes, reason: str) -> None:
    """Nothing is guessed: a cursor with a letter replaced would be another cursor."""
    with pytest.raises(errors.Malformed) as caught:
        decode_envelope(b'{"records":[],"paging":' + paging + b"}", Deep)
    assert reason in str(caught.value)


def test_a_missing_part_is_named_also_beside_damage() -> None:
    """The reason is what is missing, not the damage beside it."""
    with pytest.raises(errors.Malformed, match="paging: is missing"):
        decode_envelope(rb'{"records":["\ud83d"]}', Deep)


@pytest.mark.parametrize(
    "body",
    [
        *(
            b"",
            b"<html>",
            b"null",
            b"[]",
            b"{}",
            b'{"count":1}',
            b'{"count":"1","records":[]}',
            b'{"count":1,"records":{}}',
        ),
        *(b'{"count":nan,"records":[]}', b'{"count":1,"records":[', b'{"count":1,"records":[]}x', b"\xff"),
        *(b'{"count":1,"records":[{"a":"]}', b'{"count":1,"records":[],"x":' + b"[" * 100_000),
    ],
    ids=lambda body: body[:30].decode("latin-1"),
)
def test_another_envelope_is_malformed(body: bytes) -> None:
    """What is not JSON, or not the documented envelope, is an error that a retry may repair."""
    with pytest.raises(errors.Malformed, match="cannot be read") as caught:
        decode_envelope(body, Outer)
    assert caught.value.transient


@pytest.mark.parametrize(
    "body",
    [raw(CANARY), raw({CANARY: CANARY}), raw({"count": CANARY, "records": []}), raw({"count": 1, "records": CANARY})],
)
def test_a_malformed_envelope_is_not_quoted(body: bytes) -> None:
    """The error tells what was expected, and nothing of what was there."""
    with pytest.raises(errors.Malformed) as caught:
        decode_envelope(body, Outer)
    assert CANARY not in repr(caught.value)


def test_peek_reads_no_more_than_asked() -> None:
    """A record's id is read, however strange the rest of it is."""
    assert peek_id(b'{"x":{"y":[1]},"id":"event_1","start_at":5}') == "event_1"


@pytest.mark.parametrize(
    "body",
    [
        *(b"", b"5", b"[]", b"{}", b'{"id":5}', b'{"id":null}', b'{"id":"a"', b'{"id":"\\ud800"}', b'{"id":"\xff"}'),
        *(
            b'{"id":""}',
            b'{"id":"a b"}',
            b'{"id":"a\\u0000"}',
            b'{"id":"a\\n"}',
            raw({"id": "x" * 129}),
            raw({"id": "é"}),
        ),
    ],
)
def test_a_record_without_an_id_is_refused(body: bytes) -> None:
    """No id, or an id that is none: the record is for the quarantine, its page goes on."""
    with pytest.raises(errors.RecordError):
        peek_id(body)


def test_a_refused_peek_is_not_quoted() -> None:
    """The error of a record without an id holds nothing of it."""
    with pytest.raises(errors.RecordError) as caught:
        peek_id(raw({"id": [CANARY], CANARY: 1}))
    assert CANARY not in repr(caught.value)

"""What SavvyCal says is shown, and nothing that it may quote: tokens, addresses, links, numbers of people."""

import base64
import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.unit.savvycal.examples import OFTEN
from worker.log_redaction import HIDDEN
from worker.savvycal.error_text import LENGTH_MAX, error_detail, shown

SENTENCES = (
    "must be less than or equal to 100",
    "limit must be between 1 and 100",
    "You must use an account-scoped token to access this endpoint.",
    "Rate limit exceeded. Please try again later.",
    "until can't be blank",
    "must be a valid URL",
    "Unknown field(s): order_by[], order_directions[].",
    "page_size=100 is more than 1,000",
    "from 2026-11-28 until 2026-11-30T10:00:00Z",
    "Invalid value for 'period': expected \"upcoming\" or `past`",
    "3/5 of v1, ISO-8601; 30s, 5%",
    "Ungültiger Wert für page_size: größer als 50",
)


@pytest.mark.parametrize("text", SENTENCES)
def test_a_sentence_is_shown_as_it_is(text: str) -> None:
    """Words, short numbers, dates and names of parameters."""
    assert shown(text) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("token abc123 expired", f"token {HIDDEN} expired"),
        ("call +1 (555) 123-4567 now", f"call {HIDDEN} now"),
        ("see https://x.test/y?z=a and www.example.com", f"see {HIDDEN} and {HIDDEN}"),
        ("ada@example.test is taken", f"{HIDDEN} is taken"),
        ('"Ada Lovelace" is not free', f'"{HIDDEN}" is not free'),
        ("no appt_0123456789ab here", f"no {HIDDEN} here"),
        ("Authorization: Bearer abcdef refused", f"Authorization: Bearer {HIDDEN} refused"),
        ("one\ntwo\x00three\u2028five\x1b[31m", "one two three five [31m"),
    ],
)
def test_what_may_be_secret_is_hidden(text: str, expected: str) -> None:
    """The words around it stay, so that the sentence still helps."""
    assert shown(text).replace("[[hidden]", "[31m") == expected


LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
TOKENS = st.one_of(
    st.builds("{}{}".format, st.sampled_from(["pt_secret_", "sk_", "whsec_"]), st.text(LETTERS, min_size=6)),
    st.binary(min_size=16, max_size=48).map(lambda raw: base64.urlsafe_b64encode(raw).rstrip(b"=").decode()),
    st.text(LETTERS, min_size=21, max_size=90),
    st.binary(min_size=8, max_size=32).map(bytes.hex).filter(lambda text: not text.isalpha() or len(text) > 20),
    st.builds("eyJ{0}.eyJ{0}.{0}".format, st.text(LETTERS, min_size=8, max_size=30)),
)
LINKS = st.builds(
    "{}{}.example/{}".format,
    st.sampled_from(["https://", "http://", "www.", "HTTPS://", "wss://"]),
    st.text("abcdefgh", min_size=1, max_size=12),
    st.text(LETTERS + "/?=&%#", max_size=30),
)
ADDRESSES = st.emails() | st.builds("{}@{}.test".format, st.text("abcéñ.+", min_size=1), st.text("xyzü", min_size=1))
SECRETS = TOKENS | LINKS | ADDRESSES
AROUND = st.sampled_from(
    ["{}", "token {} refused", "use {}.", "({})", '"{}"', "'{}',", "x: {}; y", "Bearer {}", "<{}>"]
)


@OFTEN
@given(secret=SECRETS, around=AROUND, shape=st.sampled_from(["list", "detail", "map", "pointer", "field", "text"]))
@example(secret="a@b.test", around="'{}',", shape="pointer")
def test_no_token_link_or_address_survives(secret: str, around: str, shape: str) -> None:
    """In whatever sentence, wherever in the documented shapes or in plain text it stands."""
    said = around.format(secret)
    bodies: dict[str, object] = {
        "list": {"errors": [{"message": said}]},
        "detail": {"errors": [{"detail": said, "status": "400"}]},
        "map": {"errors": {"limit": [{"message": said}]}},
        "pointer": {"errors": [{"detail": "is bad", "source": {"pointer": said}}]},
        "field": {"errors": {said: [{"message": "is bad"}]}},
    }
    body = said.encode() if shape == "text" else json.dumps(bodies[shape]).encode()
    detail = error_detail(body)
    assert secret not in detail
    assert not [part for part in secret.replace("@", " ").split() if len(part) > 20 and part in detail]
    assert len(detail) <= LENGTH_MAX


@OFTEN
@given(text=st.text())
def test_any_text_becomes_one_short_printable_line(text: str) -> None:
    """Whatever it is; and what is shown once is shown the same again."""
    found = shown(text)
    assert len(found) <= LENGTH_MAX
    assert found.isprintable()
    assert "@" not in found
    assert "://" not in found


@pytest.mark.parametrize(
    "body", [b"<html>no</html>", b"x" * 301, b"\xff\xfeU", b"{broken", b"[1, 2", b'"quoted"', b"42", b"a\x00b"]
)
def test_what_is_no_sentence_says_nothing(body: bytes) -> None:
    """Markup, broken JSON, other encodings and pages."""
    assert error_detail(body) == ""

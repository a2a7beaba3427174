"""What is wrong with a token, as far as its text shows it without asking SavvyCal. Pure; never quotes a token."""

import unicodedata

PREFIXES = {"meetings": "pt_secret_", "appointments": "sk_"}
"""Documented beginnings of tokens. A token with another beginning is accepted: OAuth tokens and JWTs have none."""

_QUOTES = "\"'`“”‘’„«»"
_INVISIBLE = {"\ufeff": "a byte order mark", "\n": "a line break", "\r": "a line break"}


def token_flaw(product: str, text: str) -> str | None:
    """What is wrong with a token of `meetings` or `appointments` and how to fix it; None when nothing shows."""
    if text.lstrip().lower().startswith(("bearer ", "bearer\t")):
        return "begins with the word Bearer: remove it, the program adds it"
    return value_flaw(text) or _wrong_product(product, text)


def value_flaw(text: str) -> str | None:
    """What no token, secret or id holds: quotes around it, white space, line breaks, characters beyond ASCII."""
    if text[:1] and (text[0] in _QUOTES or text[-1] in _QUOTES):
        return "is in quotes: remove them (`docker --env-file` keeps quotes as part of the value)"
    wrong = next((letter for letter in text if not "!" <= letter <= "~"), None)
    return None if wrong is None else f"holds {_named(wrong)} {_place(text, wrong)}: remove it"


def _named(letter: str) -> str:
    if letter in _INVISIBLE:
        return _INVISIBLE[letter]
    if letter.isspace():
        return "white space"
    return "an invisible character" if unicodedata.category(letter)[0] == "C" else "a character that is not ASCII"


def _place(text: str, letter: str) -> str:
    if text.startswith(letter):
        return "at its beginning"
    return "at its end" if not text[text.index(letter) :].strip("".join({letter, *" \t\r\n"})) else "inside"


def _wrong_product(product: str, text: str) -> str | None:
    other = next((name for name, prefix in PREFIXES.items() if name != product and text.startswith(prefix)), None)
    if other is None:
        return None
    return f"is a token of SavvyCal {other.title()} ({PREFIXES[other]}...), not of SavvyCal {product.title()}"

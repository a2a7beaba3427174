"""Sealing and keyed hashing with secret keys. The first key of a keyring seals, all of them open.

AES-256-GCM with a random 96-bit nonce; what a sealed value belongs to (table, account, row, column, key) is bound to it
as associated data, so that it opens nowhere else. Two keys are derived from each one given (HKDF-SHA-256): one to seal,
one for fingerprints (HMAC-SHA-256).
"""

import base64
import binascii
import contextlib
import hashlib
import hmac
import os
import re
from collections.abc import Callable
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from savvycal_sync.errors import KeyMissing, SettingError, TamperedSecret

KEY_BYTES, NONCE_BYTES, KEYED_HASH_BYTES = 32, 12, 16
KEYS_MAX = 16

Place = tuple[str, ...]
"""What a sealed value belongs to: table, account, row id, column."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """A sealed value: `data` is nonce and ciphertext with its tag."""

    key_id: str
    data: bytes


class Key:
    """One secret key. `id` is derived from it and says nothing about it."""

    __slots__ = ("_mac_key", "_sealer", "id")

    def __init__(self, secret: bytes) -> None:
        self.id = hashlib.blake2b(secret, digest_size=4, person=b"savvycal-key-id").hexdigest()
        self._sealer = AESGCM(_derive(secret, b"seal"))
        self._mac_key = _derive(secret, b"fingerprint")

    def __repr__(self) -> str:
        return f"Key({self.id})"

    def seal(self, place: Place, plain: str) -> Sealed:
        """The value, bound to its place."""
        nonce = os.urandom(NONCE_BYTES)
        return Sealed(self.id, nonce + self._sealer.encrypt(nonce, plain.encode(), _bound(place, self.id)))

    def open(self, place: Place, data: bytes) -> str:
        """The value.

        Raises:
            TamperedSecret: it was changed, or moved from another place.
        """
        try:
            return self._sealer.decrypt(data[:NONCE_BYTES], data[NONCE_BYTES:], _bound(place, self.id)).decode()
        except (InvalidTag, ValueError):
            raise TamperedSecret("a sealed value does not open: it was changed, or belongs to another row") from None

    def keyed_hash(self, *parts: bytes) -> bytes:
        """16 bytes that tell equal values from different ones, and nothing to whoever lacks the key."""
        return hmac.digest(self._mac_key, _joined(parts), "sha256")[:KEYED_HASH_BYTES]


class Keyring:
    """Keys in order: the first seals."""

    def __init__(self, keys: tuple[Key, ...]) -> None:
        self.first = keys[0]
        self._keys = {key.id: key for key in keys}

    def __repr__(self) -> str:
        return f"Keyring({', '.join(self._keys)})"

    @classmethod
    def parse(cls, text: str) -> "Keyring":
        """Keys as `savvycal-sync keys generate` prints them, separated by commas or white space.

        Raises:
            SettingError: saying which of them is no key, never the key.
        """
        words = re.split(r"[\s,]+", text.strip())
        if len(words) > KEYS_MAX:
            raise SettingError(f"SAVVYCAL_SECRET_KEYS: at most {KEYS_MAX} keys")
        return cls(tuple(Key(_secret(word, place)) for place, word in enumerate(words, 1)))

    def get(self, key_id: str) -> Key | None:
        """The key of that id, None when it is not on the keyring."""
        return self._keys.get(key_id)

    def open(self, place: Place, sealed: Sealed) -> str:
        """A sealed value.

        Raises:
            KeyMissing: its key is not on the keyring.
            TamperedSecret: it was changed or moved.
        """
        key = self._keys.get(sealed.key_id)
        if key is None:
            raise KeyMissing(f"SAVVYCAL_SECRET_KEYS lacks key {sealed.key_id}, which sealed this value")
        return key.open(place, sealed.data)


Keys = Callable[[], Keyring | None]
"""Asked each time: a keyring in a file may change while the program runs. None: nothing can be sealed."""


def no_keys() -> None:
    """For a mirror without keys."""


def keys_from(text: Callable[[], str]) -> Keys:
    """The keyring of a text that may change; parsed again only when it did. An invalid text leaves the old one.

    Raises:
        SettingError: it is no keyring at the start.
    """
    known = [text()]
    keyring = [Keyring.parse(known[0])]

    def keys() -> Keyring:
        now = text()
        if now != known[0]:
            with contextlib.suppress(SettingError):
                keyring[0] = Keyring.parse(now)
            known[0] = now
        return keyring[0]

    return keys


def generate() -> str:
    """A new key in text form."""
    return base64.urlsafe_b64encode(os.urandom(KEY_BYTES)).decode().rstrip("=")


def _secret(word: str, place: int) -> bytes:
    try:
        secret = base64.b64decode(word + "=" * (-len(word) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        secret = b""
    if len(secret) != KEY_BYTES:
        raise SettingError(f"SAVVYCAL_SECRET_KEYS: key {place} is not one that `savvycal-sync keys generate` made")
    return secret


def _derive(secret: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=b"savvycal-sync:" + purpose).derive(secret)


def _bound(place: Place, key_id: str) -> bytes:
    return _joined([part.encode() for part in (*place, key_id)])


def _joined(parts: "tuple[bytes, ...] | list[bytes]") -> bytes:
    """Parts with their lengths, so that no two lists of parts give the same bytes."""
    return b"".join(len(part).to_bytes(4) + part for part in parts)

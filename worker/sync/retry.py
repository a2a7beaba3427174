"""The one retry layer: what a failed look or page costs, and when it is tried again. The ledger carries it out."""

from dataclasses import dataclass
from random import Random

from worker.core.cadence import backoff_seconds
from worker.errors import RateLimited, SavvycalSyncError, Unauthorized

ATTEMPTS_MAX = 12
"""Of a transient failure: with doubling waits, about an hour and a half of trying."""

ATTEMPTS_MAX_PERMANENT = 3
"""Of a failure that a retry cannot mend; more than one, because SavvyCal may have meant something else."""

RETRY_AFTER_SECONDS_MAX = 300.0
UNAUTHORIZED_SECONDS = 60.0
"""A bad token is asked again this often, without counting: the token may be replaced at any time."""


@dataclass(frozen=True, slots=True)
class Retry:
    """Wait this long, or park it."""

    seconds: float
    park: bool


def plan_retry(error: SavvycalSyncError, attempts: int, random: Random) -> Retry:
    """What to do after failed attempt number `attempts`."""
    if isinstance(error, Unauthorized):
        return Retry(UNAUTHORIZED_SECONDS, False)
    if isinstance(error, RateLimited) and error.retry_after_seconds is not None:
        wait = min(error.retry_after_seconds, RETRY_AFTER_SECONDS_MAX)
        return Retry(wait + random.uniform(0, 1), False)
    most = ATTEMPTS_MAX if error.transient else ATTEMPTS_MAX_PERMANENT
    return Retry(backoff_seconds(attempts, random), attempts >= most)

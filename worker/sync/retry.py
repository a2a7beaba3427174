"""The one retry layer: what a failed look or page costs, and when it is tried again. The ledger carries it out."""

import time
from dataclasses import dataclass
from random import Random

from worker.core.backoff import backoff_seconds
from worker.errors import KeyMissing, Paused, RateLimited, SavvycalSyncError, Suspect, Unauthorized

ATTEMPTS_MAX = 12
"""Of a transient failure: with doubling waits, about an hour and a half of trying."""

ATTEMPTS_MAX_PERMANENT = 3
"""Of a failure that a retry cannot mend; more than one, because SavvyCal may have meant something else."""

RETRY_AFTER_SECONDS_MAX = 300.0
UNAUTHORIZED_SECONDS = 60.0
"""What the token may not see is asked again this often: rights, tokens and keys change without telling us."""

SUSPECT_SECONDS = 300.0

RETRY_SHARE = 0.1
RETRIES_SAVED_MAX = 30.0
RETRIES_PER_SECOND = 0.5
"""Whatever else happens: where nothing is tried for the first time, what failed would wait for ever (measured)."""


@dataclass(frozen=True, slots=True)
class Retry:
    """Wait this long, or park it. `counts` says whether the attempt counts towards parking."""

    seconds: float
    dead_letter: bool
    counts: bool = True


def plan_retry(error: SavvycalSyncError, attempts: int, random: Random) -> Retry:
    """What to do after failed attempt number `attempts`."""
    if isinstance(error, Paused):
        return Retry(error.seconds + random.uniform(0, 2), dead_letter=False, counts=False)
    if isinstance(error, Suspect):
        return Retry(SUSPECT_SECONDS + random.uniform(0, 30), dead_letter=False, counts=False)
    if isinstance(error, Unauthorized) and error.status == 403:  # one object, not the token
        seconds = max(UNAUTHORIZED_SECONDS, backoff_seconds(attempts, random))
        return Retry(seconds + random.uniform(0, 5), dead_letter=False, counts=attempts < ATTEMPTS_MAX)
    if isinstance(error, Unauthorized | KeyMissing):
        return Retry(UNAUTHORIZED_SECONDS + random.uniform(0, 5), dead_letter=False, counts=False)
    if isinstance(error, RateLimited):
        wait = error.retry_after_seconds
        seconds = backoff_seconds(attempts, random) if wait is None else min(wait, RETRY_AFTER_SECONDS_MAX)
        return Retry(seconds + random.uniform(0, 1), dead_letter=False, counts=False)
    most = ATTEMPTS_MAX if error.transient else ATTEMPTS_MAX_PERMANENT
    return Retry(backoff_seconds(attempts, random), dead_letter=attempts >= most)


class RetryBudget:
    """Retries may be a tenth of first tries, and one every two seconds: an outage must not be answered with a storm.

    A few may be saved up.
    """

    def __init__(self) -> None:
        self._saved = RETRIES_SAVED_MAX / 2
        self._looked_at = time.monotonic()

    def admits(self, attempts: int) -> bool:
        """Whether attempt number `attempts` may go ahead now; it is spent if so."""
        now = time.monotonic()
        self._save((now - self._looked_at) * RETRIES_PER_SECOND)
        self._looked_at = now
        if attempts <= 1:
            self._save(RETRY_SHARE)
            return True
        if self._saved < 1:
            return False
        self._saved -= 1
        return True

    def _save(self, retries: float) -> None:
        self._saved = min(RETRIES_SAVED_MAX, self._saved + retries)

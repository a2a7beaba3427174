"""Sends the requests of the check, one after the other, within the account's rate limit and at most 40."""

import asyncio
from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import TypeVar

from worker import errors
from worker.core.kinds import PRODUCTS, Product
from worker.live_check import appointments, documents, meetings
from worker.live_check.answers import Question, document, error_form, structure
from worker.live_check.open_points import findings
from worker.live_check.report import Asked, Result
from worker.savvycal import appointment_documents, event_documents
from worker.savvycal.client import Answer, Client
from worker.savvycal.records import Document as Model
from worker.savvycal.wire import Request, decipher
from worker.sync.context import Endpoint

REQUESTS_MAX = 40
DEADLINE_SECONDS = 600
"""Of a whole run, which may wait for the rate limit."""

_PAGING = frozenset(
    "entries metadata data meta errors before after limit current_page page_size total_count total_pages message "
    "detail status title source pointer code".split()
)
"""Names around the records, and of errors."""

_CONTENT_TYPES = frozenset({"application/json", "application/problem+json", "text/plain", "text/html", ""})
T = TypeVar("T")


@dataclass
class Asker:
    """Asks one product; keeps how each question was answered."""

    product: Product
    client: Client
    probe: Request
    asked: list[Asked] = field(default_factory=list)

    async def ask(self, question: Question) -> Answer:
        """One answer, refusals included.

        Raises:
            errors.UpstreamError: 401, 429, 5xx, no answer, or more questions than are allowed.
        """
        if len(self.asked) >= REQUESTS_MAX:
            raise errors.Refused(f"more than {REQUESTS_MAX} requests would be needed")
        client = self.client if question.names_account else self.client.without_account()
        answer = await client.answer_to(question.request)
        self.asked.append(_noted(self.product, question, answer))
        if answer.status >= 500:
            await self._must_be_up(question, answer)
        return answer

    async def _must_be_up(self, question: Question, answer: Answer) -> None:
        """A 500 to an illegal question is an answer if a legal one is still answered; any other 5xx is an outage."""
        if not question.may_fail or answer.status != 500:
            decipher(answer.status, {}, answer.body, datetime.now(UTC))
        await self.ask(Question("whether SavvyCal still answers", self.probe))


def _noted(product: Product, question: Question, answer: Answer) -> Asked:
    kind = answer.content_type if answer.content_type in _CONTENT_TYPES else "another"
    error = "" if answer.status == 200 else error_form(answer)
    return Asked(product.value, question.name, answer.status, kind, error, structure(document(answer), known_names()))


async def run(account: str, endpoints: Mapping[Product, Endpoint], has_account: bool) -> Result:
    """Finds out what it can about the products of an account.

    Raises:
        errors.UpstreamError: SavvyCal refused the token, asked for a pause, or is down.
    """
    endpoints = {product: endpoints[product] for product in PRODUCTS if product in endpoints}
    values: dict[tuple[str, str], str | None] = {}
    asked: list[Asked] = []
    try:
        async with asyncio.timeout(DEADLINE_SECONDS):
            for product, endpoint in endpoints.items():
                asker = Asker(product, endpoint.client, endpoint.source.probe, asked)
                found = await _examine(asker, has_account)
                values |= {(product.value, name): value for name, value in found.items()}
    except TimeoutError:
        raise errors.Unreachable(f"the check took longer than {DEADLINE_SECONDS} s") from None
    return Result(account, findings(values, [product.value for product in endpoints]), tuple(asked))


async def _examine(asker: Asker, has_account: bool) -> dict[str, str | None]:
    if asker.product is Product.MEETINGS:
        values, found = await _drive(meetings.steps(), asker)
        return values | documents.of_events(found, datetime.now(UTC))
    values, found = await _drive(appointments.steps(has_account), asker)
    return values | documents.of_appointments(found)


async def _drive(steps: Generator[Question, Answer, T], asker: Asker) -> T:
    """Hands each answer to the generator that asked for it."""
    try:
        question = next(steps)
        while True:
            question = steps.send(await asker.ask(question))
    except StopIteration as done:
        return done.value  # type: ignore[no-any-return]
    finally:
        steps.close()


@cache
def known_names() -> frozenset[str]:
    """Every field name the documentation of either product has: the only names that get into a report."""
    found: set[str] = set()
    for module in (event_documents, appointment_documents):
        models = [each for each in vars(module).values() if isinstance(each, type) and issubclass(each, Model)]
        found |= {name for model in models for name in model.model_fields}
    return frozenset(found) | _PAGING

"""What a process has in its settings, as rows of the table `accounts`."""

import os
import socket
from collections.abc import Iterable, Iterator, Mapping
from secrets import token_hex

from worker.core.kinds import KINDS, Product
from worker.errors import SettingError
from worker.settings import Account
from worker.store.accounts import Configured

START = token_hex(2)
"""Containers may share the host's name, and each is the process 1 of its own."""


def process_name() -> str:
    """This process among all that share the database, as host:pid:start."""
    return f"{socket.gethostname()}:{os.getpid()}:{START}"


def configured(
    accounts: Iterable[Account], problems: Mapping[str, str], products: Mapping[str, Iterable[str]], serves_http: bool
) -> list[Configured]:
    """All products of `accounts`, and of those that cannot be used: `problems` says why, by the name of the account.

    `products`: what the accounts that cannot be used name a token for.
    """
    usable = {account.name: account for account in accounts}
    found = [
        Configured(
            account.name, listing, _accepts_webhooks(account, listing) if serves_http else None, problems.get(name)
        )
        for name, account in usable.items()
        for listing in _listings(account.products)
    ]
    others = problems.keys() - usable.keys()
    return found + [Configured(n, p, None, problems[n]) for n in sorted(others) for p in _listings(products.get(n, ()))]


def _listings(products: Iterable[str]) -> Iterator[Product]:
    """What is read with the tokens of these products."""
    named = set(products)
    return (spec.listing for spec in KINDS.values() if spec.product in named)


def _accepts_webhooks(account: Account, listing: Product) -> bool:
    try:
        return KINDS[listing.kind].product is listing and bool(account.webhook_secrets(listing))
    except SettingError:
        return False

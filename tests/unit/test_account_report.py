"""What a process reports about its settings."""

from pathlib import Path

from worker import settings
from worker.account_report import configured
from worker.settings import Settings
from worker.store.accounts import Configured

FILE = """
[acme]
meetings_token = "pt_secret_acme"
meetings_webhook_secrets = "whsec_of_acme"
[agency]
appointments_token_file = "/nowhere"
"""


def test_every_product_is_reported_with_what_is_wrong_with_its_settings(tmp_path: Path) -> None:
    """Links come with the token of meetings and have no webhooks; an account that cannot be used is not left out."""
    file = tmp_path / "accounts.toml"
    file.write_text(FILE)
    found = settings.configured_accounts(Settings(accounts_file=file))

    assert configured(found.usable, found.problems, found.products, serves_http=True) == [
        Configured("acme", "meetings", accepts_webhooks=True),
        Configured("acme", "links", accepts_webhooks=False),
        Configured("agency", "appointments", problem=found.problems["agency"]),
    ]


def test_a_process_without_http_leaves_webhooks_to_the_others(tmp_path: Path) -> None:
    """It may have no secrets at all."""
    file = tmp_path / "accounts.toml"
    file.write_text(FILE)
    found = settings.configured_accounts(Settings(accounts_file=file))

    reported = configured(found.usable, {}, {}, serves_http=False)
    assert [one.accepts_webhooks for one in reported] == [None, None]

"""What to change in the settings when SavvyCal refuses a request, added to the error as one sentence. Pure."""

from dataclasses import dataclass

from worker.errors import Refused, Unauthorized, UpstreamError
from worker.settings.tokens import token_flaw


@dataclass(frozen=True, slots=True)
class SettingNames:
    """What the settings of one product of one account are called where the user set them."""

    product: str
    token: str
    account: str


def advised(error: UpstreamError, names: SettingNames, token: str, has_account: bool) -> UpstreamError:
    """The error with the setting to change in its text, or the error itself when no setting is to blame.

    `token` is the one that was sent; it is examined, never quoted. `has_account` says whether an account id was sent.
    """
    advice = _advice(error, names, token, has_account)
    if advice is None or not isinstance(error, Refused | Unauthorized):
        return error
    return type(error)(f"{error}; {advice}", error.status)


def _advice(error: UpstreamError, names: SettingNames, token: str, has_account: bool) -> str | None:
    if names.product == "appointments" and error.status == 400 and "account" in str(error):
        return _account_advice(names, has_account)
    flaw = token_flaw(names.product, token) if error.status in {401, None} else None
    if flaw is None and error.status == 401:
        return f"make a new token at SavvyCal and set {names.token}"
    return f"{names.token} {flaw}" if flaw else None


def _account_advice(names: SettingNames, has_account: bool) -> str:
    """SavvyCal Appointments, errors: 400 «You must use an account-scoped token to access this endpoint.»."""
    if has_account:
        return f"{names.account} is set: does it name an account (acct_...) of this platform token?"
    return f"a platform token needs {names.account}: set it to the id of the account (acct_...)"

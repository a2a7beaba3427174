"""What a daemon announces is what can be opened."""

import pytest

from worker import http_servers, settings
from worker.composition import Runtime

URL = "postgresql://u@127.0.0.1/mirror"


@pytest.mark.parametrize(
    ("given", "is_open"),
    [
        ({}, True),
        ({"PORT": "8000"}, False),
        ({"PORT": "8000", "SAVVYCAL_ADMIN_TOKEN": "a token"}, True),
        ({"PORT": "8000", "SAVVYCAL_HTTP": "127.0.0.1:8321"}, True),
    ],
)
def test_a_closed_page_is_not_offered(given: dict[str, str], is_open: bool) -> None:
    """On an address that others can reach it is closed without a token, and the line says how to open it."""
    said: list[str] = []
    http_servers.announce_ready(Runtime(settings.load(given), (), URL, None, False, ""), "http://x", said.append)
    assert any(line.startswith("open in a browser") for line in said) == is_open
    assert any("set SAVVYCAL_ADMIN_TOKEN to open" in line for line in said) == (not is_open)

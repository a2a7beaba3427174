"""Which options a Redis address may have.

Each is taken or refused by name: redis-py would hand an unknown one to its connections, which all fail at their first
use.
"""

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from savvycal_sync.redis_options import SENTINEL_OPTIONS, TIMES, TLS
from worker.settings.options import refuse_unknown

SCHEMES = ("redis", "rediss", "unix", "redis+sentinel", "rediss+sentinel")

_PLAIN = frozenset("db username password client_name socket_keepalive health_check_interval".split())

REFUSED: Mapping[str, str] = {
    "decode_responses": "cannot be set: jobs are bytes",
    "encoding": "cannot be set: jobs are bytes",
    "encoding_errors": "cannot be set: jobs are bytes",
    "protocol": "cannot be set: version 2 is spoken",
    "read_from_replicas": "cannot be set: only a primary takes jobs",
}
_FILES = ("ssl_ca_certs", "ssl_certfile", "ssl_keyfile")


def refuse_options(url: str) -> None:
    """Reads what stands behind the ?.

    Raises:
        ValueError: an option is unknown, does not go with the scheme, or names a file that is not there.
    """
    scheme = url.partition("://")[0]
    known = _PLAIN | TIMES | (TLS if scheme.startswith("rediss") else set())
    known |= SENTINEL_OPTIONS if scheme.endswith("sentinel") else set()
    options = parse_qsl(urlsplit(url).query, keep_blank_values=True)
    refuse_unknown((name for name, _ in options), known, REFUSED, f"{scheme}://")
    for name, value in options:
        if name in _FILES and not Path(value).is_file():
            raise ValueError(f"{name}: there is no file {value}")

"""Tests whether a Redis supports every command we use, on temporary keys; reports what fails and why. Needs no INFO."""

import ssl
from contextlib import suppress

from redis.asyncio import Redis
from redis.exceptions import (
    AuthenticationError,
    ClusterError,
    MovedError,
    NoPermissionError,
    ReadOnlyError,
    RedisError,
    ResponseError,
)

from worker.errors import QueueUnavailable

CLUSTER = "this is a Redis Cluster (or a serverless one): not supported; use a single Redis or Valkey, or Sentinel"
_CAUSES = (
    (NoPermissionError, "this user lacks a right: docs/configuration.md names the least ACL"),
    (AuthenticationError, "user or password is refused: check both"),
    (ReadOnlyError, "this is a replica: name the primary, or use redis+sentinel://"),
)
_KEYS = ("savvycal:probe:a", "savvycal:probe:b", "arq:job:probe")
_SCRIPT = "redis.call('TIME') redis.call('MGET', KEYS[1], KEYS[2]) return 1"
_CLUSTER_WORDS = ("CROSSSLOT", "MOVED", "CLUSTERDOWN", "cluster")


async def probe(redis: Redis) -> None:
    """Tries a transaction, a script and a blocking pop.

    Raises:
        QueueUnavailable: it cannot be used now; says why.
    """
    try:
        await redis.ping()
        async with redis.pipeline(transaction=True) as pipe:
            for key in _KEYS:
                pipe.psetex(key, 1000, b"")
            pipe.delete(*_KEYS)
            await pipe.execute()
        await redis.register_script(_SCRIPT)(keys=list(_KEYS))
        await redis.blpop(["savvycal:probe:list"], timeout=0.01)  # type: ignore[misc, arg-type]
    except (RedisError, OSError) as error:
        raise QueueUnavailable(cause_of(error)) from None


def is_cluster(error: BaseException) -> bool:
    """Whether that is what a cluster says."""
    return isinstance(error, ClusterError | MovedError) or (
        isinstance(error, ResponseError) and any(word in str(error) for word in _CLUSTER_WORDS)
    )


def cause_of(error: BaseException) -> str:
    """One line, with the next step."""
    if is_cluster(error):
        return CLUSTER
    for kind, text in _CAUSES:
        if isinstance(error, kind):
            return text
    if isinstance(tls := _tls_error(error), ssl.SSLCertVerificationError):
        return f"the certificate is not trusted ({tls.verify_message}): check ssl_ca_certs and the host name"
    if tls:
        return "TLS failed: check whether the server speaks TLS (rediss://)"
    return f"{type(error).__name__}: check host and port, and that Redis runs"


def _tls_error(error: BaseException | None) -> ssl.SSLError | None:
    while error is not None:
        if isinstance(error, ssl.SSLError):
            return error
        error = error.__cause__ or error.__context__
    return None


async def describe(redis: Redis) -> tuple[str, str]:
    """Name and version, and what it does when memory is full, as far as this user may ask."""
    with suppress(RedisError):
        about = await redis.info()
        kind = "Valkey" if "valkey_version" in about else "Redis"
        version = about.get("valkey_version") or about.get("redis_version", "")
        return f"{kind} {version}".strip(), str(about.get("maxmemory_policy", "noeviction"))
    return "Redis", "noeviction"

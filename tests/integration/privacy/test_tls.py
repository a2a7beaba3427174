"""TLS is verified by all three clients: wrong host, expired and self-signed certificates are refused before any secret
is sent; a good one is accepted."""

import ast
import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from redis.asyncio import Redis

from savvycal_sync import resync
from savvycal_sync.redis_pool import connection_pool
from tests.support.certificates import DAY, Authority, Pair
from worker.errors import QueueUnavailable, SettingError, StoreUnavailable, Unreachable
from worker.savvycal.client import Client, open_session
from worker.savvycal.rate_limit import RateLimits
from worker.savvycal.wire import Request
from worker.settings import load
from worker.store import notices
from worker.store.connecting import tls_of
from worker.store.database import Database, value_free_errors

BAD = ("wrong_host", "expired", "not_yet", "self_signed")


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """One authority for all tests."""
    return Authority(tmp_path_factory.mktemp("tls"))


def _pair(authority: Authority, kind: str) -> Pair:
    made = {
        "good": lambda: authority.sign("good", "127.0.0.1"),
        "wrong_host": lambda: authority.sign("wrong_host", "db.example.test"),
        "expired": lambda: authority.sign("expired", "127.0.0.1", -3 * DAY, -DAY),
        "not_yet": lambda: authority.sign("not_yet", "127.0.0.1", DAY, 3 * DAY),
        "self_signed": lambda: authority.sign("self_signed", "127.0.0.1", own=True),
    }
    return made[kind]()


class Heard:
    """What a server heard once TLS stood."""

    def __init__(self) -> None:
        self.data = b""


@asynccontextmanager
async def _serve(pair: Pair, answer: bytes, postgres: bool = False) -> AsyncIterator[tuple[int, Heard]]:
    """A TLS server that notes what it hears and answers once; with Postgres' own upgrade before it when asked."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pair.certificate, pair.key)
    heard = Heard()
    tasks: set[asyncio.Task[None] | None] = set()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        tasks.add(asyncio.current_task())
        try:
            if postgres:
                await reader.readexactly(8)
                writer.write(b"S")
                await writer.drain()
                await writer.start_tls(context)
            heard.data += await reader.read(4096)
            writer.write(answer)
            await writer.drain()
        except (OSError, asyncio.IncompleteReadError):
            # the client refused, as it should
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0, ssl=None if postgres else context)
    try:
        yield server.sockets[0].getsockname()[1], heard
    finally:
        server.close()
        await asyncio.gather(*filter(None, tasks), return_exceptions=True)


Ask = Callable[[int], Awaitable[object]]


async def _ask_savvycal(port: int) -> object:
    async with open_session() as session:
        client = Client(session, f"https://127.0.0.1:{port}", lambda: "the-token", RateLimits(1000))
        return await client.fetch(Request("/me"))


async def _ask_postgres(port: int) -> object:
    return await Database.connect(f"postgresql://u:the-password@127.0.0.1:{port}/d?sslmode=verify-full", pool_size=1)


async def _listen(port: int) -> None:
    async def heard() -> None:
        """Nobody says anything."""

    async with value_free_errors():
        await notices._listen_once(f"postgresql://u:the-password@127.0.0.1:{port}/d?sslmode=verify-full", heard)


async def _ask_redis(port: int) -> object:
    async with Redis(connection_pool=connection_pool(f"rediss://:the-password@127.0.0.1:{port}/0")) as redis:
        try:
            return await resync("event_1", redis=redis)
        finally:
            await redis.connection_pool.disconnect()


ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"
CLIENTS = {
    "savvycal": (_ask_savvycal, ANSWER, Unreachable),
    "postgres": (_ask_postgres, b"", StoreUnavailable),
    "listener": (_listen, b"", StoreUnavailable),
    "redis": (_ask_redis, b"-ERR\r\n", QueueUnavailable),
}


@pytest.mark.parametrize("kind", BAD)
@pytest.mark.parametrize("client", CLIENTS)
async def test_a_bad_certificate_is_refused(
    authority: Authority, monkeypatch: pytest.MonkeyPatch, client: str, kind: str
) -> None:
    """Nothing is sent: the server hears no byte of ours inside TLS."""
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.path))
    ask, answer, error = CLIENTS[client]
    async with _serve(_pair(authority, kind), answer, client in {"postgres", "listener"}) as (port, heard):
        with pytest.raises(error):
            await ask(port)
        assert heard.data == b""


@pytest.mark.parametrize("client", CLIENTS)
async def test_a_good_certificate_is_accepted(
    authority: Authority, monkeypatch: pytest.MonkeyPatch, client: str
) -> None:
    """The same request under a certificate of a trusted authority arrives: the refusals above have their reason."""
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.path))
    ask, answer, _ = CLIENTS[client]
    async with _serve(_pair(authority, "good"), answer, client in {"postgres", "listener"}) as (port, heard):
        await asyncio.gather(ask(port), return_exceptions=True)
        assert heard.data != b""


@pytest.mark.parametrize(
    ("url", "verified"),
    [
        ("postgresql://u@db.example.test/d", True),
        ("postgresql://u@10.0.0.7/d?sslmode=verify-full", True),
        ("postgresql://u@db.example.test/d?sslmode=disable", False),
        ("postgresql://u@localhost:5432,db.example.test:5433/d", True),
        ("postgresql://u@127.0.0.1:5432,localhost:5433/d?target_session_attrs=read-write", False),
        ("postgresql:///d?host=db.example.test,localhost", True),
        ("postgresql://u@127.0.0.1/d", False),
        ("postgresql://u@localhost/d", False),
        ("postgresql://u@[::1]/d", False),
        ("postgresql:///d?host=/run/postgresql", False),
    ],
)
def test_a_database_elsewhere_is_verified_unless_said_otherwise(url: str, verified: bool) -> None:
    """Without a word about it, a server on another machine must prove who it is; this machine need not."""
    context = tls_of(url)
    assert (context is not None) == verified
    assert context is None or (context.check_hostname and context.verify_mode is ssl.CERT_REQUIRED)


def test_an_authority_of_ones_own_is_trusted(authority: Authority) -> None:
    """`sslrootcert` in the URL, as libpq reads it."""
    context = tls_of(f"postgresql://u@db.example.test/d?sslmode=verify-full&sslrootcert={authority.path}")
    assert context
    assert len(context.get_ca_certs()) == 1


@pytest.mark.parametrize(
    "url", ["http://api.savvycal.test/v1", "http://127.0.0.1.evil.test/v1", "http://localhost.evil.test"]
)
def test_a_token_never_goes_out_in_clear(url: str) -> None:
    """http is for the simulator on this machine alone."""
    with pytest.raises(SettingError, match="https"):
        load({"SAVVYCAL_MEETINGS_URL": url})


def test_no_client_turns_verification_off() -> None:
    """No such word in the package."""
    files = [path for name in PACKAGES for path in (ROOT / name).rglob("*.py")]
    texts = [path.read_text() for path in files if path.name != "redis_options.py"]  # as asked there
    for word in ("ssl=False", "CERT_NONE", "verify=False", "check_hostname = False", "ssl_cert_reqs"):
        assert not [text for text in texts if word in text], word


ROOT, PACKAGES = Path(__file__).parents[3], ("worker", "savvycal_sync")
OPENERS = {"asyncpg.connect", "asyncpg.create_pool"}


def test_every_line_to_postgres_has_its_rule() -> None:
    """The pool and the line that listens: what is forgotten here would take any certificate."""
    opened = [
        (path.name, ast.unparse(call))
        for name in PACKAGES
        for path in (ROOT / name).rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text()))
        if isinstance(call, ast.Call) and ast.unparse(call.func) in OPENERS
    ]
    assert sorted(opened) == [
        ("connecting.py", "asyncpg.connect(found.url, **options | way.options | named, ssl=tls_of(found.url))"),
        next(each for each in opened if each[0] == "database.py"),
    ]
    assert "connect=partial(_open, url, way)" in opened[[name for name, _ in opened].index("database.py")][1]

"""The network between this program and SavvyCal as companies have it: proxies, and authorities of their own."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.process.test_run import QUIESCENT
from tests.support.certificates import Authority
from tests.support.daemon import daemon, run
from tests.support.ports import free_port
from worker.simulator import Simulator

pytestmark = pytest.mark.timeout(240)

LOGIN = "Basic dXNlcjpwdy1vZi1hLXRlc3Q="
"""user:pw-of-a-test"""


async def _pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    writer.close()


async def _join(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, port: int) -> None:
    there_reader, there_writer = await asyncio.open_connection("127.0.0.1", port)
    await asyncio.gather(_pipe(reader, there_writer), _pipe(there_reader, writer))


@asynccontextmanager
async def tls_in_front_of(url: str, authority: Authority) -> AsyncIterator[str]:
    """The same server over https, with a certificate of a company's own authority."""
    pair, parts = authority.sign("savvycal", "localhost"), urlsplit(url)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pair.certificate, pair.key)
    port = parts.port or 0
    server = await asyncio.start_server(lambda r, w: _join(r, w, port), "127.0.0.1", 0, ssl=context)
    try:
        yield f"https://localhost:{server.sockets[0].getsockname()[1]}{parts.path}"
    finally:
        server.close()


@dataclass
class CompanyProxy:
    """An HTTP proxy that wants a login; it notes what it is asked for."""

    port: int = 0
    asked: list[str] = field(default_factory=list)
    refuses: bool = False

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One CONNECT."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        self.asked.append(head.splitlines()[0])
        if self.refuses or LOGIN not in head:
            writer.write(f"HTTP/1.1 {403 if self.refuses else 407} No\r\nContent-Length: 0\r\n\r\n".encode())
            await writer.drain()
            writer.close()
            return
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        await _join(reader, writer, int(head.split()[1].rpartition(":")[2]))


@asynccontextmanager
async def company_proxy() -> AsyncIterator[CompanyProxy]:
    """Listens."""
    found = CompanyProxy()
    server = await asyncio.start_server(found.answer, "127.0.0.1", 0)
    found.port = server.sockets[0].getsockname()[1]
    try:
        yield found
    finally:
        server.close()


@dataclass
class Company:
    """A SavvyCal behind TLS of a company's authority, and settings that lead to it."""

    settings: dict[str, str]
    authority: Path
    proxy: CompanyProxy

    async def check(self, **more: str) -> str:
        """What `check` reports of the token."""
        given = self.settings | {"SSL_CERT_FILE": str(self.authority)} | more
        found = await asyncio.to_thread(run, "check", settings=given)
        assert "pw-of-a-test" not in found.stdout + found.stderr
        return next((line for line in found.stdout.splitlines() if "meetings token" in line), found.stdout)


@pytest.fixture
async def company(tmp_path: Path, database_url: str, redis_url: str) -> AsyncIterator[Company]:
    """Everything started."""
    authority = Authority(tmp_path)
    async with (
        Simulator(QUIESCENT) as simulator,
        tls_in_front_of(simulator.meetings_url, authority) as url,
        company_proxy() as proxy,
    ):
        settings = {
            "DATABASE_URL": database_url,
            "REDIS_URL": redis_url,
            "SAVVYCAL_MEETINGS_TOKEN": simulator.options.meetings_token,
            "SAVVYCAL_MEETINGS_URL": url,
            "SAVVYCAL_HTTP": "127.0.0.1:0",
        }
        yield Company(settings, authority.path, proxy)


async def test_a_daemon_mirrors_through_a_proxy_with_a_login(company: Company) -> None:
    """HTTPS_PROXY as the company sets it for all programs; one line says that it is used, without the password."""
    place = f"127.0.0.1:{company.proxy.port}"
    given = company.settings | {
        "HTTPS_PROXY": f"http://user:pw-of-a-test@{place}",
        "SSL_CERT_FILE": str(company.authority),
        "NO_PROXY": "example.test,127.0.0.1",
    }
    async with daemon(settings=given) as running:
        await running.says(f"requests to SavvyCal go through the proxy {place} (HTTPS_PROXY)")
        await running.says_like(rf"scan_finished.* product=meetings rows={QUIESCENT.events}")
        assert await running.stop() == 0
        assert "pw-of-a-test" not in running.output
    assert company.proxy.asked
    said = await company.check(HTTPS_PROXY=given["HTTPS_PROXY"])
    assert said.endswith(f"meetings token: accepted, through the proxy {place} (HTTPS_PROXY)")


async def test_an_authority_of_the_company_is_trusted(company: Company) -> None:
    """Without SSL_CERT_FILE the certificate is refused with the way to trust it; NO_PROXY avoids the proxy."""
    assert (await company.check()).endswith("meetings token: accepted")
    assert "set SSL_CERT_FILE to a PEM file" in await company.check(SSL_CERT_FILE="")
    assert "there is no file /no/such.pem" in await company.check(SSL_CERT_FILE="/no/such.pem")
    proxy = f"http://user:pw-of-a-test@127.0.0.1:{company.proxy.port}"
    assert (await company.check(HTTPS_PROXY=proxy, NO_PROXY="localhost")).endswith("accepted")
    assert company.proxy.asked == []


async def test_what_is_wrong_with_a_proxy_is_named(company: Company) -> None:
    """By the proxy and the setting to change."""
    place = f"127.0.0.1:{company.proxy.port}"
    said = await company.check(SAVVYCAL_PROXY=f"http://{place}")
    assert f"the proxy {place} answered 407: check user and password (SAVVYCAL_PROXY)" in said
    company.proxy.refuses = True
    assert f"the proxy {place} answered 403: check whether it permits the host" in await company.check(
        HTTPS_PROXY=f"http://user:pw-of-a-test@{place}"
    )
    absent = f"127.0.0.1:{free_port()}"
    assert f"the proxy {absent} could not be reached: check HTTPS_PROXY" in await company.check(
        HTTPS_PROXY=f"http://{absent}"
    )
    assert "SOCKS is not supported" in await company.check(HTTPS_PROXY="socks5://127.0.0.1:1080")

"""Hostile requests against a running receiver; `make fuzz-webhooks` sends 200,000, the tests a few thousand.

Half of them mutate a valid delivery or its signature and go through a plain client, the rest misbehave on raw sockets.
The oracle knows the secret: a request may be stored only if its signature is right for exactly the bytes it carries.
"""

import argparse
import asyncio
import hashlib
import hmac
import random
import re
import resource
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from tests.support.receiver import SECRET, WebhookHarness, appointments_body, meetings_body, webhook_harness
from tests.support.servers import postgres_server
from worker import logs
from worker.savvycal.webhooks import sign

ALLOWED = {200, 400, 401, 404, 405, 408, 411, 413, 415, 417, 431, 414, 501, 505, 503}
"""What an answer may be: never another 5xx."""

ODD_SECONDS = 0.25
"""How long a request that breaks HTTP waits for its answer; many get none, because they are not complete."""

_STATUS = re.compile(rb"^HTTP/1\.1 (\d{3}) ")
SNIPPETS = [
    b"\x00",
    b"\xff\xfe",
    b'"',
    b"{",
    b"[" * 3000,
    b"}" * 9,
    b"NaN",
    b"1e999",
    b"9" * 400,
    b"\\ud800",
    b"\\u0000",
]
SNIPPETS += [
    b"null",
    b"'",
    "ü".encode(),
    b"\r\n\r\n",
    b"host_url",
    b'"id":"event_1\\n"',
    b'"type":1,',
    b'"payload":[],',
]


@dataclass
class Findings:
    """What happened. `forged` and `wrong` have to stay empty."""

    answers: Counter[int] = field(default_factory=Counter)
    accepted: int = 0
    forged: list[bytes] = field(default_factory=list)
    wrong: list[tuple[int, bytes]] = field(default_factory=list)
    silent: int = 0


def is_signed(body: bytes, header: bytes) -> bool:
    """The oracle: an independent reading of the documented scheme."""
    mac = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest().encode()
    return header.lower() == b"sha256=" + mac and header.startswith(b"sha256=")


def mutated(rng: random.Random, text: bytes) -> bytes:
    """A few random edits."""
    found = bytearray(text)
    for _ in range(rng.choice((1, 1, 2, 5))):
        place = rng.randrange(len(found) + 1)
        match rng.randrange(4):
            case 0:
                found[place : place + rng.randrange(1, 40)] = b""
            case 1:
                found[place:place] = rng.choice(SNIPPETS)
            case 2 if found:
                found[place % len(found)] ^= 1 << rng.randrange(8)
            case _:
                found[place:place] = bytes(rng.randrange(256) for _ in range(rng.randrange(1, 8)))
    return bytes(found)


def one_request(rng: random.Random, number: int) -> tuple[bytes, bytes, bytes]:
    """Path, body and signature header of one delivery, mutated here or there or nowhere."""
    about = {"object": rng.choice(["appointment", "appointment_meeting", "x"]), "id": f"appt_{number % 50}"}
    valid = [
        (b"/webhooks/meetings", meetings_body(f"event_{number % 50}", f"payload_{number}")),
        (b"/webhooks/appointments", appointments_body(about, "appointment.meeting.updated", f"evt_{number}")),
    ]
    path, body = rng.choice(valid)
    how = rng.randrange(5)
    body = mutated(rng, body) if how in {0, 1} else body
    header = b"sha256=" + hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest().upper().encode()
    if how in {1, 2}:
        header = mutated(rng, header).replace(b"\r", b"").replace(b"\n", b"").replace(b"\x00", b"")
    if how == 3:
        body = mutated(rng, body)
    if how == 4 and rng.random() < 0.5:
        header = header.swapcase() if rng.random() < 0.5 else header.replace(b"SHA", b"sha").lower()
    return (mutated(rng, path) if rng.random() < 0.02 else path).replace(b"\r", b"").replace(b"\n", b""), body, header


def misbehave(rng: random.Random, path: bytes, body: bytes, header: bytes) -> tuple[bytes, bool]:
    """A request as bytes, and whether it breaks HTTP itself: one in seven does."""
    lines = [b"POST " + path + b" HTTP/1.1", b"Host: x", b"x-savvycal-signature: " + header]
    lines.append(b"Content-Length: %d" % len(body))
    how = rng.randrange(40)
    if how == 0:
        chunks = b"".join(b"%x\r\n%s\r\n" % (len(body[i : i + 9]), body[i : i + 9]) for i in range(0, len(body), 9))
        lines[3], body = b"Transfer-Encoding: chunked", chunks + rng.choice([b"0\r\n\r\n", b"zz\r\n", b"0\r\n", b""])
    elif how == 1:
        lines.insert(1, b"Content-Encoding: " + rng.choice([b"gzip", b"br", b"identity", b"x" * 9000]))
    elif how == 2:
        lines[3] = b"Content-Length: " + rng.choice([b"-1", b"1e3", b"999999999", b"", b"4, 5"])
    elif how == 3:
        lines.insert(2, lines[2])
    raw = b"\r\n".join(lines) + b"\r\n\r\n" + body
    if how == 4:
        raw = mutated(rng, raw)
    elif how == 5:
        raw = raw[: rng.randrange(len(raw))]
    return raw, how < 6


async def exchange(address: tuple[str, int], raw: bytes, seconds: float) -> int | None:
    """Status of the answer to raw bytes; None when there was none within the time."""
    reader, writer = await asyncio.open_connection(*address)
    try:
        writer.write(raw)
        found = _STATUS.match(await asyncio.wait_for(reader.read(4096), seconds))
        return int(found[1]) if found else None
    except (OSError, TimeoutError):
        return None
    finally:
        writer.close()


async def attack(it: WebhookHarness, count: int, seed: int, side_by_side: int = 24) -> Findings:
    """Sends the requests and checks every answer."""
    rng, findings, numbers = random.Random(seed), Findings(), iter(range(count))
    parts = urlsplit(it.address)
    address = (str(parts.hostname), int(parts.port or 0))

    async def sender() -> None:
        for number in numbers:
            path, body, header = one_request(rng, number)
            raw, is_odd = misbehave(rng, path, body, header)
            status = await exchange(address, raw, ODD_SECONDS if is_odd else 20.0)
            if status is None:
                findings.silent += 1
                continue
            findings.answers[status] += 1
            findings.accepted += status == 200
            if status == 200 and not could_be_signed(raw):
                findings.forged.append(raw)
            if status not in ALLOWED:
                findings.wrong.append((status, raw))

    async with asyncio.TaskGroup() as group:
        for _ in range(side_by_side):
            group.create_task(sender())
    return findings


def could_be_signed(raw: bytes) -> bool:
    """Whether a request, read as leniently as one can, carries a good signature for its body."""
    head, _, body = raw.partition(b"\r\n\r\n")
    headers = [
        line.split(b":", 1)[1].strip(b" \t") for line in head.split(b"\r\n")[1:] if b"signature:" in line.lower()
    ]
    bodies = {body} | {body[:n] for n in (len(body) - i for i in range(64)) if n >= 0}
    chunked = b"".join(part for part in re.split(rb"(?:^|\r\n)[0-9a-fA-F]+\r\n", body))
    bodies |= {chunked, chunked.removesuffix(b"\r\n"), chunked.removesuffix(b"\r\n\r\n")}
    length = re.search(rb"(?i)content-length:\s*(\d{1,9})", head)
    bodies |= {body[: int(length[1])]} if length else set()
    return any(is_signed(each, header) for each in bodies for header in headers)


__all__ = ["SECRET", "attack", "sign"]


async def campaign(database_url: str, count: int, seed: int) -> int:
    """The long run; 0 when nothing was found."""
    async with webhook_harness(database_url, pool_size=6) as it:
        await attack(it, min(count, 2000), seed + 1)
        before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.monotonic()
        findings = await attack(it, count, seed)
        grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
        stored = len(await it.deliveries())
    answers = ", ".join(f"{times} × {status}" for status, times in sorted(findings.answers.items()))
    sys.stdout.write(
        f"seed {seed}: {count} requests in {time.monotonic() - began:.0f} s: {answers}; "
        f"{findings.silent} without answer; {stored} stored, {len(findings.forged)} forged, "
        f"{len(findings.wrong)} wrong, memory +{grown:.0f} MiB\n"
    )
    for status, raw in findings.wrong[:5]:
        sys.stdout.write(f"{status}: {raw[:600]!r}\n")
    return 1 if findings.forged or findings.wrong or grown > 64 else 0


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=200_000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    logs.configure("error")
    with postgres_server() as postgres:
        sys.exit(asyncio.run(campaign(postgres.url, given.requests, given.seed)))


if __name__ == "__main__":
    main()

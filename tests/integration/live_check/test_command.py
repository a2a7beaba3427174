"""The command as it is typed: what it prints, what it writes, how it ends."""

import asyncio
import json
from pathlib import Path

import asyncpg

from tests.integration.conftest import mirrored_url, schema_template
from tests.support.daemon import run
from worker.simulator import Fault, Options, Simulator

__all__ = ["mirrored_url", "schema_template"]

TOKEN = "pt_secret_of_the_live_check"


def settings_of(simulator: Simulator) -> dict[str, str]:
    """One account at a simulator, and no server beside it."""
    return {
        "SAVVYCAL_EMBEDDED": "never",
        "SAVVYCAL_MEETINGS_URL": simulator.meetings_url,
        "SAVVYCAL_MEETINGS_TOKEN": TOKEN,
        "SAVVYCAL_APPOINTMENTS_URL": simulator.appointments_url,
        "SAVVYCAL_APPOINTMENTS_TOKEN": simulator.options.appointments_token,
    }


async def test_it_prints_a_table_or_json_and_writes_a_report(tmp_path: Path) -> None:
    """Nothing but SavvyCal is needed; the report holds no id, no token, no address."""
    file = tmp_path / "report.json"
    async with Simulator(Options(meetings_token=TOKEN, list_embeds_meeting=False)) as simulator:
        given = settings_of(simulator)
        table = await asyncio.to_thread(run, "check", "--live", "--report", str(file), settings=given, cwd=tmp_path)
        plain = await asyncio.to_thread(run, "check", "--live", "--json", settings=given, cwd=tmp_path)
        ids = [*simulator.world.documents("event"), *simulator.world.documents("appointment")]
    assert (table.returncode, table.stderr) == (0, "")
    assert "otherwise than expected" in table.stdout
    assert "lists carry the meeting" in table.stdout
    assert "--report FILE" in table.stdout
    found = json.loads(plain.stdout)
    assert found["requests"] <= 40
    assert [point["found"] for point in found["points"] if point["name"] == "lists_embed_meeting"] == ["no"]
    report = file.read_text("utf-8")
    assert json.loads(report)["questions"][0]["form"]["entries"][0]["attendees"][0]["email"] == "text"
    assert not [text for text in (*ids, TOKEN, "127.0.0.1", "@", "example.test", "acct_") if text in report]


async def test_it_ends_in_one_line(tmp_path: Path) -> None:
    """With 1 when SavvyCal refuses or is away, with 2 when the question is wrong; never with a traceback."""
    async with Simulator(Options(meetings_token=TOKEN, events=5, appointments=5)) as simulator:
        given = settings_of(simulator)
        for status, said in ((401, "make a new token"), (429, "too many"), (503, "503")):
            simulator.world.faults[:] = [Fault("status", args={"status": status})]
            done = await asyncio.to_thread(run, "check", "--live", settings=given, cwd=tmp_path)
            assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (1, "", 1), done.stderr
            assert said in done.stderr
    done = await asyncio.to_thread(run, "check", "--live", settings=given, cwd=tmp_path)
    assert (done.returncode, len(done.stderr.splitlines())) == (1, 1)
    quoted = await asyncio.to_thread(
        run, "check", "--live", settings=given | {"SAVVYCAL_MEETINGS_TOKEN": f"Bearer {TOKEN}"}, cwd=tmp_path
    )
    assert (quoted.returncode, quoted.stdout) == (2, "")
    assert quoted.stderr.startswith("savvycal-sync: SAVVYCAL_MEETINGS_TOKEN begins with the word Bearer: remove it")
    assert TOKEN not in quoted.stderr
    for arguments in (
        ("check", "--report", "x"),
        ("check", "--live", "--account", "nobody"),
        ("check", "--live", "--report", "/"),
    ):
        wrong = await asyncio.to_thread(run, *arguments, settings=given, cwd=tmp_path)
        assert wrong.returncode == 2
        assert "Traceback" not in wrong.stderr


async def test_the_ordinary_check_speaks_json_too(tmp_path: Path) -> None:
    """Each finding with whether it is well and what it says."""
    done = await asyncio.to_thread(run, "check", "--json", settings={"SAVVYCAL_MEETINGS_TOKEN": "'x'"}, cwd=tmp_path)
    (finding,) = json.loads(done.stdout)
    assert (done.returncode, finding["ok"], finding["what"]) == (1, False, "settings")
    assert finding["said"].startswith("SAVVYCAL_MEETINGS_TOKEN is in quotes")


async def test_several_accounts_must_be_named(tmp_path: Path) -> None:
    """And each has its own answers."""
    async with Simulator(Options(meetings_token=TOKEN, events=5)) as simulator:
        file = tmp_path / "accounts.toml"
        table = f'meetings_token = "{TOKEN}"\nmeetings_url = "{simulator.meetings_url}"\n'
        file.write_text(f"[north]\n{table}[south]\n{table}")
        given = {"SAVVYCAL_ACCOUNTS_FILE": str(file)}
        unnamed = await asyncio.to_thread(run, "check", "--live", settings=given, cwd=tmp_path)
        named = await asyncio.to_thread(run, "check", "--live", "--account", "south", settings=given, cwd=tmp_path)
    assert (unnamed.returncode, unnamed.stderr.count("north, south")) == (2, 1)
    assert (named.returncode, named.stdout.count("account south")) == (0, 1)


async def test_findings_are_stored_where_there_is_a_database(mirrored_url: str, tmp_path: Path) -> None:
    """The newest check replaces what the one before found, and nothing that the mirror has learned itself."""
    connection = await asyncpg.connect(mirrored_url)
    try:
        await connection.execute(
            "insert into savvycal.account_facts values ('default', 'meetings', 'learned', '1', 'get', now())"
        )
        for embeds, said in ((False, "no"), (True, "yes")):
            async with Simulator(Options(meetings_token=TOKEN, list_embeds_meeting=embeds)) as simulator:
                given = settings_of(simulator) | {"DATABASE_URL": mirrored_url}
                done = await asyncio.to_thread(run, "check", "--live", settings=given, cwd=tmp_path)
            assert (done.returncode, done.stderr) == (0, "findings stored in savvycal.account_facts\n")
            rows = await connection.fetch("select fact, value, source from savvycal.account_facts order by fact")
            found = {row["fact"]: (row["value"], row["source"]) for row in rows}
            assert found["check.lists_embed_meeting"] == (said, "probe")
            assert found["learned"] == ("1", "get")
            assert len(found) > 20
    finally:
        await connection.close()


async def test_findings_are_shown_when_they_cannot_be_stored(mirrored_url: str, tmp_path: Path) -> None:
    """A database that is away, or that has another schema, is one line beside them."""
    away = "postgresql://u:hidden-password@127.0.0.1:9/x"
    connection = await asyncpg.connect(mirrored_url)
    await connection.execute("drop table savvycal.account_facts cascade")
    await connection.close()
    async with Simulator(Options(meetings_token=TOKEN, events=5, appointments=5)) as simulator:
        for url in (away, mirrored_url):
            given = settings_of(simulator) | {"DATABASE_URL": url}
            done = await asyncio.to_thread(run, "check", "--live", settings=given, cwd=tmp_path)
            assert (done.returncode, len(done.stderr.splitlines())) == (0, 1), done.stderr
            assert done.stderr.startswith("findings not stored: ")
            assert "requests, account default" in done.stdout
            assert "hidden-password" not in done.stderr

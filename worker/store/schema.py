"""The schema of a database: reads its state, upgrades it to the newest version, and creates the roles."""

import asyncio
from collections.abc import Mapping
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Any

import asyncpg

from worker.core import json_text
from worker.errors import SchemaMismatch, StoreError, StoreUnavailable
from worker.logs import log
from worker.store.database import Connection
from worker.store.migrations import Migration, all_migrations, newest, oldest_program
from worker.store.queries import load
from worker.store.schema_state import UNNUMBERED, Answer, Expected, Found, State, decide_state

SQL = load("schema")
SCHEMA_VERSION = newest(all_migrations())
"""The schema version of this program: the number of its last migration."""

APPLY_SECONDS = 3600.0
"""Limit for one step: an index over years of history, or converting a large restored change feed, takes long."""

LOCK_TIMEOUT = "3s"
"""A statement that waits for a table blocks everybody behind it, so it stops waiting and is tried again later."""

LOCK_ATTEMPTS = 10
LOCK_PAUSE_SECONDS = 1.0

COMMENT = "Mirror of a SavvyCal account, kept by savvycal-sync."

_LOCK = 0x53415656
"""Advisory lock («SAVV»): two processes that start at once apply the schema one after the other."""


def text() -> str:
    """The text of schema.sql: beside this file in an installed package, at the top of the project in a checkout."""
    packed = files(__package__).joinpath("schema.sql")
    return (packed if packed.is_file() else Path(__file__).parents[2] / "schema.sql").read_text("utf-8")


def build() -> str:
    """A hash that identifies this schema.sql among those of the same version."""
    return sha256(text().encode()).hexdigest()[:12]


async def state(connection: Connection) -> State:
    """Compares the schema of the database with the one this program needs."""
    return decide_state(await _found(connection), Expected(SCHEMA_VERSION, build()))


async def version(connection: Connection) -> int | None:
    """The schema version of the database: None without a schema, UNNUMBERED for one made before version 1."""
    return (await _found(connection, has_shape=False)).version


async def check(connection: Connection) -> State:
    """The state of the schema, if this program can run with it.

    Raises:
        SchemaMismatch: it cannot; the text has the version that was found and what to do.
    """
    found = await state(connection)
    if not found.may_run:
        raise SchemaMismatch(found.text)
    return found


async def _found(connection: Connection, has_shape: bool = True) -> Found:
    async with connection.transaction():
        await connection.execute("set local search_path = pg_catalog, pg_temp")  # definitions are printed accordingly
        if await connection.fetchval("select to_regclass('savvycal._meta')") is None:
            return Found(None)
        meta: dict[str, Any] = json_text.decode(await connection.fetchval(SQL["meta"]) or b"{}")
        comment = await connection.fetchval("select obj_description(to_regnamespace('savvycal'), 'pg_namespace')")
        if "shape" not in meta:
            return Found(UNNUMBERED, comment=comment or "")
        recorded = meta["shape"] or {}
        is_comparable = recorded.get("server") == _server(connection)
        return Found(
            meta["schema_version"],
            meta["oldest_program"],
            comment or "",
            recorded["objects"] if is_comparable else None,
            await _shape(connection) if has_shape else None,
        )


def _server(connection: Connection) -> int:
    """The major version of Postgres; each prints the same definition in its own way."""
    return connection.get_server_version().major


async def _shape(connection: Connection) -> Mapping[str, str]:
    return {row["name"]: row["hash"] for row in await connection.fetch(SQL["shape"])}


async def apply(connection: Connection) -> State:
    """Upgrades the schema to the newest version and returns the state before.

    Each migration runs in its own transaction, then schema.sql creates what is missing. Applying it again changes
    nothing.

    Raises:
        SchemaMismatch: the schema is newer than this program; nothing was changed.
        StoreUnavailable: other sessions hold the tables.
        StoreError: an object of the user's own depends on a view that must be recreated.
    """
    before = await _refuse_newer(connection)
    for step in all_migrations():
        await _patiently(connection, step)
    await _patiently(connection, None)
    return before


async def _refuse_newer(connection: Connection) -> State:
    found = await _found(connection)
    before = decide_state(found, Expected(SCHEMA_VERSION, build()))
    if before.answer in {Answer.NEWER, Answer.COMPATIBLE}:
        raise SchemaMismatch(
            f"the database holds schema version {found.version}, this program brings {SCHEMA_VERSION}: nothing was "
            "changed; apply it with the newer savvycal-sync"
        )
    return before


async def _patiently(connection: Connection, step: Migration | None) -> None:
    for attempt in range(1, LOCK_ATTEMPTS + 1):
        if await _has_stepped(connection, step):
            return
        log.info("schema_waits_for_lock", step=step.name if step else "schema.sql", attempt=attempt)
        await asyncio.sleep(LOCK_PAUSE_SECONDS)
    raise StoreUnavailable(
        f"schema apply: other sessions held the tables {LOCK_ATTEMPTS} times; what was done so far is kept: end long "
        "transactions (pg_stat_activity) and run it again"
    )


async def _has_stepped(connection: Connection, step: Migration | None) -> bool:
    """Applies one step; False when a lock could not be obtained."""
    try:
        await _step(connection, step)
    except (asyncpg.LockNotAvailableError, asyncpg.DeadlockDetectedError):
        return False
    except asyncpg.DependentObjectsStillExistError as error:
        raise StoreError(
            f"schema apply: {error.detail or 'something of your own depends on a view of this schema'}: drop it, apply "
            "again, then make it again"
        ) from None
    return True


async def _step(connection: Connection, step: Migration | None) -> None:
    """Applies one migration, or schema.sql (None). It reads the state again under the lock."""
    async with connection.transaction():
        await connection.execute("set local client_min_messages = warning")
        await connection.execute("set local statement_timeout = 0")
        await connection.execute("set local standard_conforming_strings = on")
        await connection.execute("select pg_advisory_xact_lock($1)", _LOCK)
        await connection.execute(f"set local lock_timeout = '{LOCK_TIMEOUT}'")
        if step is None:
            await _complete(connection)
            return
        found = (await _found(connection, has_shape=False)).version
        if found is not None and found < step.number:
            await connection.execute(step.sql, timeout=APPLY_SECONDS)
            if step.number > 0:  # before that, _meta cannot record it
                await connection.execute(SQL["record"], step.number, None, None)


async def _complete(connection: Connection) -> None:
    await _refuse_newer(connection)
    await connection.execute(text(), timeout=APPLY_SECONDS)
    await connection.execute(f"comment on schema savvycal is '{COMMENT} ({build()})'")
    await connection.execute(SQL["forget_columns"])
    await connection.execute("set local search_path = pg_catalog, pg_temp")
    shape = {"server": _server(connection), "objects": dict(await _shape(connection))}
    await connection.execute(
        SQL["record"], SCHEMA_VERSION, oldest_program(all_migrations()), json_text.encode(shape).decode()
    )


def roles_text() -> str:
    """The text of roles.sql."""
    return files(__package__).joinpath("roles.sql").read_text("utf-8")


async def has_roles(connection: Connection) -> bool:
    """Whether the optional roles exist with rights on the schema. Recreated views have lost their grants."""
    return bool(
        await connection.fetchval(
            "select coalesce((select has_schema_privilege(oid, 'savvycal', 'usage') "
            "from pg_roles where rolname = 'savvycal_worker'), false)"
        )
    )


async def apply_roles(connection: Connection) -> None:
    """Creates the roles and grants them exactly their rights. Applying it again changes nothing.

    Raises:
        StoreError: the current role may not create roles; the schema works without them.
    """
    try:
        async with connection.transaction():
            await connection.execute("select pg_advisory_xact_lock($1)", _LOCK)
            await connection.execute("set local client_min_messages = warning")
            await connection.execute("set local standard_conforming_strings = on")
            await connection.execute(roles_text())
    except asyncpg.InsufficientPrivilegeError:
        raise StoreError(
            "the role of DATABASE_URL may not make roles: run `savvycal-sync schema roles` as the owner of the schema "
            "with CREATEROLE, or do without them (they are optional)"
        ) from None

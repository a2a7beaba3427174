"""The models of docs/integrations.md, with the libraries they are written for, and the roles that PostgREST uses."""

import asyncio
from importlib import import_module
from typing import Any
from urllib.parse import urlsplit

import asyncpg
import pytest

from tests.support.docs_blocks import block, statements
from tests.support.harness import running_harness
from worker.store import schema
from worker.store.database import Database

WHY = "{} is not installed: pip install sqlalchemy django 'psycopg[binary]'"


@pytest.fixture
async def filled_url(mirrored_url: str) -> str:
    """A mirror with bookings."""
    async with running_harness(mirrored_url) as harness:
        await harness.scan()
    return mirrored_url


async def test_sqlalchemy_reflects_tables_and_views(filled_url: str) -> None:
    """Events with their attendees, and the view of bookings."""
    alchemy: Any = pytest.importorskip("sqlalchemy", reason=WHY.format("SQLAlchemy"))
    orm: Any = pytest.importorskip("sqlalchemy.orm")
    engine = alchemy.create_engine(
        filled_url.replace("postgresql://", "postgresql+psycopg://"), poolclass=alchemy.NullPool
    )
    names: dict[str, Any] = {"engine": engine, "__name__": "models"}
    exec(block("integrations.md", "SQLAlchemy", "py"), names)
    with orm.Session(engine) as session:
        event = session.scalars(alchemy.select(names["Event"]).where(names["Event"].attendees.any()).limit(1)).one()
        assert all(attendee.event_id == event.id for attendee in event.attendees)
        assert event.attendees
        assert session.scalars(alchemy.select(names["Booking"]).limit(1)).one().account == "default"
    foreign_keys = alchemy.inspect(engine).get_foreign_keys("event_attendees", schema="savvycal")
    with engine.connect() as connection:
        has_them = connection.dialect.server_version_info >= (18,)
    assert [key["referred_table"] for key in foreign_keys] == (["events"] if has_them else [])


async def test_django_reads_through_unmanaged_models(filled_url: str) -> None:
    """Composite keys, and the relationship both ways."""
    django: Any = pytest.importorskip("django", reason=WHY.format("Django"))
    settings = import_module("django.conf").settings

    parts = urlsplit(filled_url)
    place = {"HOST": parts.hostname, "PORT": parts.port, "USER": parts.username, "PASSWORD": parts.password}
    database = {"ENGINE": "django.db.backends.postgresql", "NAME": parts.path[1:], **place}
    settings.configure(DATABASES={"default": database}, USE_TZ=True, DEFAULT_AUTO_FIELD="django.db.models.BigAutoField")
    django.setup()
    names: dict[str, Any] = {"__name__": "bookings.models"}
    exec(block("integrations.md", "Django", "py"), names)
    await asyncio.to_thread(_read, names["Event"], names["Attendee"])


def _read(event_model: Any, attendee_model: Any) -> None:
    connection = import_module("django.db").connection

    try:
        attendee = attendee_model.objects.select_related("event").first()
        assert attendee.event.pk == ("default", attendee.event_id)
        assert attendee in list(event_model.objects.get(pk=attendee.event.pk).attendees.all())
    finally:
        connection.close()


async def test_requests_of_postgrest(filled_url: str) -> None:
    """Its login becomes the reader, and reads views and functions."""
    db = await Database.connect(filled_url, pool_size=1)
    async with db.connection() as owner:
        await schema.apply_roles(owner)
    await db.close()
    *roles, first, rows, feed, last = statements("integrations.md", "PostgREST")
    connection = await asyncpg.connect(filled_url)
    try:
        transaction = connection.transaction()
        await transaction.start()
        for statement in (*roles, "set role authenticator", first):
            await connection.execute(statement)
        assert len(await connection.fetch(rows)) == 3
        assert len(await connection.fetch(feed)) == 10
        await connection.execute(last)
        await transaction.rollback()
    finally:
        await connection.close()

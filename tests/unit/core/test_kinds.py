"""The registry of kinds: each entry is complete and fits the schema, and SQL is filled from it alone."""

import re
from pathlib import Path

import pytest

from worker.core.kinds import KINDS, Conferencing, Kind, KindSpec, Product
from worker.savvycal.api import APIS, EVERY_FIELD
from worker.store.queries import load, load_for

SCHEMA = (Path(__file__).parents[3] / "schema.sql").read_text("utf-8")
SPECS = pytest.mark.parametrize("spec", KINDS.values(), ids=lambda spec: str(spec.kind))
NOUNS = ("objects", "scans", "audits", "work_queue")
ARRAYS = {"{watch}", "{meeting}", "{unconfirmed}", "{}"}
"""Braces that are Postgres' own."""


@SPECS
def test_names_of_a_kind_are_those_of_the_schema(spec: KindSpec) -> None:
    """Tables and columns that go into SQL texts exist."""
    named = {spec.state_column, spec.start_column, spec.updated_column} - {None}
    assert named | {"account", "id", "extra", "version", "fence", "raw_hash", "content_hash"} <= _columns(spec.table)
    for child in spec.children:
        assert {"account", spec.parent_column} <= _columns(child)
    if spec.conferencing is not Conferencing.NONE:
        assert spec.parent_column in _columns("meetings")


def _columns(table: str) -> set[str]:
    body = re.search(rf"create table if not exists savvycal\.{table} \((.*?)\n\);", SCHEMA, re.DOTALL)
    assert body is not None
    return set(re.findall(r"^  (\w+) ", body[1], re.MULTILINE))


@SPECS
def test_statements_of_a_kind_are_whole(spec: KindSpec) -> None:
    """Once it is filled, a statement has no open name, and speaks of no other kind's table."""
    others = [other.table for other in KINDS.values() if other is not spec]
    for noun in NOUNS:
        written = load(noun)
        for name, statement in load_for(noun, spec.kind).items():
            assert set(re.findall(r"\{\w*\}", statement)) <= ARRAYS, name
            if "{table}" in written[name]:
                assert f"savvycal.{spec.table}" in statement, name
                assert not any(re.search(rf"savvycal\.{other}\b", statement) for other in others), name


@SPECS
def test_every_kind_can_be_asked_for(spec: KindSpec) -> None:
    """Its dialect is registered under its own name."""
    source = APIS[spec.kind](False, EVERY_FIELD)
    assert source.kind is spec.kind
    assert source.product is spec.listing
    assert spec.listing.kind is spec.kind


@SPECS
def test_a_meeting_has_a_lifecycle_where_there_is_one(spec: KindSpec) -> None:
    """Both or neither."""
    assert (spec.meeting_lifecycle is None) == (spec.conferencing is Conferencing.NONE)


@SPECS
def test_what_has_no_times_has_one_window(spec: KindSpec) -> None:
    """Without a start nothing is near or far; every kind has the window that holds everything."""
    assert spec.listing.has_times == (spec.start_column is not None), "what applications are told"
    names = [window.name for window in spec.windows]
    assert {"all", spec.named_window} <= set(names)
    if spec.start_column is None:
        assert names == ["all"]


def test_an_id_and_a_listing_tell_one_kind() -> None:
    """No prefix begins another, and each name in `product` belongs to one kind."""
    assert {spec.listing for spec in KINDS.values()} == set(Product)
    prefixes = [spec.id_prefix for spec in KINDS.values()]
    assert [a for a in prefixes for b in prefixes if a.startswith(b)] == prefixes
    assert Kind.MEETING not in KINDS

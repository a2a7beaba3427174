"""The dbt package names tables and columns that exist, and its models run, without dbt."""

import asyncio
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import asyncpg
import pytest
import yaml

from tests.integration.test_docs import database_with_schema

__all__ = ["database_with_schema"]

PACKAGE = Path(__file__).parents[2] / "deploy" / "dbt"
MODELS = {path.stem: path.read_text("utf-8") for path in (PACKAGE / "models").rglob("*.sql")}
SOURCES: list[dict[str, Any]] = yaml.safe_load((PACKAGE / "models" / "sources.yml").read_text("utf-8"))["sources"]
DESCRIBED: list[dict[str, Any]] = yaml.safe_load((PACKAGE / "models" / "staging" / "staging.yml").read_text("utf-8"))[
    "models"
]
NAMED = [(source["schema"], table) for source in SOURCES for table in source["tables"]]
KNOWN_VALUES = re.compile(r"phase_known check \(phase in \((.*?)\)\)")


def filled(text: str) -> str:
    """A model with the names of its sources in place."""
    return re.sub(r"\{\{ source\('(\w+)', '(\w+)'\) \}\}", r"\1.\2", text)


async def columns(url: str, statement: str) -> set[str]:
    """The columns of a query; one that names a column which is not there fails."""
    connection = await asyncpg.connect(url)
    try:
        return {attribute.name for attribute in (await connection.prepare(statement)).get_attributes()}
    finally:
        await connection.close()


@pytest.mark.parametrize(("schema", "table"), NAMED, ids=[table["name"] for _, table in NAMED])
def test_every_source_has_the_columns_it_names(database_with_schema: str, schema: str, table: dict[str, Any]) -> None:
    """And the question about freshness can be asked."""
    found = asyncio.run(columns(database_with_schema, f"select * from {schema}.{table['name']}"))
    assert {column["name"] for column in table["columns"]} <= found
    if "loaded_at_query" in table:
        assert asyncio.run(columns(database_with_schema, table["loaded_at_query"]))


@pytest.mark.parametrize("model", DESCRIBED, ids=lambda model: str(model["name"]))
def test_every_model_runs_and_has_the_columns_it_describes(database_with_schema: str, model: dict[str, Any]) -> None:
    """Its source is declared, and none of its columns is a guess."""
    text = MODELS[model["name"]]
    assert set(re.findall(r"source\('savvycal', '(\w+)'\)", text)) <= {table["name"] for _, table in NAMED}
    assert {column["name"] for column in model["columns"]} <= asyncio.run(columns(database_with_schema, filled(text)))


def test_every_model_is_described() -> None:
    """No model without its tests."""
    assert {model["name"] for model in DESCRIBED} == set(MODELS)


def test_accepted_phases_are_those_of_the_schema() -> None:
    """A phase that the schema knows is no failed test; bookings have one more."""
    schema = (Path(__file__).parents[2] / "schema.sql").read_text("utf-8")
    known = {value.strip("' ") for found in KNOWN_VALUES.findall(schema) for value in found.split(",")}
    accepted = dict(_accepted("phase"))
    assert accepted == {"stg_savvycal__bookings": known | {"deleted"}, "stg_savvycal__meetings": known}


def _accepted(name: str) -> Iterator[tuple[str, set[str]]]:
    for model in DESCRIBED:
        for column in model["columns"]:
            for test in column.get("data_tests", []):
                if column["name"] == name and "accepted_values" in test:
                    yield model["name"], set(test["accepted_values"]["arguments"]["values"])

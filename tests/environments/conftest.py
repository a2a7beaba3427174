"""Databases and a mirror for the cases; at the end the run prints how many ran."""

from tests.integration.conftest import mirrored_url, schema_template

__all__ = ["mirrored_url", "schema_template"]

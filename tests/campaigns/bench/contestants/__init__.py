"""The ways to compare. Each module has `run(phase, api_url, database_url)`, which returns what it measured itself."""

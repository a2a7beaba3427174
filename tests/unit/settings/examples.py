"""What the tests of settings share: a value for each setting, and how a wrong one is told."""

from pathlib import Path

CANARY = "canary-7f3a"
SECRETS = ["DATABASE_URL", "DATABASE_DIRECT_URL", "REDIS_URL", "SAVVYCAL_MEETINGS_TOKEN", "SAVVYCAL_APPOINTMENTS_TOKEN"]
SECRETS += ["SAVVYCAL_PROXY"]
SECRETS += ["SAVVYCAL_MEETINGS_WEBHOOK_SECRETS", "SAVVYCAL_APPOINTMENTS_WEBHOOK_SECRETS", "SAVVYCAL_ADMIN_TOKEN"]
SECRETS += ["SAVVYCAL_SECRET_KEYS"]
VALUES = {
    "DATABASE_URL": "postgresql://u:p@db/mirror",
    "DATABASE_DIRECT_URL": "postgresql://u:p@server/mirror",
    "REDIS_URL": "rediss://:p@queue/0",
    "SAVVYCAL_PROXY": "http://u:p@proxy.example.test:3128/",
    "SAVVYCAL_MEETINGS_TOKEN": "pt_secret_1",
    "SAVVYCAL_MEETINGS_URL": "http://127.0.0.1:8000/v1",
    "SAVVYCAL_APPOINTMENTS_TOKEN": "sk_1",
    "SAVVYCAL_APPOINTMENTS_URL": "https://api.example.test/v1",
    "SAVVYCAL_APPOINTMENTS_ACCOUNT": "acct_000000000001",
    "SAVVYCAL_APPOINTMENTS_INCLUDE_SENSITIVE": "false",
    "SAVVYCAL_MEETINGS_WEBHOOK_SECRETS": "secret_1,secret_2",
    "SAVVYCAL_APPOINTMENTS_WEBHOOK_SECRETS": "secret_3",
    "SAVVYCAL_WEBHOOK_RETENTION_DAYS": "90",
    "SAVVYCAL_SECRET_KEYS": "key_1,key_2",
    "SAVVYCAL_DROP_FIELDS": "client.phone",
    "SAVVYCAL_SNAPSHOT_RETENTION_DAYS": "400",
    "SAVVYCAL_CHANGE_RETENTION_DAYS": "40",
    "SAVVYCAL_RUN_RETENTION_DAYS": "30",
    "SAVVYCAL_HTTP": "0.0.0.0:9000",
    "SAVVYCAL_ADMIN_HTTP": "127.0.0.1:9001",
    "SAVVYCAL_ADMIN_TOKEN": "admin_1",
    "SAVVYCAL_EMBEDDED": "never",
    "SAVVYCAL_DATA_DIR": "/var/lib/savvycal-sync",
    "SAVVYCAL_POLL_NEAR_SECONDS": "30",
    "SAVVYCAL_POLL_MONTH_SECONDS": "300.5",
    "SAVVYCAL_POLL_LATER_SECONDS": "7200",
    "SAVVYCAL_POLL_ALL_SECONDS": "43200",
    "SAVVYCAL_REQUESTS_PER_MINUTE": "60",
    "SAVVYCAL_LOG_LEVEL": "debug",
    "SAVVYCAL_LOG_FORMAT": "json",
}
"""A value of its own for every setting but the accounts file."""


def file_with(directory: Path, text: str, name: str = "secret") -> str:
    """The path of a file with this text."""
    path = directory / name
    path.write_text(text, "utf-8")
    return str(path)

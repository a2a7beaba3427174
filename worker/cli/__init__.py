"""The command `savvycal-sync`; the only package that prints. One file for each family of commands.

Exit codes: 0 success, 1 failure, 2 invalid configuration or arguments.
"""

import click

from worker import __version__
from worker.cli.lazy import Command, LazyGroup

COMMANDS = {
    "run": Command(
        "worker.cli.run", "run", "Run the daemon until Ctrl-C or SIGTERM.", f"savvycal-sync {__version__} is starting"
    ),
    "status": Command("worker.cli.status", "status", "Show what is synced, how fresh it is, and recent failures."),
    "watch": Command("worker.cli.watch", "watch", "Follow changes and problems as they happen."),
    "resync": Command(
        "worker.cli.status", "resync", "Queue an immediate re-read of one object, a range, or everything."
    ),
    "check": Command("worker.cli.status", "check", "Test every setting, server and token."),
    "explain": Command("worker.cli.explain", "explain", "Show the history of one object and what comes next."),
    "accounts": Command("worker.cli.accounts", "accounts", "List accounts, pause and resume syncing."),
    "work": Command("worker.cli.work", "work", "List, retry and discard pending work."),
    "audit": Command("worker.cli.work", "audit", "Compare the mirror with SavvyCal."),
    "approve-deletions": Command("worker.cli.work", "approve_deletions", "Approve deletions that the guard held back."),
    "schema": Command("worker.cli.schema", "schema", "Create, check and print the database schema."),
    "keys": Command("worker.cli.keys", "keys", "Manage encryption keys."),
    "reveal": Command("worker.cli.keys", "reveal", "Show the host link of a meeting."),
    "erase": Command("worker.cli.erase", "erase", "Erase a person for good."),
    "simulate": Command(
        "worker.cli.simulate", "simulate", "Serve a simulated SavvyCal.", "# a simulated SavvyCal is starting"
    ),
    "webhooks": Command("worker.cli.webhooks", "webhooks", "Register and inspect webhooks."),
    "completion": Command("worker.cli.completion", "completion", "Print the completion script of a shell."),
}


@click.group(
    cls=LazyGroup,
    lazy=COMMANDS,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__)
def main() -> None:
    """Keeps a SavvyCal account mirrored in Postgres.

    \b
    savvycal-sync run                    start the daemon; servers not configured are embedded
    savvycal-sync status                 what is synced, how fresh, what failed
    savvycal-sync watch                  follow changes and problems as they happen
    savvycal-sync resync event_01J...    re-read one object now
    savvycal-sync explain event_01J...   show what happened to it, and what comes next
    savvycal-sync webhooks register URL  receive changes at once
    savvycal-sync check                  test every setting, server and token
    savvycal-sync reveal amtg_...        print the host link of a meeting

    Settings are environment variables; see docs/configuration.md.
    """

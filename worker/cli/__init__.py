"""The command `savvycal-sync`; the only package that prints. One file for each family of commands.

Exit codes: 0 success, 1 failure, 2 invalid configuration or arguments.
"""

import click

from worker import __version__
from worker.cli import erase, keys, run, schema, simulate, status, webhooks, work


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__)
def main() -> None:
    """Keeps a SavvyCal account mirrored in Postgres.

    \b
    savvycal-sync run                    start the daemon; servers not configured are embedded
    savvycal-sync status                 what is synced, how fresh, what failed
    savvycal-sync resync event_01J...    re-read one object now
    savvycal-sync webhooks register URL  receive changes at once
    savvycal-sync check                  test every setting, server and token
    savvycal-sync reveal amtg_...        print the host link of a meeting

    Settings are environment variables; see docs/configuration.md.
    """


for command in (
    run.run,
    status.status,
    status.resync,
    status.check,
    work.work,
    work.audit,
    work.approve_deletions,
    schema.schema,
    keys.keys,
    keys.reveal,
    erase.erase,
    simulate.simulate,
    webhooks.webhooks,
):
    main.add_command(command)

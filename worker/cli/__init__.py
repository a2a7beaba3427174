"""The command `savvycal-sync`; the only package that prints. One file for each family of commands.

Exit codes: 0 done, 1 it failed, 2 a wrong setting or word.
"""

import click

from worker import __version__
from worker.cli import erase, explain, keys, run, schema, simulate, status, webhooks, work


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__)
def main() -> None:
    """Keeps a SavvyCal account mirrored in Postgres.

    \b
    savvycal-sync run                    start; what is not configured is embedded
    savvycal-sync status                 what is synced, how fresh, what failed
    savvycal-sync resync event_01J...    read one thing again now
    savvycal-sync explain event_01J...   what happened to it, and what comes next
    savvycal-sync webhooks register URL  let SavvyCal tell us at once
    savvycal-sync check                  probe every setting, server and token
    savvycal-sync reveal amtg_...        the host link of a meeting

    Settings are environment variables; see docs/configuration.md.
    """


for command in (
    run.run,
    status.status,
    status.resync,
    status.check,
    explain.explain,
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

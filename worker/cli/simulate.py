"""`savvycal-sync simulate`: a simulated SavvyCal."""

import asyncio

import click

from worker.cli.base import plainly
from worker.errors import SettingError
from worker.simulator import Options, Simulator
from worker.simulator import run as run_simulator
from worker.simulator.switches import parse_assumptions, parse_damages


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), default=8322, show_default=True, help="0 picks a free one.")
@click.option("--events", type=click.IntRange(0, 1_000_000), default=300, show_default=True)
@click.option("--appointments", type=click.IntRange(0, 1_000_000), default=120, show_default=True)
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed gives the same account.")
@click.option("--speed", type=float, default=1.0, show_default=True, help="Simulated seconds per second; 0: frozen.")
@click.option(
    "--assume", multiple=True, metavar="NAME=VALUE", help="Answer an open point of the documentation differently."
)
@click.option("--damage", multiple=True, metavar="NAME=SHARE", help="Damage a share of the records, such as 1/100.")
@plainly
def simulate(
    port: int, events: int, appointments: int, seed: int, speed: float, assume: tuple[str, ...], damage: tuple[str, ...]
) -> None:
    """Serve a simulated SavvyCal (both APIs) on 127.0.0.1, for development and tests.

    SavvyCal's documentation leaves points open. --assume answers one of them differently, --damage damages records.
    Both can be given several times; an unknown name lists the known ones.

    \b
    savvycal-sync simulate --assume lists_embed_meeting=no --damage surrogate=1/100
    savvycal-sync simulate --assume page_size_max=50 --assume limit_out_of_range=reject
    """
    try:
        chosen = parse_assumptions(assume) | {"damage": parse_damages(damage)}
    except ValueError as error:
        raise SettingError(f"simulate: {error}") from None
    options = Options(**{"seed": seed, "events": events, "appointments": appointments, "speed": speed} | chosen)
    try:
        asyncio.run(run_simulator(options, port=port, started=_announce_simulator))
    except KeyboardInterrupt:
        click.echo("stopped")
    except OSError as error:
        raise SettingError(f"--port {port}: cannot listen ({error.strerror or type(error).__name__})") from None


def _announce_simulator(simulator: Simulator) -> None:
    for name, value in (
        ("SAVVYCAL_MEETINGS_URL", simulator.meetings_url),
        ("SAVVYCAL_MEETINGS_TOKEN", simulator.options.meetings_token),
        ("SAVVYCAL_APPOINTMENTS_URL", simulator.appointments_url),
        ("SAVVYCAL_APPOINTMENTS_TOKEN", simulator.options.appointments_token),
    ):
        click.echo(f"export {name}={value}")
    click.echo(f"# control: {simulator.control_url}/world   stop: Ctrl-C")

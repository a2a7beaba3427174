"""The unit as systemd reads it."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.environments.programs import program

UNIT = Path(__file__).parents[2] / "deploy" / "savvycal-sync.service"
EXPOSURE_MAX = 20
"""Tenths, of 100: `systemd-analyze security`."""


@pytest.fixture
def unit(tmp_path: Path) -> Path:
    """The unit, with a program that is there."""
    path = tmp_path / UNIT.name
    path.write_text(UNIT.read_text().replace("/opt/savvycal-sync/.venv/bin/savvycal-sync", sys.executable))
    return path


@pytest.mark.servers
def test_systemd_knows_each_line_of_the_unit(unit: Path) -> None:
    """A directive that it does not know would be ignored."""
    analyze = program("systemd-analyze", "systemd")
    done = subprocess.run([analyze, "verify", "--man=no", unit], capture_output=True, text=True, check=False)
    ours = [line for line in done.stderr.splitlines() if UNIT.name in line]
    assert ours == []


@pytest.mark.servers
def test_the_unit_exposes_little(unit: Path) -> None:
    """As systemd itself rates it, without a running systemd."""
    analyze = program("systemd-analyze", "systemd")
    command = [analyze, "security", "--offline=yes", f"--threshold={EXPOSURE_MAX}", str(unit)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-500:] + done.stderr


def test_the_unit_asks_for_what_the_daemon_reports() -> None:
    """Ready, alive, descriptors enough, and no core dumps."""
    lines = UNIT.read_text().splitlines()
    assert {"Type=notify", "NotifyAccess=main", "WatchdogSec=60", "LimitNOFILE=65536", "LimitCORE=0"} <= set(lines)

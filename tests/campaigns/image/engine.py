"""Building and running an image with buildah and chroot isolation: as root, without a daemon or a container runtime.

A chroot has no network of its own, so what runs in it reaches servers on this machine's loopback.
"""

import json
import os
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[3]
STORE = ROOT / ".image-test"
"""Images, and the base that debootstrap makes, so that a second run need not make it again."""

LOCAL_BASE, IMAGE = "localhost/debian-python:12", "localhost/savvycal-sync:test"
HOST_FILES = ("/etc/pip.conf", "/etc/ssl/certs/ca-certificates.crt")
"""How this machine reaches a package index: a mirror and the authorities it trusts. Seen by the build, not kept."""

ENTER = """
mount --bind "$1" "$1" && mount -o remount,bind,ro "$1" && mount --bind "$2" "$1/mnt" && mount --rbind /dev "$1/dev" \
  && mount -t proc proc "$1/proc" && at=$1 && shift 2 \
  && exec setpriv --no-new-privs chroot --userspec=10001:10001 "$at" "$@"
"""
"""A read-only file system and one directory for secrets, as user 10001."""


def buildah(*arguments: str) -> str:
    """Runs one buildah command; its standard output.

    Raises:
        subprocess.CalledProcessError: it failed; its own messages stand on standard error.
    """
    store = ["--root", str(STORE / "root"), "--runroot", str(STORE / "run"), "--storage-driver", "vfs"]
    return subprocess.run(["buildah", *store, *arguments], check=True, stdout=subprocess.PIPE, text=True).stdout.strip()


def choose_base(wanted: str) -> str:
    """The base itself where a registry has it, else Debian 12 with Python 3.11."""
    try:
        buildah("pull", "--quiet", wanted)
    except subprocess.CalledProcessError:
        return _local_base()
    return wanted


def _local_base() -> str:
    if not buildah("images", "--quiet", "--filter", f"reference={LOCAL_BASE}"):
        tree = STORE / "debian"
        shutil.rmtree(tree, ignore_errors=True)
        include = "--include=python3,python3-venv,ca-certificates"
        command = ["debootstrap", "--variant=minbase", include, "bookworm", str(tree)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        container = buildah("from", "scratch")
        buildah("add", "--quiet", container, str(tree), "/")
        buildah("commit", "--quiet", "--rm", container, LOCAL_BASE)
        shutil.rmtree(tree)
    return LOCAL_BASE


def build(base: str) -> None:
    """Builds deploy/Dockerfile on a base."""
    volumes = [f"--volume={path}:{path}:ro" for path in HOST_FILES if Path(path).exists()]
    file, ignore = ROOT / "deploy" / "Dockerfile", ROOT / "deploy" / "Dockerfile.dockerignore"
    options = ["--isolation", "chroot", "--format", "docker", "--quiet", "--ignorefile", str(ignore)]
    buildah("build", *options, *volumes, "--build-arg", f"BASE={base}", "-f", str(file), "-t", IMAGE, str(ROOT))


@dataclass(frozen=True)
class Container:
    """An image as a directory tree, and what its configuration says."""

    path: Path
    config: dict[str, Any]
    secrets: Path
    """What the container sees as /mnt."""

    def start(self, command: Sequence[str], settings: dict[str, str], **options: Any) -> "subprocess.Popen[str]":
        """Starts a command in it, with the environment of the image and these variables."""
        environment = dict(line.split("=", 1) for line in self.config["Env"]) | settings
        words = ["unshare", "--mount", "--pid", "--fork", "--kill-child=SIGTERM", "sh", "-c", ENTER, "sh"]
        return subprocess.Popen(
            [*words, str(self.path), str(self.secrets), *command], env=environment, text=True, **options
        )

    def run(self, command: Sequence[str], settings: dict[str, str] | None = None) -> "subprocess.CompletedProcess[str]":
        """Runs a command in it to its end."""
        started = self.start(command, settings or {}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        output, _ = started.communicate(timeout=120)
        return subprocess.CompletedProcess(command, started.returncode, output)


def open_container(secrets: Path) -> tuple[str, Container]:
    """A container of the image: its name, to remove it, and the container."""
    name = buildah("from", "--pull-never", IMAGE)
    config = json.loads(buildah("inspect", "--type", "image", IMAGE))["Docker"]["config"]
    return name, Container(Path(buildah("mount", name)), config, secrets)


def megabytes(path: Path) -> float:
    """The size of all files below a path."""
    sizes = (os.lstat(Path(at) / name).st_size for at, _, names in os.walk(path) for name in names)
    return sum(sizes) / 1e6

"""Commands whose modules are imported when they are used: help, version and completion answer at once."""

import contextlib
import os
from collections.abc import Mapping
from importlib import import_module
from typing import Any, NamedTuple

import click
from click.shell_completion import CompletionItem


class Command(NamedTuple):
    """Where a command is defined, the line that `--help` shows of it, and the line that it prints before its module is
    imported, which takes a second or more.
    """

    module: str
    attribute: str
    help: str
    starting: str = ""


SILENT = {"-h", "--help", "-q", "--quiet"}
"""Words with which a command prints no first line; nor does it where machines read its output."""


class LazyGroup(click.Group):
    """A group that knows its commands by name; listing them imports none of them."""

    def __init__(self, *args: Any, lazy: Mapping[str, Command] | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.lazy = dict(lazy or {})

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All names, sorted."""
        return sorted({*self.lazy, *super().list_commands(ctx)})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command itself, with its module; None when there is none of that name."""
        if cmd_name not in self.lazy:
            return super().get_command(ctx, cmd_name)
        where = self.lazy[cmd_name]
        found: click.Command = getattr(import_module(where.module), where.attribute)
        return found

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that is to run, after its first line."""
        found = self.lazy.get(args[0]) if args else None
        is_silent = ctx.resilient_parsing or SILENT & set(args) or os.environ.get("SAVVYCAL_LOG_FORMAT") == "json"
        if found and found.starting and not is_silent:
            with contextlib.suppress(OSError, ValueError):  # a full disk, a closed pipe: the command runs all the same
                click.echo(found.starting)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands, from the lines given here."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, self.lazy[name].help) for name in self.list_commands(ctx)])

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Names that begin like this; without their modules."""
        names = [name for name in self.list_commands(ctx) if name.startswith(incomplete)]
        options = click.Command.shell_complete(self, ctx, incomplete)
        return [*(CompletionItem(name, help=self.lazy[name].help) for name in names), *options]

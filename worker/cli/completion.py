"""`savvycal-sync completion`: what makes TAB complete commands and options."""

import click
from click.shell_completion import get_completion_class

PROGRAM, VARIABLE = "savvycal-sync", "_SAVVYCAL_SYNC_COMPLETE"


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion(ctx: click.Context, shell: str) -> None:
    """Print the completion script of SHELL; load it where your shell starts.

    \b
    bash   eval "$(savvycal-sync completion bash)"      in ~/.bashrc
    zsh    eval "$(savvycal-sync completion zsh)"       in ~/.zshrc
    fish   savvycal-sync completion fish | source       in ~/.config/fish/config.fish
    """
    found = get_completion_class(shell)
    if found is not None:
        click.echo(found(ctx.find_root().command, {}, PROGRAM, VARIABLE).source())

"""`clearcut completion SHELL`: the script that makes a shell complete commands, options and their words."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def command(shell: str) -> None:
    r"""The script that makes your shell complete `clearcut`, on stdout.

    \b
      eval "$(clearcut completion bash)"       in ~/.bashrc
      eval "$(clearcut completion zsh)"        in ~/.zshrc
      clearcut completion fish > ~/.config/fish/completions/clearcut.fish

    bash must be 4.4 or newer.
    """
    from clearcut.cli import cli

    kind = get_completion_class(shell)
    if kind is None:
        raise click.UsageError(f"click knows no completion for {shell}")
    script = kind(cli, {}, "clearcut", "_CLEARCUT_COMPLETE")
    # Click's bash script asks a bash for its version before it prints; the text itself needs none.
    click.echo(script.source_template % script.source_vars())

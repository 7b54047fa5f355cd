"""The shell's face: one file per noun; each command is parse, desk, render.

Exit codes carry the clearance: 0 cleared, 1 stopped, 2 open; 64 misuse, 65 unreadable input, 70 a broken pack or list.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from importlib import import_module

import click

from enduse import __version__
from enduse.errors import EnduseError, InputError, StoreError

COMMANDS: Mapping[str, str] = {
    "decide": "enduse.cli.decide:decide",
    "outcomes": "enduse.cli.outcomes:outcomes",
    "explain": "enduse.cli.decide:explain",
    "screen": "enduse.cli.screen:screen",
    "judge": "enduse.cli.judge:judge",
    "judgements": "enduse.cli.judge:judgements",
    "population": "enduse.cli.population:population",
    "rescreen": "enduse.cli.population:rescreen",
    "lists": "enduse.cli.lists:lists",
    "law": "enduse.cli.law:law",
    "risk": "enduse.cli.risk:risk",
    "rehearse": "enduse.cli.risk:rehearse",
    "evaluate": "enduse.cli.evaluate:evaluate",
}
MISUSE, UNREADABLE, BROKEN = 64, 65, 70


def exit_code(error: type[EnduseError]) -> int:
    """The exit code of a kind of error: what the user gave is unreadable, or a pack or list is broken."""
    return UNREADABLE if issubclass(error, InputError | StoreError) else BROKEN


class _Lazy(click.Group):
    """Commands are imported when asked for, so that the shell answers at once."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, in order of use."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of this name, if there is one."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].partition(":")
        found = getattr(import_module(module), name)
        return found if isinstance(found, click.Command) else None


@click.command(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, package_name="enduse")
def app() -> None:
    """Export-control decisions that can be checked: what the rules require, why, and what is still unknown."""


def main() -> None:
    """Run the command line; errors are mapped to exit codes here and nowhere else."""
    try:
        code = app.main(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        code = MISUSE
    except click.exceptions.Abort:
        code = MISUSE
    except EnduseError as error:
        click.echo(f"enduse: {error}", err=True)
        code = exit_code(type(error))
    except BrokenPipeError:
        code = 0
    except OSError as error:
        click.echo(f"enduse: {error.filename or 'a file'}: {error.strerror or error}", err=True)
        code = UNREADABLE
    sys.exit(code if isinstance(code, int) else 0)

"""The command ``csd``."""

import signal
import sys
from typing import NoReturn

import click

from csd_helpers.commands import COMMANDS
from csd_helpers.errors import CsdError, Terminated

_INTERRUPTED = 130  # what shells expect of a program ended with Ctrl-C
SLOW_AND_OPTIONAL = "rfc3987_syntax"  # over a second, for a check of web addresses in JSON schemas


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="childrens-scrutiny-dataset")
def cli() -> None:
    """Make the Children's Scrutiny Dataset pack: from a council's records to the pages of both parts."""


for command in COMMANDS:
    cli.add_command(command)


def main() -> None:
    """Run the command; turn a user's mistake into one message and an exit code."""
    sys.modules.setdefault(SLOW_AND_OPTIONAL, None)  # type: ignore[arg-type]  # nbformat does without
    signal.signal(signal.SIGTERM, _terminated)
    try:
        sys.exit(cli(standalone_mode=False))
    except CsdError as error:
        _fail(f"csd: {error}", error.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt) as error:
        sys.unraisablehook = _keep_quiet
        code = getattr(error.__cause__ or error, "exit_code", _INTERRUPTED)
        _fail("csd: stopped; the last good pack is as it was", code)
    except OSError as error:  # a full disk, a folder that may not be written
        _fail(f"csd: {error}; the last good pack is as it was", 1)


def _keep_quiet(unraisable: object) -> None:
    """Let files that are given up half-written go without a word: the run has said that it was stopped."""


def _terminated(number: int, frame: object) -> NoReturn:
    """End as after Ctrl-C; what is being put back then is not disturbed again."""
    signal.signal(number, signal.SIG_IGN)
    raise Terminated


def _fail(message: str, code: int) -> None:
    click.echo(message, err=True)
    sys.exit(code)


if __name__ == "__main__":
    main()

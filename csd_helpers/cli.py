"""The command ``csd``."""

import sys

import click

from csd_helpers.commands import COMMANDS
from csd_helpers.errors import CsdError

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
    try:
        sys.exit(cli(standalone_mode=False))
    except CsdError as error:
        _fail(f"csd: {error}", error.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        _fail("csd: stopped; the last good pack is as it was", _INTERRUPTED)
    except OSError as error:  # a full disk, a folder that may not be written
        _fail(f"csd: {error}; the last good pack is as it was", 1)


def _fail(message: str, code: int) -> None:
    click.echo(message, err=True)
    sys.exit(code)


if __name__ == "__main__":
    main()

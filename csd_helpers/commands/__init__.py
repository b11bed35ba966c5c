"""What ``csd`` can be asked to do, a module for each kind of work.

Each imports what it needs when it runs, so that ``csd --help`` answers at once.
"""

import click

from csd_helpers.commands import disclosure, figures, pack, publication

COMMANDS: list[click.Command] = [
    pack.demo,
    pack.run,
    figures.check,
    figures.explain,
    disclosure.audit,
    disclosure.protect,
    disclosure.attack,
    publication.publish,
    publication.ledger,
    publication.verify,
]

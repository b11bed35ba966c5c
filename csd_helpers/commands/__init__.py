"""What ``csd`` can be asked to do, a module for each kind of work.

Each imports what it needs when it runs, so that ``csd --help`` answers at once.
"""

import click

from csd_helpers.commands import commentary, disclosure, figures, notes, pack, publication, run, suite

COMMANDS: list[click.Command] = [
    pack.demo,
    run.run,
    pack.pdf,
    figures.check,
    figures.explain,
    notes.notes,
    notes.lab,
    commentary.commentary,
    disclosure.audit,
    disclosure.protect,
    disclosure.attack,
    publication.publish,
    publication.ledger,
    publication.verify,
    suite.suite,
]

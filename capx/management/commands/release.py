"""Bring a site up to date with its code, before the new processes start."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError, connection
from django.db.migrations.loader import MigrationLoader
from psycopg.errors import LockNotAvailable

# A change of a table waits no longer than this behind others, so that nobody waits behind it.
PATIENCE = "5s"
BUSY = "The site is using what has to change. Nothing is half done: run it again in a minute."
OLDER = (
    "This database is of before migrations began anew, and was not brought up to date then. "
    "Bring it up to date with the last code that has {missing}, or begin with an empty one "
    "(with `make run`: remove the folder .home)."
)
STEPS: list[tuple[str, dict[str, Any]]] = [
    ("migrate", {"interactive": False}),
    ("createcachetable", {}),
    ("reference", {}),
    ("messages", {"compile": True}),
    ("collectstatic", {"interactive": False}),
]
SAMPLE: list[tuple[str, dict[str, Any]]] = [
    ("sample", {"if_empty": True}),
    ("sample", {"accounts": True}),
]


class Command(BaseCommand):
    """Run every step a release needs; each may be run again."""

    help = "Migrate, load skills and places, compile translations, collect static files."

    def add_arguments(self, parser: CommandParser) -> None:
        """Offer the pilot's sample on top."""
        parser.add_argument(
            "--sample",
            action="store_true",
            help="also load the sample into an empty database, and name its accounts",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Take one step after the other; only what the sample says is printed."""
        if missing := half_replaced():
            raise CommandError(OLDER.format(missing=missing))
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', %s, false)", [PATIENCE])
        try:
            for name, chosen in STEPS:
                call_command(name, verbosity=0, **chosen)
        except OperationalError as refused:
            if not isinstance(refused.__cause__, LockNotAvailable):
                raise
            raise CommandError(BUSY) from refused
        for name, chosen in SAMPLE if options["sample"] else []:
            call_command(name, stdout=self.stdout, **chosen)


def half_replaced() -> str:
    """Name a former migration that a database lacks of several that one stands for, if any."""
    loader = MigrationLoader(connection)
    former = [one.replaces for one in loader.replacements.values()]
    there = [[key in loader.applied_migrations for key in keys] for keys in former]
    return next(
        (
            ".".join(keys[done.index(False)])
            for keys, done in zip(former, there, strict=True)
            if any(done) and not all(done)
        ),
        "",
    )

"""Bring a site up to date with its code, before the new processes start."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser

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
        for name, chosen in STEPS:
            call_command(name, verbosity=0, **chosen)
        for name, chosen in SAMPLE if options["sample"] else []:
            call_command(name, stdout=self.stdout, **chosen)

"""Bring a site up to date with its code, before the new processes start."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand

STEPS: list[tuple[str, dict[str, Any]]] = [
    ("migrate", {"interactive": False}),
    ("createcachetable", {}),
    ("reference", {}),
    ("messages", {"compile": True}),
    ("collectstatic", {"interactive": False}),
]


class Command(BaseCommand):
    """Run every step a release needs; each may be run again."""

    help = "Migrate, load skills and places, compile translations, collect static files."

    def handle(self, *_args: Any, **options: Any) -> None:
        """Take one step after the other."""
        for name, chosen in STEPS:
            self.stdout.write(f"{name} …")
            call_command(name, verbosity=options["verbosity"], stdout=self.stdout, **chosen)

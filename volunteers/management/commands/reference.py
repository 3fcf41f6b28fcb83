"""Load what the site stands on: skills, places, regions, the group of organisers."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from volunteers.actions.organisers import organisers
from volunteers.imports import import_places, import_regions, import_skills


class Command(BaseCommand):
    """Load the reference data; a second run writes only what is missing."""

    help = "Load skills, places, regions and the group of organisers."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Accept the wish to write everything again."""
        parser.add_argument(
            "--overwrite",
            action="store_true",
            help="also write again what is there, over changes made on the site",
        )

    def handle(self, *_args: Any, overwrite: bool, **_options: Any) -> None:
        """Load each kind of data, and say how much was written."""
        organisers()
        skills = import_skills(overwrite=overwrite)
        places = import_places(overwrite=overwrite)
        regions = import_regions(overwrite=overwrite)
        self.stdout.write(f"skills and labels: {skills}, places: {places}, regions: {regions}")

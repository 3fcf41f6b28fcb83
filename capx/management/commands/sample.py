"""Load the pilot's sample: affiliates, invented people, listings, exchanges, practices."""

from io import StringIO
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from capx.sample.accounts import ACCOUNTS, PASSWORD
from capx.sample.load import NotEmpty, load
from volunteers.models import Person


class Command(BaseCommand):
    """Fill an empty database with the sample, or name the accounts in it."""

    help = "Load the sample into an empty database; the same seed and day give the same sample."

    def add_arguments(self, parser: CommandParser) -> None:
        """Accept a seed, the wish to leave a full database alone, and to see the accounts."""
        parser.add_argument("--seed", type=int, default=1, help="another number, other people")
        parser.add_argument(
            "--if-empty", action="store_true", help="do nothing where people are already"
        )
        parser.add_argument(
            "--accounts", action="store_true", help="only name the accounts of the sample"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Load the sample, or say why not."""
        if options["accounts"]:
            self.name_accounts()
        elif options["if_empty"] and Person.objects.exists():
            self.stdout.write("There are people in this database already: nothing to do.")
        else:
            self.load(options["seed"])

    def load(self, seed: int) -> None:
        """Load skills and places where they are missing, then the sample."""
        if Person.objects.exists():
            raise CommandError(REFUSAL)
        call_command("reference", stdout=StringIO())
        try:
            sample = load(at=timezone.now(), seed=seed)
        except NotEmpty as refused:
            raise CommandError(REFUSAL) from refused
        self.stdout.write(
            f"The sample is loaded: {len(sample.affiliates)} affiliates, "
            f"{len(sample.people)} people, {len(sample.listings)} listings, "
            f"{len(sample.exchanges)} exchanges, {len(sample.practices)} practices."
        )

    def name_accounts(self) -> None:
        """Name the accounts, and their password."""
        self.stdout.write(f"Sign in as one of these; the password is {PASSWORD}:")
        for account in ACCOUNTS:
            self.stdout.write(f"  {account.username:8} {account.what}")


REFUSAL = "There are people in this database: the sample is only loaded into an empty one."

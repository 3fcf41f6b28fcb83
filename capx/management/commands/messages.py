"""Keep the catalogues of translations in step with what the code says."""

from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from babel.messages.catalog import Catalog
from django.core.management.base import BaseCommand, CommandError

from capx import catalogues

MOST = 20  # as many troubles as one looks at


class Command(BaseCommand):
    """Gather what the site says, and bring the catalogues up to date; needs no gettext."""

    help = (
        "Update locale/*/LC_MESSAGES/django.po; --compile writes .mo; --check changes nothing."
    )
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Accept what to do instead of updating."""
        parser.add_argument(
            "--compile", action="store_true", help="write .mo files, and nothing else"
        )
        parser.add_argument(
            "--check", action="store_true", help="fail where a catalogue is behind or broken"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Compile, check or update."""
        if options["compile"]:
            self._compile()
        elif options["check"]:
            self._check(catalogues.gather())
        else:
            self._update(catalogues.gather())

    def _compile(self) -> None:
        """Write the .mo of every language that has a catalogue."""
        for language in catalogues.languages():
            if catalogues.path_of(language).exists():
                catalogues.compile_(language)

    def _update(self, said: Catalog) -> None:
        """Add what is new and put aside what is gone; a translation is never thrown away."""
        for language in catalogues.languages():
            catalogue = catalogues.read(language)
            catalogue.update(said, no_fuzzy_matching=True, update_creation_date=False)
            catalogues.write(language, catalogue)
            self._report(language, catalogue)

    def _check(self, said: Catalog) -> None:
        """Raise CommandError where a catalogue misses a sentence or breaks a placeholder."""
        trouble = []
        for language in catalogues.languages():
            catalogue = catalogues.read(language)
            self._report(language, catalogue)
            trouble += [f"{language}: {what}" for what in _trouble(said, catalogue)]
        if trouble:
            more = [f"… and {len(trouble) - MOST} more"] if len(trouble) > MOST else []
            advice = "To bring the catalogues up to date: manage.py messages"
            raise CommandError("\n".join([*trouble[:MOST], *more, advice]))

    def _report(self, language: str, catalogue: Catalog) -> None:
        """Say how much of the site is translated."""
        done, all_of_it = catalogues.translated(catalogue), len(catalogue)
        self.stdout.write(f"{language}: {done} of {all_of_it} sentences")


def _trouble(said: Catalog, catalogue: Catalog) -> Iterator[str]:
    """Name what a catalogue misses, what it has too much, and what is broken in it."""
    here, there = catalogues.keys_of(said), catalogues.keys_of(catalogue)
    yield from (f"missing: {words}" for _context, words in sorted(here - there, key=str))
    yield from (f"gone: {words}" for _context, words in sorted(there - here, key=str))
    yield from (f"placeholders differ: {words}" for words in catalogues.broken(catalogue))
    yield from (f"said several times: {words}" for words in catalogues.repeated(catalogue))

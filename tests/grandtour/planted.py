"""Marks in everything that is private in a tour: by a mark one knows where words come from."""

import re
from decimal import Decimal
from itertools import count

import pgtrigger
from django.apps import apps
from django.db import models

from grandtour import models as rows

# What everybody may read of a tour, and whose words are no secret of anybody.
OPEN = {
    *(rows.Edition, rows.Criterion, rows.Measure, rows.Question, rows.Phase, rows.Compensation),
    *(rows.Host, rows.Stay, rows.StopEvent, rows.Reviewer, rows.RequiredTraining),
    *(rows.Training, rows.TrainingVersion, rows.Lesson, rows.Exercise),
}
SHORTEST = 20  # signs in which there is room for a mark
# Columns without room for a mark: a code, a state, a number that many have, a figure of none.
UNMARKED = {
    rows.BudgetLine: {"stipend"},  # what is promised to everybody is told to everybody
    rows.Application: {"country", "languages", "travels_by", "nights"},
    rows.Expectation: {"version", "questions"},
    rows.Fund: {"name", "currency"},  # an edition names its sources
    rows.Cost: {"currency", "claimed_currency"},
    rows.DecisionLetter: {"language"},
    rows.JourneyEvent: {"before"},  # days that a stop had
    rows.Journey: {"number", "period", "language"},
    rows.JourneyEvent: {"before"},  # days alone
    rows.Leg: {
        *("km", "grams", "grams_plain"),  # are rounded
        *("factor", "factor_kg", "factor_kg_plain", "source", "year"),  # are the same for all
    },
    rows.NeedsCount: {"number"},
    rows.Plan: {
        *("seconds", "seed", "attempts", "step", "fingerprint", "travellers", "groups"),
        *("took", "grams", "grams_plain", "reasons_done", "reasons_of", "reasons_attempts"),
        *("reasons_fault", "locks", "problem", "result", "reasons", "baseline", "collisions"),
        *("bound", "cost"),
    },
    rows.ReviewEvent: {"about"},
    rows.Review: {"confidence"},
    rows.Score: {"value"},
    rows.Seat: {"period", "number", "country", "passed_over"},
    rows.SignUp: {"place"},
    rows.Stop: {"number"},
    rows.Window: {"period"},
}


def private():
    """List the models whose rows are somebody's own."""
    return [one for one in apps.get_app_config("grandtour").get_models() if one not in OPEN]


def columns(model):
    """List what can hold a mark: each column without choices that is no key, day or moment."""
    return [
        field
        for field in model._meta.concrete_fields
        if not (field.is_relation or field.primary_key or field.choices)
        and not isinstance(field, (models.DateField, models.BooleanField))
        and field.name not in UNMARKED.get(model, ())
    ]


class Marks:
    """All marks that were planted, each with where it stands; numbers as patterns."""

    def __init__(self):
        self.words, self.numbers, self.drawn = {}, {}, count(20_011, 7)

    @property
    def models(self):
        """Name the models whose rows hold a mark."""
        return {
            where.partition(" ")[0] for where in [*self.words.values(), *self.numbers.values()]
        }

    def plant(self, row):
        """Write a mark of its own into each column of a row."""
        said = {field.name: self._mark(row, field) for field in columns(type(row))}
        if said:
            with pgtrigger.ignore():
                type(row).objects.filter(pk=row.pk).update(**said)

    def _mark(self, row, field):
        number = next(self.drawn)
        where = f"{type(row).__name__} {row.pk}: {field.name}"
        if isinstance(field, models.DecimalField):
            self.numbers[_hundredths(number % 5000 + 1000)] = where
            return Decimal(number % 5000 + 1000) / 100
        if isinstance(field, models.IntegerField):
            self.numbers[_number(number)] = where
            return number
        word = f"zq{number}x"
        self.words[word] = where
        if isinstance(field, models.BinaryField):
            return f"%PDF-1.7\n{word}\n%%EOF\n".encode()
        if isinstance(field, models.URLField):
            return f"https://{word}.example/"
        assert field.max_length is None or field.max_length >= SHORTEST, where
        return word

    def found(self, page):
        """Say which marks stand in a page."""
        shown = SHAPES.sub("", page).lower()
        words = [self.words.get(word, word) for word in WORD.findall(shown)]
        if not re.search("|".join(self.numbers), shown):
            return words
        return words + [where for mark, where in self.numbers.items() if re.search(mark, shown)]


WORD = re.compile(r"zq\d{5}x")
# Numbers of a drawing are no numbers that anybody reads.
SHAPES = re.compile(r'\s(d|x|y|x1|x2|y1|y2|width|height|viewBox|points)="[^"]*"')


def _hundredths(number):
    """Know a number with two decimals again."""
    whole, part = divmod(number, 100)
    return rf"(?<![\d.,]){whole}[.,]{part:02}(?!\d)"


def _number(number):
    """Know a whole number again, with or without a sign for thousands, and as money."""
    thousands, rest = divmod(number, 1000)
    whole, part = divmod(number, 100)
    return rf"(?<![\d.,])(?:{thousands}[.,\s]?{rest:03}|{whole}[.,]{part:02})(?!\d)"

"""Bars beside what they were meant to reach."""

from decimal import Decimal

import pytest
from django.template.loader import render_to_string
from django.utils.translation import override

from capx.bars import WIDTH, Bar, draw

HALF = Bar("building", "Building", Decimal("12.5"), Decimal(50))
OVER = Bar("sharing", "Sharing", Decimal(100), Decimal(25))


def places(drawing):
    return [(one.x, one.width, one.mark) for one in drawing.shapes]


def test_all_bars_have_one_scale():
    assert places(draw([HALF, OVER], mirrored=False)) == [(0, 45, 179), (0, 360, 89)]


def test_from_the_right_everything_is_mirrored():
    plain, mirrored = draw([HALF, OVER], mirrored=False), draw([HALF, OVER], mirrored=True)

    for one, other in zip(plain.shapes, mirrored.shapes, strict=True):
        assert other.x + other.width == WIDTH - one.x
        assert other.mark + 2 == WIDTH - one.mark
    assert (plain.start, mirrored.start) == (0, WIDTH)


@pytest.mark.parametrize("value", [Decimal(0), Decimal("0.1"), Decimal(10) ** 7])
def test_nothing_leaves_the_drawing(value):
    for target in (None, Decimal(0), value, value * 2):
        for one in draw([Bar("building", "", value, target)], mirrored=False).shapes:
            assert 0 <= one.x <= one.x + one.width <= WIDTH
            assert one.mark is None or 0 <= one.mark <= WIDTH - 2


def test_no_language_changes_the_numbers_of_a_drawing():
    drawn = {}
    for language in ("en", "de", "ar"):
        with override(language):
            context = {"drawing": draw([HALF, OVER], mirrored=False)}
            drawn[language] = render_to_string("components/bars.html", context)

    assert drawn["en"] == drawn["de"] == drawn["ar"]


def test_words_are_no_markup():
    drawing = draw([Bar("building", "<script>&", Decimal(1))], mirrored=False)

    assert "<script>" not in render_to_string("components/bars.html", {"drawing": drawing})

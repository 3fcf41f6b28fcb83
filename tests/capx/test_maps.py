"""Places on a map that is drawn here."""

import pytest

from capx import maps


def test_europe_is_shown_whole_and_always_the_same():
    gdynia, lisbon = maps.around(54.52, 18.53), maps.around(38.72, -9.13)

    assert gdynia.land == lisbon.land
    assert gdynia.x > lisbon.x
    assert gdynia.y < lisbon.y


@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [(-34.6, -58.4), (6.5, 3.4), (66, 178), (-41.3, 174.8), (90, 0), (-90, 0), (0, 180)],
)
def test_elsewhere_the_surroundings_are_shown_with_the_place_in_them(latitude, longitude):
    drawn = maps.around(latitude, longitude)

    assert 0 <= drawn.x <= drawn.width
    assert 0 <= drawn.y <= drawn.height
    assert drawn.land != maps.around(54.52, 18.53).land


def test_a_drawing_is_small_enough_for_a_slow_line():
    assert len(maps.around(54.52, 18.53).land) < 12_000

import pytest
import time_machine

from tests.factories import OrganiserFactory
from tests.grandtour.tours import NOON


@pytest.fixture
def in_february():
    """Let a test happen before anybody of the usual rounds travels."""
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def organiser():
    return OrganiserFactory()

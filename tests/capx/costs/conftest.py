import pytest
import time_machine

from tests.capx.test_care import LONG_AGO, NOW
from tests.factories import AffiliateFactory, MembershipFactory


@pytest.fixture(autouse=True)
def _in_may():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def affiliate():
    return AffiliateFactory(slug="wmpl")


@pytest.fixture
def steward(affiliate):
    return MembershipFactory(affiliate=affiliate, role="steward", confirmed_at=LONG_AGO).person

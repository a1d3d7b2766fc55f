"""What tests of the collectors share."""

from zoneinfo import ZoneInfo

import pytest

from collectors.decode import Decoder
from collectors.profile import load_profiles


@pytest.fixture(scope="session")
def decoder() -> Decoder:
    """The shipped profiles, for devices in Shandong."""
    return Decoder(load_profiles(), ZoneInfo("Asia/Shanghai"))

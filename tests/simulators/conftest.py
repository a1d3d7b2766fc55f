"""The demo's world, built once for all tests of this folder."""

import pytest

from simulators.demo import demo_world
from simulators.world import World


@pytest.fixture(scope="session")
def world() -> World:
    """2022 and 2023 with the demo's own seed."""
    return demo_world()

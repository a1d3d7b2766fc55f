"""The demo's world, built once for all tests of this folder."""

from collections.abc import Iterator

import pytest

from simulators.demo import demo_world
from simulators.world import World
from tests.servers import Server, run_mosquitto


@pytest.fixture(scope="session")
def world() -> World:
    """2022 and 2023 with the demo's own seed."""
    return demo_world()


@pytest.fixture(scope="module")
def own_broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A broker that holds no other test's retained messages: these tests listen to every topic."""
    with run_mosquitto(tmp_path_factory.mktemp("mosquitto")) as server:
        yield server

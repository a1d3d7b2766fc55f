"""Fixtures of the api's tests."""

from pathlib import Path

import pytest

from tests.api.scene import Client, Scene, build_scene


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    """The small world, fresh."""
    return build_scene(tmp_path)


@pytest.fixture(scope="module")
def reading_scene(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    """The small world for a module's tests that change nothing."""
    return build_scene(tmp_path_factory.mktemp("scene"))


@pytest.fixture
def client(reading_scene: Scene) -> Client:
    """A program that carries the token and reads."""
    return Client(reading_scene.app, reading_scene.bearer)

"""Fixtures of the api's tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api.scene import Client, Scene, build_scene
from tests.conftest import RECORD_STORES, fresh_records


@pytest.fixture
def scene(tmp_path: Path, records_url: str) -> Scene:
    """The small world, fresh."""
    return build_scene(tmp_path, records_url=records_url)


@pytest.fixture(scope="module", params=RECORD_STORES)
def reading_scene(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Scene]:
    """The small world for a module's tests that change nothing."""
    folder = tmp_path_factory.mktemp("scene")
    with fresh_records(request, folder) as url:
        yield build_scene(folder, records_url=url)


@pytest.fixture
def client(reading_scene: Scene) -> Client:
    """A program that carries the token and reads."""
    return Client(reading_scene.app, reading_scene.bearer)

"""Fixtures of the console's tests."""

from pathlib import Path

import pytest

from tests.api.scene import Scene, build_scene


@pytest.fixture
def records_url(tmp_path: Path) -> str:
    """Address of a fresh record store: pages ask the API's own functions, which are tried on both kinds."""
    return f"sqlite:///{tmp_path / 'records.sqlite'}"


@pytest.fixture(scope="module")
def reading_scene(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    """The small world for a module's tests that change nothing."""
    folder = tmp_path_factory.mktemp("scene")
    return build_scene(folder, records_url=f"sqlite:///{folder / 'records.sqlite'}")

"""The home folder: roles of several processes share it."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from quotawatt.app.home import prepare_home
from quotawatt.errors import StoreError


def test_roles_that_start_at_one_moment_do_not_disturb_each_other(tmp_path: Path) -> None:
    home = tmp_path / "new" / "home"
    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(prepare_home, [home] * 2000)) == {home}
    assert list(home.iterdir()) == []


def test_a_home_that_can_not_be_one_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match=r"home folder must be writable, got .*file/home"):
        prepare_home(tmp_path / "file" / "home")

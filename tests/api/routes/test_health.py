"""Health needs no token; of every part it tells whoever may read the system."""

from pathlib import Path
from typing import Any

import pytest

from quotawatt.errors import StoreError
from quotawatt.storage.memory import MemorySeriesStore
from tests.api.scene import Client, Scene, build_scene


class SilentSeries(MemorySeriesStore):
    """A store that answers nothing."""

    def read_results(self, *_: Any) -> Any:
        raise StoreError("the store must answer, it does not")


def test_all_well(reading_scene: Scene) -> None:
    answer = Client(reading_scene.app, reading_scene.bearer).get("/api/v1/health")
    assert answer.status_code == 200
    body = answer.json()
    assert body["status"] == "ok"
    assert body["now"] == "2023-12-31T16:00:00Z"
    assert body["parts"]["collect"] == {"connected": True}
    assert body["counts"] == {"readings_written": 16}


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer wrong"}])
def test_nobody_is_told_whether_all_is_well_and_no_more(
    reading_scene: Scene, headers: dict[str, str]
) -> None:
    answer = Client(reading_scene.app, headers).get("/api/v1/health")
    assert answer.json() == {
        "status": "ok",
        "now": "2023-12-31T16:00:00Z",
        "parts": None,
        "counts": None,
    }


@pytest.mark.parametrize("part", [{"connected": False}, {"ok": False}, False])
def test_a_part_that_is_not_well_degrades_the_whole(tmp_path: Path, part: object) -> None:
    scene = build_scene(tmp_path, health=lambda: {"collect": part})
    answer = Client(scene.app).get("/api/v1/health")
    assert (answer.status_code, answer.json()["status"]) == (200, "degraded")


def test_while_the_series_store_is_silent_the_other_parts_are_told_all_the_same(
    tmp_path: Path,
) -> None:
    scene = build_scene(
        tmp_path,
        series=SilentSeries(),
        health=lambda: {"collect": {"ok": False, "broker": {"ok": True}}},
    )
    nobody = Client(scene.app).get("/api/v1/health")
    assert nobody.status_code == 503
    assert "parts" not in nobody.json()
    assert nobody.json()["detail"] == "the series store must answer, it does not"
    answer = Client(scene.app, scene.bearer).get("/api/v1/health")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert answer.json()["parts"] == {
        "store": {"ok": False, "problem": "the store must answer, it does not"},
        "collect": {"ok": False, "broker": {"ok": True}},
    }

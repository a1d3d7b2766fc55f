"""The demo's year, once, as a newcomer runs it; then questions to its home folder."""

import fcntl
import json
import re
import socket
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from typer.testing import CliRunner

from benchmarks.ports import free_port
from quotawatt.app.demo import REGISTER
from quotawatt.app.main import app
from quotawatt.app.system import open_system
from quotawatt.readings import Grain
from quotawatt.settings import load_settings
from quotawatt.spans import year_span
from simulators.cast import DIALECTS
from simulators.demo import demo_world

# A year learnt, scored and judged on two cores takes minutes, and more where they are shared.
pytestmark = [pytest.mark.slow, pytest.mark.timeout(1200)]

QUOTAWATT = [sys.executable, "-m", "quotawatt.app.main"]


@dataclass(frozen=True)
class Finished:
    """A demo that ran with --once, and the home folder that it left."""

    home: Path
    output: str


def run(*arguments: str, **more: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*QUOTAWATT, *arguments], capture_output=True, text=True, timeout=900, **more
    )


def ask(*arguments: str) -> str:
    """What a command answers, without a process of its own."""
    done = CliRunner().invoke(app, list(arguments))
    assert done.exit_code == 0, done.output
    return done.stdout


def rows(*arguments: str) -> list[dict]:
    return [json.loads(line) for line in ask(*arguments, "--json").splitlines()]


def ports() -> list[str]:
    return ["--mqtt-port", str(free_port()), "--port", str(free_port())]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Finished:
    home = tmp_path_factory.mktemp("demo")
    done = run("demo", "--once", "--lang", "en", "--home", str(home), *ports())
    assert done.returncode == 0, done.stderr
    return Finished(home, done.stdout)


def test_the_table_says_who_is_over_under_which_clause(demo: Finished) -> None:
    assert re.search(r"DRC Office\b.*over constraint\s+12\d\.\d %", demo.output)
    assert re.search(r"Civic Centre\b.*over constraint\s+11\d\.\d %", demo.output)
    assert "DB37/T 2672-2019" in demo.output
    assert "(secondary)" in demo.output
    for rule in ("Yearly quota used up", "Meter silent", "Electricity above what is expected"):
        assert rule in demo.output
    readings = re.search(r"([\d,]+) readings in", demo.output)
    assert readings
    assert int(readings[1].replace(",", "")) >= 800_000


def test_yearly_use_of_every_meter_is_the_simulated_truth(demo: Finished) -> None:
    year = year_span(2023, ZoneInfo("Asia/Shanghai"))
    truths = demo_world().truth()
    assert len(truths) >= 25
    system = open_system(load_settings(home=demo.home), lambda: year.end)
    try:
        names = sorted({truth.quantity for truth in truths})
        totals = system.series.sum_results(Grain.HOUR, None, names, year).to_pylist()
    finally:
        system.close()
    found = {(row["subject"], row["measure"]): row["value"] for row in totals}
    for truth in truths:
        # A plug sends a moment after the hour, so that its last reading is not in at midnight.
        last_hour = 3.0 if DIALECTS.get(truth.asset) else 0.0
        expected = pytest.approx(truth.metered, rel=1e-9, abs=1e-6 + last_hour)
        assert found[truth.asset, truth.quantity] == expected, truth.asset


def test_labelled_faults_are_found(demo: Finished) -> None:
    alerts = rows("alerts", "list", "--home", str(demo.home))
    silent = {a["asset"] for a in alerts if a["rule"] == "meter-silent"}
    assert silent == {"MTR-EDU-1-E-C"}
    running = {a["asset"] for a in alerts if a["rule"] == "use-above-expected"}
    assert "BLD-ARCHIVE" in running
    found = rows("findings", "--home", str(demo.home))
    codes = {(f["code"], f["subject"].split("/")[0]) for f in found}
    out_of_the_ordinary = {one for one in codes if one[0].startswith("anomaly_")}
    assert out_of_the_ordinary == {("anomaly_night_running", "MTR-ARCHIVE-E-B")}
    assert ("counter_reset", "MTR-DRC-2-E-A") in codes
    assert ("counter_glitch", "MTR-EDU-1-E") in codes


def test_every_alert_cites_a_clause(demo: Finished) -> None:
    alerts = rows("alerts", "list", "--home", str(demo.home))
    assert len(alerts) >= 10
    for alert in alerts:
        assert alert["clause"]["text"]["zh"]
        assert alert["clause"]["trust"] in ("source", "secondary", "unverified", "invented")


def test_the_ledger_holds(demo: Finished) -> None:
    assert "台账完整，共" in ask("ledger", "verify", "--home", str(demo.home))


def test_acknowledging_is_kept(demo: Finished) -> None:
    first = rows("alerts", "list", "--home", str(demo.home))[0]
    ask("alerts", "ack", str(first["id"]), "--comment", "seen", "--home", str(demo.home))
    again = {a["id"]: a for a in rows("alerts", "list", "--home", str(demo.home))}
    assert again[first["id"]]["acknowledged_by"]


def test_a_busy_port_is_named(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = run("demo", "--once", "--home", str(tmp_path), "--mqtt-port", str(port))
    assert done.returncode == 1
    assert f"127.0.0.1:{port}" in done.stderr
    assert "QUOTAWATT_MQTT_PORT" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_unwritable_home_is_named(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    done = run("demo", "--once", "--home", str(blocked / "home"), *ports())
    assert done.returncode == 1
    assert f"the home folder must be writable, got {blocked / 'home'}" in done.stderr


def test_a_busy_port_leaves_the_last_demo_as_it_is(demo: Finished) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = run("demo", "--once", "--home", str(demo.home), "--mqtt-port", port)
    assert done.returncode == 1
    assert rows("quota", "--home", str(demo.home))


def test_two_demos_do_not_share_a_home(demo: Finished) -> None:
    with (demo.home / "demo").open() as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        done = run("demo", "--once", "--home", str(demo.home), *ports())
    assert done.returncode == 1
    assert "must hold one demo at a time" in done.stderr
    assert rows("quota", "--home", str(demo.home))


def test_stores_of_another_system_are_not_emptied(tmp_path: Path) -> None:
    ask("register", "import", str(REGISTER), "--home", str(tmp_path))
    done = run("demo", "--once", "--home", str(tmp_path), *ports())
    assert done.returncode == 1
    assert "without another system's stores" in done.stderr
    assert (tmp_path / "records.sqlite").exists()

"""Running roles as a process: how it starts and ends."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.servers import free_port

LIMIT_S = 120.0


@pytest.mark.parametrize("asked", [signal.SIGTERM, signal.SIGINT])
def test_who_is_told_to_end_while_starting_ends_well(tmp_path: Path, asked: signal.Signals) -> None:
    home = tmp_path / "home"
    process = subprocess.Popen(
        [sys.executable, "-m", "quotawatt.app.main", "serve", "--role", "collect"],
        env=os.environ | {"QUOTAWATT_HOME": str(home), "QUOTAWATT_MQTT_PORT": str(free_port())},
        stderr=subprocess.PIPE,
        text=True,
    )
    deadline = time.monotonic() + LIMIT_S
    while not (home / "records.sqlite").exists():
        assert time.monotonic() < deadline, "the record store must be opened"
        time.sleep(0.001)
    process.send_signal(asked)
    _, said = process.communicate(timeout=LIMIT_S)
    assert process.returncode == 0, said
    assert "ERROR" not in said
    assert "Traceback" not in said

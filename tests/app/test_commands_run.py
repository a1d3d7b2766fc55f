"""Running roles as a process: how it starts and ends."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import Engine

from quotawatt.access.principal import Grant
from quotawatt.access.roles import Role
from quotawatt.app.commands_run import where_to_go
from quotawatt.settings import Settings
from tests.quotawatt.access.people import add_user
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


def test_the_token_is_named_until_there_is_a_security_administrator(
    tmp_path: Path, records: Engine
) -> None:
    settings = Settings(home=tmp_path)
    assert "token: QUOTAWATT_API_TOKEN" in where_to_go(settings, 8080, records)
    kept = tmp_path / "api-token"
    kept.write_text("t")
    add_user(records, "sys", Grant(Role.SYSTEM_ADMIN))
    assert f":8080/  token: {kept}" in where_to_go(settings, 8080, records)
    add_user(records, "sec", Grant(Role.SECURITY_ADMIN))
    said = where_to_go(settings, 8080, records)
    assert "token" not in said.replace(str(tmp_path), "")
    assert "sign in with an account" in said

"""The throw-away servers are what the tests that use them take them for."""

from pathlib import Path

import httpx
import paho.mqtt.client as mqtt
import psycopg
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from tests import servers
from tests.conftest import InfluxDatabase
from tests.servers import Server


@pytest.mark.broker
def test_a_broker_lets_anybody_in(mosquitto: Server) -> None:
    client = mqtt.Client(CallbackAPIVersion.VERSION2)
    assert client.connect(mosquitto.host, mosquitto.port) == mqtt.MQTT_ERR_SUCCESS
    client.disconnect()


@pytest.mark.influx
def test_a_fresh_influx_database_is_empty(influxdb: InfluxDatabase) -> None:
    query = {"q": "SHOW MEASUREMENTS", "db": influxdb.name}
    reply = httpx.get(f"{influxdb.url}/query", params=query, trust_env=False)
    assert reply.json() == {"results": [{"statement_id": 0}]}


@pytest.mark.postgres
def test_a_fresh_postgres_database_takes_a_table(postgres: str) -> None:
    with psycopg.connect(postgres.replace("+psycopg", "")) as connection:
        connection.execute("CREATE TABLE t (n INTEGER)")
        assert connection.execute("SELECT count(*) FROM t").fetchone() == (0,)


def test_a_missing_program_fails_with_the_command_that_installs_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("tests.servers.shutil.which", lambda *_args, **_kwargs: None)
    with (
        pytest.raises(pytest.fail.Exception, match=f"^{servers.INSTALL}$"),
        servers.run_mosquitto(tmp_path),
    ):
        pass

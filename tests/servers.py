"""Real servers for tests: mosquitto, InfluxDB 1.x, PostgreSQL, VictoriaMetrics.

Each ``run_...`` is a context manager that starts a throw-away server on 127.0.0.1 at a free port, in a
folder of its own, waits until it answers, and ends it by its process id. ``tests/conftest.py`` makes
session fixtures of them; a test that has to kill or restart a server uses the context manager itself.
"""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import psycopg
import pytest

INSTALL = "apt-get install -y mosquitto influxdb postgresql chromium"
INSTALL_VICTORIA_METRICS = "apt-get install -y victoria-metrics"
HOST = "127.0.0.1"
START_LIMIT_S = 60.0
STOP_LIMIT_S = 20.0


@dataclass(frozen=True, slots=True)
class Server:
    """A running server: where it listens, its process, and the folder that holds its data and log."""

    host: str
    port: int
    process: subprocess.Popen[bytes]
    folder: Path

    @property
    def http_url(self) -> str:
        """Address of a server that speaks HTTP."""
        return f"http://{self.host}:{self.port}"


def free_port() -> int:
    """A TCP port of 127.0.0.1 that nothing listens on at the moment."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


@contextmanager
def run_mosquitto(
    folder: Path, port: int | None = None, extra_config: str = ""
) -> Iterator[Server]:
    """A broker that lets everybody in and keeps every queued message.

    The same folder and port bring an earlier broker's sessions back. It writes them out each second.
    ``extra_config`` are further lines: those of its listener first.
    """
    port = port or free_port()
    folder.mkdir(parents=True, exist_ok=True)
    config = folder / "mosquitto.conf"
    config.write_text(
        f"listener {port} {HOST}\n"
        f"{extra_config}"
        + ("" if "allow_anonymous" in extra_config else "allow_anonymous true\n")
        + "persistence true\n"
        f"persistence_location {folder}/\n"
        "autosave_interval 1\n"
        "max_queued_messages 0\n" + ("user root\n" if os.geteuid() == 0 else ""),
        # Started by root it would become the user ``mosquitto``, who cannot enter the folder.
        encoding="utf-8",
    )
    command = [_binary("mosquitto"), "-c", str(config)]
    with _running(command, folder, port, lambda: _accepts(port)) as server:
        yield server


@contextmanager
def run_influxdb(
    folder: Path, port: int | None = None, signed_in: bool = False
) -> Iterator[Server]:
    """InfluxDB 1.x, without authentication unless ``signed_in``: then it has no user yet.

    The same folder brings what was written before back.
    """
    port = port or free_port()
    folder.mkdir(parents=True, exist_ok=True)
    config = folder / "influxdb.conf"
    config.write_text(
        "reporting-disabled = true\n"
        f'bind-address = "{HOST}:0"\n'
        f'[meta]\ndir = "{folder}/meta"\n'
        f'[data]\ndir = "{folder}/data"\nwal-dir = "{folder}/wal"\nquery-log-enabled = false\n'
        f'[http]\nbind-address = "{HOST}:{port}"\nlog-enabled = false\n'
        f"auth-enabled = {str(signed_in).lower()}\n"
        "[monitor]\nstore-enabled = false\n",
        encoding="utf-8",
    )
    command = [_binary("influxd"), "run", "-config", str(config)]
    with _running(command, folder, port, lambda: _answers(f"http://{HOST}:{port}/ping")) as server:
        yield server


@contextmanager
def run_victoria_metrics(folder: Path, port: int | None = None) -> Iterator[Server]:
    """VictoriaMetrics: it takes InfluxDB v2 writes, and keeps of them what is a number."""
    port = port or free_port()
    folder.mkdir(parents=True, exist_ok=True)
    command = [
        _binary("victoria-metrics", INSTALL_VICTORIA_METRICS),
        f"-storageDataPath={folder}/data",
        f"-httpListenAddr={HOST}:{port}",
        "-retentionPeriod=100y",
        "-memory.allowedPercent=10",
    ]
    ready = lambda: _answers(f"http://{HOST}:{port}/health")  # noqa: E731
    with _running(command, folder, port, ready) as server:
        yield server


@contextmanager
def run_postgres() -> Iterator[Server]:
    """A PostgreSQL cluster whose superuser ``postgres`` needs no password.

    Neither ``initdb`` nor the server runs as root: then both become the user ``postgres``, whose own
    folder this is, since the temporary folders of pytest are closed to other users.
    """
    port = free_port()
    owner = "postgres" if os.geteuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix="quotawatt-postgres-"))
    try:
        if owner:
            shutil.chown(folder, owner, owner)
        data = folder / "data"
        _initdb(data, owner)
        command = [_postgres_binary("postgres"), "-D", str(data), "-h", HOST, "-p", str(port)]
        command += ["-k", str(folder), "-F"]
        ready = lambda: _takes_sql(port)  # noqa: E731
        with _running(command, folder, port, ready, owner, stop=signal.SIGINT) as server:
            yield server
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def postgres_url(server: Server, database: str) -> str:
    """SQLAlchemy address of a database of ``server``."""
    return f"postgresql+psycopg://postgres@{server.host}:{server.port}/{database}"


def create_postgres_database(server: Server, database: str) -> str:
    """Create an empty database and return its SQLAlchemy address."""
    with psycopg.connect(_dsn(server.port), autocommit=True) as connection:
        connection.execute(psycopg.sql.SQL("CREATE DATABASE {}").format(_identifier(database)))
    return postgres_url(server, database)


def drop_postgres_database(server: Server, database: str) -> None:
    """Drop a database, whoever is still connected to it."""
    statement = psycopg.sql.SQL("DROP DATABASE {} WITH (FORCE)").format(_identifier(database))
    with psycopg.connect(_dsn(server.port), autocommit=True) as connection:
        connection.execute(statement)


def _initdb(data: Path, owner: str | None) -> None:
    command = [_postgres_binary("initdb"), "-D", str(data), "-U", "postgres", "-A", "trust"]
    command += ["-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
    done = subprocess.run(
        command, capture_output=True, text=True, cwd=data.parent, user=owner, group=owner
    )
    if done.returncode != 0:
        pytest.fail(f"initdb ended with status {done.returncode}:\n{done.stderr}")


def _binary(name: str, install: str = INSTALL) -> str:
    """Path of a server's program. Debian keeps some where ordinary users don't look."""
    path = shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/local/sbin:/usr/sbin:/sbin")
    if path is None:
        pytest.fail(install, pytrace=False)
    return path


def _postgres_binary(name: str) -> str:
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    return str(found[-1]) if found else _binary(name)


@contextmanager
def _running(
    command: Sequence[str],
    folder: Path,
    port: int,
    ready: Callable[[], bool],
    owner: str | None = None,
    stop: signal.Signals = signal.SIGTERM,
) -> Iterator[Server]:
    log = folder / "log.txt"
    with log.open("ab") as output:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd=folder,
            env=_environment(),
            user=owner,
            group=owner,
        )
    try:
        _wait_until(ready, process, log)
        yield Server(HOST, port, process, folder)
    finally:
        _stop(process, stop)


def _environment() -> Mapping[str, str]:
    return {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8", "TZ": "UTC"}


def _wait_until(ready: Callable[[], bool], process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_LIMIT_S
    while not ready():
        if process.poll() is not None or time.monotonic() > deadline:
            pytest.fail(
                f"{process.args!r} did not start:\n{log.read_text(errors='replace')[-2000:]}"
            )
        time.sleep(0.05)


def _stop(process: subprocess.Popen[bytes], stop: signal.Signals) -> None:
    if process.poll() is None:
        process.send_signal(stop)
    try:
        process.wait(STOP_LIMIT_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _accepts(port: int) -> bool:
    try:
        with socket.create_connection((HOST, port), timeout=1):
            return True
    except OSError:
        return False


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=1, trust_env=False).is_success
    except httpx.HTTPError:
        return False


def _takes_sql(port: int) -> bool:
    try:
        with psycopg.connect(_dsn(port), connect_timeout=1):
            return True
    except psycopg.OperationalError:
        return False


def _dsn(port: int) -> str:
    return f"host={HOST} port={port} user=postgres dbname=postgres"


def _identifier(name: str) -> psycopg.sql.Identifier:
    return psycopg.sql.Identifier(name)

"""A served system whose alerts are measured from outside: its home, its process, publisher and receivers.

One process with all roles, as ``quotawatt serve`` starts it, over DuckDB and SQLite; a rule over readings
that waits for nothing, and a route that tells of it as the benchmark wants. Publisher and receivers are
processes of their own.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from threading import Event, Thread
from typing import Any

import httpx
import psutil

from benchmarks.alerts_estate import meter
from benchmarks.alerts_publisher import LIMIT_KW, QUANTITY, Plan
from benchmarks.alerts_receivers import EMAIL, HOST, SECRET, WEBHOOK
from benchmarks.collectors_rig import TOPIC, environment, until
from benchmarks.ports import free_port
from quotawatt.access.passwords import Passwords
from quotawatt.access.principal import Principal
from quotawatt.access.users import Users
from quotawatt.clock import system_clock
from quotawatt.errors import StateError
from quotawatt.register.model import Register
from quotawatt.register.repository import save_register
from quotawatt.settings import Settings, load_settings
from quotawatt.storage.records import open_records
from tests.servers import Server

RULE, ROUTE = "benchmark-power", "benchmark"
_STOP_LIMIT_S = 120.0
_SAMPLE_S = 0.2
_SETTER = Principal("cli:benchmark", unrestricted=True)

_PACK = f"""\
rules:
  - id: {RULE}
    title: {{zh: 功率过高, en: Power too high}}
    cites: {{instrument: gbt12325-2008, clause: 220V单相}}
    from: readings
    input: {QUANTITY}
    above: {LIMIT_KW:g}
    for: 0m
    severity: warning
    advice: {{zh: 查明原因。, en: Find out why.}}
routes:
  - id: {ROUTE}
    title: {{zh: 测量, en: Measured}}
    match: {{rules: [{RULE}]}}
    to: [%(to)s]
    digest_every: %(digest_every)s
"""

_CHANNELS = """\
channels:
  webhook: {kind: webhook, url: "http://%(host)s:%(webhook)s/hook", secret_file: secret}
  mail:
    kind: email
    host: %(host)s
    port: %(email)s
    security: none
    sender: quotawatt@example.org
"""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A message as its receiver noted it: see ``benchmarks.alerts_receivers``."""

    channel: str
    key: str
    at_s: float
    good: bool
    meters: Sequence[str]


class Receivers:
    """Webhook and mail server in a process of their own."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "arrivals.jsonl"
        self._file.touch()
        command = [sys.executable, "-m", "benchmarks.alerts_receivers", str(self._file)]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self._process.stdout is not None
        self.ports: Mapping[str, int] = json.loads(self._process.stdout.readline())

    def arrivals(self) -> list[Arrival]:
        """What has come by now, in order of its coming."""
        lines = self._file.read_text(encoding="utf-8").split("\n")[:-1]
        return [Arrival(**json.loads(line)) for line in lines]

    def stop(self) -> None:
        """Let it end."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(_STOP_LIMIT_S)


@contextmanager
def receiving(folder: Path) -> Iterator[Receivers]:
    """Receivers that run until the body ends."""
    receivers = Receivers(folder)
    try:
        yield receivers
    finally:
        receivers.stop()


def prepare(
    folder: Path, broker: Server, ports: Mapping[str, int], to: Sequence[str], digest_every: str
) -> Settings:
    """Pack, channels file and settings of a system. ``to`` and ``digest_every`` are those of its route."""
    packs, channels = folder / "packs", folder / "channels.yaml"
    packs.mkdir(parents=True)
    quoted = ", ".join(f'"{name}"' for name in to)
    pack = _PACK % {"to": quoted, "digest_every": digest_every}
    (packs / "benchmark.yaml").write_text(pack, encoding="utf-8")
    (folder / "secret").write_text(SECRET, encoding="utf-8")
    given = {"host": HOST, "webhook": ports[WEBHOOK], "email": ports[EMAIL]}
    channels.write_text(_CHANNELS % given, encoding="utf-8")
    return load_settings(
        home=folder / "home",
        packs=(packs,),
        channels_file=channels,
        mqtt_host=broker.host,
        mqtt_port=broker.port,
        mqtt_topics=(TOPIC,),
        api_port=free_port(),
    )


def fill(settings: Settings, register: Register) -> None:
    """Write the register, and an account for each of its duties."""
    settings.home.mkdir(parents=True, exist_ok=True)
    engine = open_records(settings.records_url, settings.home)
    try:
        save_register(engine, register, "benchmark", system_clock())
        users = Users(engine, Passwords())
        for duty in register.duties:
            users.add(_SETTER, duty.account, duty.name_zh, None, system_clock())
    finally:
        engine.dispose()


class Served:
    """``quotawatt serve`` that runs, and the most memory that it was seen with."""

    def __init__(self, settings: Settings, process: "subprocess.Popen[bytes]", log: Path) -> None:
        self._url = f"http://{HOST}:{settings.api_port}/api/v1/health"
        self._process, self._log = process, log
        self._watched = psutil.Process(process.pid)
        self._over = Event()
        self._sampler = Thread(target=self._sample, daemon=True)
        self.peak_mb = 0.0

    def wait_until_ready(self) -> None:
        """Wait until it answers. Raises StateError where it does not within minutes."""
        until(self._answers, "a served system must answer", _STOP_LIMIT_S)
        self._sampler.start()

    def cpu_s(self) -> float:
        """Processor seconds that it has used."""
        times = self._watched.cpu_times()
        return float(times.user + times.system)

    def stop(self) -> None:
        """Let it finish what it has. Raises StateError where it ends otherwise than well."""
        self._over.set()
        self._process.terminate()
        code = self._process.wait(_STOP_LIMIT_S)
        if code != 0:
            raise self._ended(code)

    def _ended(self, code: int) -> StateError:
        shown = self._log.read_text(errors="replace")[-2000:]
        return StateError(f"a served system must end with status 0, got {code}:\n{shown}")

    def _answers(self) -> bool:
        code = self._process.poll()
        if code is not None:
            raise self._ended(code)
        try:
            return httpx.get(self._url, timeout=1, trust_env=False).is_success
        except httpx.HTTPError:
            return False

    def _sample(self) -> None:
        while not self._over.wait(_SAMPLE_S):
            self.peak_mb = max(self.peak_mb, self._watched.memory_info().rss / 2**20)


@contextmanager
def serving(settings: Settings) -> Iterator[Served]:
    """All roles in one process until the body ends; what it logs is kept beside its home."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("QUOTAWATT_")}
    file = settings.home.parent / "serve.log"
    with file.open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "quotawatt.app.main", "serve"],
            env=kept | environment(settings),
            stdout=log,
            stderr=log,
            stdin=subprocess.DEVNULL,
        )
    try:
        served = Served(settings, process, file)
        served.wait_until_ready()
        yield served
        served.stop()
    finally:
        process.kill()
        process.wait()


@dataclass(frozen=True, slots=True)
class Published:
    """What a publisher did: the instant of each breach by meter (monotonic seconds; the first), and how long
    it took."""

    breaches: Mapping[str, float]
    seconds: float


def publish(folder: Path, broker: Server, plan: Plan) -> Published:
    """Publish a plan in a process of its own. Raises StateError where that fails."""
    file = folder / "published.jsonl"
    command = [sys.executable, "-m", "benchmarks.alerts_publisher", str(broker.port)]
    done = subprocess.run(
        [*command, json.dumps(asdict(plan)), str(file)], capture_output=True, text=True
    )
    if done.returncode != 0:
        raise StateError(f"a publisher must end with status 0, it says {done.stderr[-2000:]}")
    lines: list[dict[str, Any]] = [json.loads(line) for line in file.open(encoding="utf-8")]
    breaches = {meter(line["device"]): line["at_s"] for line in reversed(lines)}
    return Published(breaches, float(done.stdout))

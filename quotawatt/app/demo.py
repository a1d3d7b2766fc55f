"""The demo: a whole year of a small city through the whole system, then live.

Nothing is special about the running path: devices publish over MQTT, the collector writes, the
analyser and the alert evaluator take their turns. Only the clock is the demo's own, and the replay lets the
devices and the clock go forward together; while it does, commits to SQLite do not wait for the disk.
"""

import fcntl
import logging
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import simulators
from quotawatt.app.broker import require_free_port, start_broker
from quotawatt.app.client import require_not_served
from quotawatt.app.demo_clock import DemoClock
from quotawatt.app.demo_fleet import FleetOffice
from quotawatt.app.demo_records import hurried
from quotawatt.app.demo_replay import Replay
from quotawatt.app.home import DEMO_MARKER, keep_clock, prepare_home
from quotawatt.app.publisher import Published, PublisherProcess
from quotawatt.app.roles import Role, RunningRoles, health
from quotawatt.app.server import ApiServer
from quotawatt.app.system import System, open_system
from quotawatt.app.token import with_token
from quotawatt.errors import StateError
from quotawatt.money.book import ContractBook
from quotawatt.money.files import read_contracts_file
from quotawatt.readings import Reading
from quotawatt.register.csvfolder import read_csv_folder
from quotawatt.register.repository import save_register
from quotawatt.settings import Settings
from quotawatt.spans import year_span
from quotawatt.storage.intake import store_readings
from simulators.demo import DEFAULT_SEED, demo_world
from simulators.dispatching import demo_paper
from simulators.hand_readings import prior_year_readings

log = logging.getLogger(__name__)

YEAR = 2023
_LAG_LIMIT_S = 1e9
_OURS = ("series.duckdb*", "records.sqlite*", "alerts.log", "broker.toml", "demo-clock", "*.sock")
REGISTER = Path(simulators.__file__).parent / "demo_register"
CONTRACTS = Path(simulators.__file__).parent / "demo_contracts" / "contracts.csv"


@dataclass(frozen=True)
class Demo:
    """A running demo: the year is in, the roles and the API are up."""

    system: System
    clock: DemoClock
    ingest_clock: DemoClock
    publisher: PublisherProcess
    running: list[RunningRoles]
    api: ApiServer
    published: Published
    seconds: Mapping[str, float]

    @property
    def url(self) -> str:
        """Address of the console that logs in by itself."""
        settings = self.system.settings
        token = settings.api_token.get_secret_value()
        return f"http://{settings.api_host}:{self.api.port}/?token={token}"


@contextmanager
def clean_home(settings: Settings) -> Iterator[Path]:
    """An empty home for the demo, held against other demos while entered.

    What an earlier demo left is removed; StateError where another system's stores are in it, or where a
    demo or a system runs on it. Nothing is removed before that is known.
    """
    home = prepare_home(settings.home)
    marker = home / DEMO_MARKER
    stores = [p for pattern in _OURS[:2] for p in home.glob(pattern)]
    if stores and not marker.exists():
        raise StateError(
            f"the demo needs a home folder without another system's stores, got {home} "
            f"with {stores[0].name}; choose another by --home"
        )
    require_not_served(home, "a demo begins")
    with marker.open("w") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise StateError(f"a home folder must hold one demo at a time, got {home}") from None
        held.write("This home folder holds the demo; the next demo empties it.\n")
        held.flush()
        for pattern in _OURS:
            for path in home.glob(pattern):
                path.unlink()
        yield home


@contextmanager
def running_demo(settings: Settings) -> Iterator[Demo]:
    """Start everything, replay the year, and hand over the running demo; stop all at the end."""
    prepare_home(settings.home)
    require_free_port("127.0.0.1", settings.mqtt_port, "broker", "QUOTAWATT_MQTT_PORT")
    require_free_port(settings.api_host, settings.api_port, "API", "QUOTAWATT_API_PORT")
    zone = ZoneInfo(settings.timezone)
    span = year_span(YEAR, zone)
    clock, ingest_clock = DemoClock(span.start), DemoClock(span.start)
    began, seconds = (
        time.monotonic(),
        dict.fromkeys(("preparing", "waiting", "analysis", "vehicles", "anomalies", "alerts"), 0.0),
    )
    with ExitStack() as stack:
        home = stack.enter_context(clean_home(settings))
        # A demo's second lasts minutes or days: the age of a waiting message says nothing.
        settings = with_token(settings).model_copy(update={"lag_limit_s": _LAG_LIMIT_S})
        broker = start_broker(home, settings.mqtt_port, settings.payload_limit_bytes)
        stack.callback(broker.stop)
        system = open_system(settings, clock)
        stack.callback(system.close)
        # The collector's clock runs ahead: it takes the next week in while this one is analysed.
        roles = RunningRoles(system.with_clock(ingest_clock), {Role.COLLECT})
        running = [roles]
        api = ApiServer(system.app(lambda: health(running)), settings)
        api.start()
        stack.callback(api.stop)
        _import(system, span.start)
        fleet = FleetOffice(system.records, system.register, demo_paper(), zone)
        fleet.open(span.start)
        roles.start()
        stack.callback(roles.stop)
        publisher = PublisherProcess("127.0.0.1", settings.mqtt_port, DEFAULT_SEED)
        stack.callback(publisher.stop)
        assert roles.collector is not None
        seconds["preparing"] = time.monotonic() - began
        replay = Replay(system, clock, ingest_clock, publisher, roles.collector, fleet, seconds)
        with hurried(system.records):
            published = replay.run(span, settings.language)
        keep_clock(home, clock())
        yield Demo(system, clock, ingest_clock, publisher, running, api, published, seconds)


def go_live(demo: Demo, speed: float) -> RunningRoles:
    """Let the clock, the devices, the analyser and the alerts go on; the roles that now run."""
    demo.clock.run(speed)
    demo.publisher.live(speed)
    demo.ingest_clock.run(speed)
    roles = RunningRoles(demo.system, {Role.ANALYSE, Role.ALERT})
    roles.start()
    demo.running.append(roles)
    return roles


def _import(system: System, at: datetime) -> None:
    """Register, supply contracts, last year's readings by hand: what an institution has on its first day."""
    register = read_csv_folder(REGISTER)
    save_register(system.records, register, actor="demo", at=at)
    system.register.refresh()
    contracts = read_contracts_file(CONTRACTS.name, CONTRACTS.read_bytes(), system.rulebook)
    book = ContractBook(system.records, register, system.rulebook)
    book.add(contracts.drafts, actor="demo", at=at)
    by_hand = [
        Reading(f"asset:{r.asset}", "", r.quantity, r.time, r.value, arrived=at)
        for r in prior_year_readings(demo_world())
    ]
    store_readings(system.series, system.records, by_hand)

"""What the killed alert system watches: meters, a rule, routes, and which results are written when.

Everything follows from the number of a step, so that the truth can be told beside: step after step writes a
day's result of a few meters, most of which breach the rule; some are corrected later and never breached.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pyarrow as pa
from pydantic import SecretStr

from quotawatt.access.passwords import Passwords
from quotawatt.access.principal import Principal
from quotawatt.access.users import Users
from quotawatt.readings import RESULTS
from quotawatt.register.model import Building, Duty, Meter, Organisation, Register, Site
from quotawatt.register.repository import save_register
from quotawatt.settings import Settings
from quotawatt.storage.records import open_records

RULE = "killed-share"
MEASURE = "carbon_share_pct"
TOKEN = "a-token-of-the-benchmarks"
ACCOUNT = "officer"
LAST_STEP = 1000
CHANNELS = {"webhook": "channel:webhook", "log": "channel:log", "inbox": f"account:{ACCOUNT}"}
"""The channels that everything is told by, and to whom."""

BEGIN = datetime(2026, 11, 3, 2, tzinfo=UTC)  # a Tuesday, 10:00 at the sites
SPEED = 300
"""The system's clock runs so much faster: claims, pauses of channels and digests end within seconds."""

_SITES = 2
_PER_STEP = 3
_CORRECTED_EVERY, _CORRECTED_AFTER = 5, 10
_RESULT_OF = datetime(2026, 11, 1, 16, tzinfo=UTC)
_NORMAL, _BREACH, _GRAVE = 3.0, 130.0, 160.0
_PACK = f"""\
rules:
  - id: {RULE}
    title: {{zh: 份额超限, en: Share above the limit}}
    cites: {{instrument: conservation-regulation, clause: "17"}}
    input: {MEASURE}
    above: 100
    clear_below: 100
    levels:
      - {{severity: critical, above: 150, clear_below: 150}}
    for: 0
    severity: warning
    trust: unverified
    advice: {{zh: 查明原因, en: Find the cause}}
routes:
  - id: killed
    title: {{zh: 能源管理员, en: Officer}}
    match: {{rules: [{RULE}]}}
    to: [owner]
    by: [inbox]
    digest_every: 5m
    quiet: false
"""


@dataclass(frozen=True, slots=True)
class Place:
    """What a system that is killed is told: plain values, for it is another process.

    began_at_s
        Wall clock (Unix seconds) at which the system's clock stood at ``BEGIN``.
    """

    home: Path
    records_url: str
    api_port: int
    webhook_url: str
    began_at_s: float

    def clock_at(self, wall_s: float) -> datetime:
        """The system's clock when the wall clock shows ``wall_s``."""
        return BEGIN + timedelta(seconds=(wall_s - self.began_at_s) * SPEED)

    def settings(self) -> Settings:
        """How the system is set up; nothing of it comes from the environment's channels."""
        return Settings(
            home=self.home,
            packs=(self.home / "packs",),
            records_url=self.records_url,
            api_port=self.api_port,
            api_token=SecretStr(TOKEN),
            api_requests_per_minute=10_000_000,
            webhook_url=self.webhook_url,
            alert_every_s=0.2,
            duckdb_memory_mb=100,
        )


def prepare(place: Place) -> None:
    """Home folder, pack, register, and an account that owns the cases."""
    folder = place.home / "packs"
    folder.mkdir(parents=True)
    (folder / "killed.yaml").write_text(_PACK, encoding="utf-8")
    records = open_records(place.records_url, place.home)
    by = Principal("benchmark", unrestricted=True)
    Users(records, Passwords()).add(by, ACCOUNT, "Officer", None, BEGIN)
    save_register(records, _register(), "benchmark", BEGIN)
    records.dispose()


def results_of(step: int) -> pa.Table:
    """What a step writes, a table of schema RESULTS."""
    rows = [
        {
            "subject": meter,
            "measure": MEASURE,
            "start": _RESULT_OF,
            "value": value,
            "quality": "measured",
            "coverage": 1.0,
            "revision": 0,
            "withdrawn": False,
        }
        for meter, value in _values(step)
    ]
    return pa.Table.from_pylist(rows, schema=RESULTS)


def breaching_after(steps: int) -> set[str]:
    """The meters that breach the rule once so many steps are written."""
    values = {meter: value for step in range(steps) for meter, value in _values(step)}
    return {meter for meter, value in values.items() if value > _NORMAL}


def _values(step: int) -> Iterator[tuple[str, float]]:
    for number in range(step * _PER_STEP, (step + 1) * _PER_STEP):
        yield _meter(number), (_BREACH, _GRAVE, _NORMAL, _BREACH)[number % 4]
    if step >= _CORRECTED_AFTER and step % _CORRECTED_EVERY == 0:
        yield _meter((step - _CORRECTED_AFTER) * _PER_STEP), _NORMAL


def _meter(number: int) -> str:
    return f"MTR-{number:04}"


def _register() -> Register:
    sites = range(_SITES)
    return Register(
        organisations=[Organisation("ORG", "局", "Bureau", "party_government", "city")],
        sites=[
            Site(f"SITE-{n}", f"{n}号院", f"Yard {n}", "Asia/Shanghai", "shandong", "B")
            for n in sites
        ],
        buildings=[
            Building(f"BLD-{n}", f"{n}号楼", f"Block {n}", f"SITE-{n}", "ORG") for n in sites
        ],
        meters=[
            Meter(_meter(n), "表", "Meter", f"BLD-{n % _SITES}", "electricity")
            for n in range(LAST_STEP * _PER_STEP)
        ],
        duties=[Duty("ORG", "owner", "能源管理员", date(2020, 1, 1), account=ACCOUNT)],
    )

"""The world of the access matrix: what is within the subtree of ORG-2, what is outside, and who asks.

Whatever ends in ``-2`` is ORG-2's, whatever ends in ``-1`` is that of ORG-1 above it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from pydantic import SecretStr
from sqlalchemy import insert

from api.auth import COOKIE, CSRF_HEADER
from quotawatt.access.principal import Grant, TokenScope
from quotawatt.access.roles import PERMISSIONS, Permission, Role
from quotawatt.access.tokens import PERSONAL
from quotawatt.ledger import Ledger
from quotawatt.register.model import (
    BaseValue,
    Binding,
    Charger,
    Duty,
    Equipment,
    FormerValue,
    Geofence,
    PvPlant,
    Register,
    Site,
    Space,
    Vehicle,
    VirtualMeter,
)
from quotawatt.register.repository import RegisterSource, save_register
from quotawatt.settings import Settings
from quotawatt.storage.pool_tables import pool_offers, pool_requests
from quotawatt.storage.tables import findings
from tests.api.scene import NOW, REGISTER, TOKEN, Scene, add_alert, build_scene
from tests.quotawatt.access.people import HOLDER, add_ready_user, add_user

INSIDE, OUTSIDE = "ORG-2", "ORG-1"
IMPORT = "electricity_import_kwh"
LONG_AGO = datetime(2022, 1, 1, tzinfo=UTC)

WORLD = Register(
    organisations=list(REGISTER.organisations.values()),
    headcounts=REGISTER.headcounts,
    sites=[*REGISTER.sites.values(), Site("SITE-9", "外院", "Beyond", "UTC", "shandong", "B")],
    buildings=list(REGISTER.buildings.values()),
    spaces=[Space(f"SP-{n}", f"房间{n}", f"Room {n}", f"BLD-{n}", "office") for n in (1, 2)],
    equipment=[
        Equipment(f"EQ-{n}", f"冷机{n}", f"Chiller {n}", "chiller", f"ORG-{n}", f"BLD-{n}")
        for n in (1, 2)
    ],
    meters=list(REGISTER.meters.values()),
    virtual_meters=[
        VirtualMeter(f"VM-{n}", f"虚{n}", f"Rest {n}", f"BLD-{n}", IMPORT, f"0.5*MTR-{n}")
        for n in (1, 2)
    ],
    pv_plants=[PvPlant(f"PV-{n}", f"光伏{n}", f"Plant {n}", f"BLD-{n}", 10.0) for n in (1, 2)],
    chargers=[Charger(f"CH-{n}", f"桩{n}", f"Charger {n}", f"BLD-{n}", 7.0) for n in (1, 2)],
    vehicles=[
        Vehicle(f"CAR-{n}", f"车{n}", f"Car {n}", f"ORG-{n}", f"鲁A0000{n}", "car", "petrol")
        for n in (1, 2)
    ],
    geofences=[
        Geofence(
            *(f"LOT-{n}", f"停车场{n}", f"Car park {n}", f"ORG-{n}", "parking"),
            '{"type":"Point","coordinates":[117.02,36.66]}',
            radius_m=150.0,
        )
        for n in (1, 2)
    ],
    bindings=[Binding(f"dev-{n}", f"MTR-{n}", LONG_AGO) for n in (1, 2)],
    base_values=[
        BaseValue(f"BLD-{n}", "carbon_kgco2_per_m2", 2020, 50.0, "invented") for n in (1, 2)
    ],
    duties=[
        Duty(f"ORG-{n}", "owner", f"责任人{n}", date(2020, 1, 1), email=f"o{n}@example.org")
        for n in (1, 2)
    ],
    former_values=[FormerValue(f"BLD-{n}", "year_built", "1990", date(2020, 1, 1)) for n in (1, 2)],
)


@dataclass(frozen=True)
class Asker:
    """Somebody with a role, over the whole or over ORG-2, in a browser or with a token."""

    name: str
    role: Role
    over: str = ""
    token: str | None = None

    def may(self, permission: Permission) -> bool:
        """Whether the role has the permission, by the table of roles alone."""
        if self.token is not None and permission in PERSONAL:
            return False
        return permission is Permission.OWN or permission in PERMISSIONS[self.role]


class World:
    """The application over the world, with an account for each role over the whole and over ORG-2."""

    def __init__(self, home: Path) -> None:
        self.scene = _scene(home)
        self.gate = self.scene.app.state.gate
        # Somebody must remain whatever the others do.
        add_user(self.scene.records, "keeper", Grant(Role.SECURITY_ADMIN))
        for role in Role:
            for over in ("", INSIDE):
                add_ready_user(self.scene.records, _name(role, over), Grant(role, over))
        add_ready_user(self.scene.records, "nobody.else")
        add_ready_user(self.scene.records, "victim")
        self.askers = tuple(self._askers())
        self.closed = self._closed()

    def headers(self, asker: Asker) -> Mapping[str, str]:
        """What a request of theirs carries; a browser's session is opened anew for each."""
        if asker.token is not None:
            return {"Authorization": f"Bearer {asker.token}"}
        secret = self.session(asker.name)
        return {"Cookie": f"{COOKIE}={secret}", CSRF_HEADER: self.gate.csrf_token(secret)}

    def session(self, user: str, at: datetime | None = None) -> str:
        """A session of an account: what the browser keeps."""
        with self.scene.records.begin() as conn:
            opened: str = self.gate.sessions.open(conn, user, "", at or self.gate.clock())
        return opened

    def grant(self, over: str) -> int:
        """A grant that may be taken away, made anew."""
        listed = self.gate.grants.listed("nobody.else")
        for stored in listed:
            if stored.grant.organisation == over:
                return int(stored.id)
        grant = Grant(Role.VIEWER, over)
        return int(self.gate.grants.add(HOLDER, "nobody.else", grant, self.gate.clock()).id)

    def token(self, user: str) -> int:
        """A token of an account, made anew; its number."""
        return int(self._made(user)[0].id)

    def session_number(self, user: str) -> int:
        """A session of an account, opened anew; its number."""
        return int(self.gate.sessions.find(self.session(user), self.gate.clock()).id)

    def entry(self, subject: str) -> int:
        """Number of a ledger entry about an asset."""
        return next(e.seq for e in Ledger(self.scene.records).entries(1000) if e.subject == subject)

    def _made(self, user: str, days: int = 30, ago: int = 0, every: bool = False) -> Any:
        permissions = set(Permission) - PERSONAL if every else {Permission.RESULTS_READ}
        made_at = self.gate.clock() - timedelta(days=ago)
        number = len(self.gate.tokens.listed())
        return self.gate.tokens.make(
            HOLDER,
            user,
            f"t{number}",
            TokenScope(frozenset(permissions)),
            made_at + timedelta(days=days),
            made_at,
        )

    def _askers(self) -> Iterator[Asker]:
        for role in Role:
            # First who must not see it, then who makes what is outside.
            for over in (INSIDE, ""):
                yield Asker(_name(role, over), role, over)
            secret = self._made(_name(role, ""), every=True)[1]
            yield Asker(_name(role, ""), role, "", secret)

    def _closed(self) -> Mapping[str, Mapping[str, str]]:
        """Credentials that open nothing, by what is wrong with them."""
        users, at = self.gate.users, self.gate.clock()
        manager = _name(Role.MANAGER, "")
        add_ready_user(self.scene.records, "blocked", Grant(Role.MANAGER))
        blocked_session = self.session("blocked")
        blocked_token = self._made("blocked", every=True)[1]
        users.set_blocked(HOLDER, "blocked", True, at)
        revoked, revoked_secret = self._made(manager, every=True)
        self.gate.tokens.revoke(HOLDER, revoked.id, at)
        expired = self._made(manager, days=1, ago=2, every=True)[1]
        ended = self.session(manager, at - timedelta(days=2))
        bearer = {
            "wrong token": "qw_wrong",
            "expired token": expired,
            "revoked token": revoked_secret,
            "token of a blocked account": blocked_token,
            "the installation's token": TOKEN,
        }
        cookies = {"ended session": ended, "session of a blocked account": blocked_session}
        return {
            "nothing": {},
            **{name: {"Authorization": f"Bearer {secret}"} for name, secret in bearer.items()},
            **{
                name: {"Cookie": f"{COOKIE}={s}", CSRF_HEADER: self.gate.csrf_token(s)}
                for name, s in cookies.items()
            },
        }


def _name(role: Role, over: str) -> str:
    return f"{role.value}.{over or 'all'}".casefold()


def _scene(home: Path) -> Scene:
    sources: list[RegisterSource] = []
    settings = Settings(
        home=home,
        api_token=SecretStr(TOKEN),
        sign_in_failures_per_address=100_000,
        sign_in_failures_per_user=100_000,
        api_requests_per_minute=1_000_000,
    )
    scene = build_scene(
        home,
        WORLD,
        settings=settings,
        register_source=lambda: sources[0](),
        register_changed=lambda: sources[0].refresh(),
    )
    sources.append(RegisterSource(scene.records, check_every_s=0))
    save_register(scene.records, WORLD, "test", NOW)
    add_alert(scene, "meter-silent", "EQ-2", asset="MTR-2")
    _fill(scene)
    return scene


def _fill(scene: Scene) -> None:
    """Findings 2 (ORG-1) and 3 (ORG-2), offers and requests 1 and 2, ledger entries about MTR-1, MTR-2."""
    with scene.records.begin() as conn:
        for n in (1, 2):
            row = {
                "code": "meter_silent",
                "subject": f"MTR-{n}",
                "key": "k",
                "detail": {},
                "first_seen": NOW,
                "last_seen": NOW,
                "source": "register",
                "organisation": f"ORG-{n}",
            }
            conn.execute(insert(findings).values(row))
        for n in (1, 2):
            offer = {
                "asset": f"EQ-{n}",
                "open_asset": f"EQ-{n}",
                "holder": f"ORG-{n}",
                "term": "transfer",
                "location": "",
                "condition": "",
                "state": "offered",
                "offered_at": NOW,
                "offered_by": "test",
            }
            asked = {
                "offer": n,
                "organisation": f"ORG-{n}",
                "purpose": "",
                "state": "asked",
                "requested_at": NOW,
                "requested_by": "test",
            }
            conn.execute(insert(pool_offers).values(offer))
            conn.execute(insert(pool_requests).values(asked))
        for n in (1, 2):
            Ledger(scene.records).append(
                conn, at=NOW, actor="test", action="tried", subject=f"MTR-{n}", detail={}
            )

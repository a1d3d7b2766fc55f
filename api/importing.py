"""Importing a workbook for somebody: worked out first, then carried out as it was shown."""

from dataclasses import dataclass
from hashlib import sha256
from zoneinfo import ZoneInfo

from api.access import Permit
from api.import_reach import with_unreached
from api.register_reach import require_reach
from api.services import Services
from quotawatt.errors import StateError
from quotawatt.geography.geojson import Datum
from quotawatt.register.found import Found
from quotawatt.register.imports import import_register
from quotawatt.register.planning import Options, Plan, plan_import
from quotawatt.register.retired import read_retired
from quotawatt.register.uploads import read_upload


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that was handed in, under the name that it has with whoever did.

    ``datum``: of positions of which a file of GeoJSON says nothing itself.
    """

    name: str
    data: bytes
    datum: Datum = "wgs84"


@dataclass(frozen=True, slots=True)
class Wish:
    """What an upload is to do."""

    source: str
    found: Found
    options: Options


def wished(services: Services, permit: Permit, upload: Upload, options: Options) -> Wish:
    """Read an upload; what is out of reach and it therefore lacks is added to it."""
    read = read_upload(upload.name, upload.data, datum=upload.datum)
    found = with_unreached(read, services.register_source(), permit)
    return Wish(upload.name, found, options)


def worked_out(services: Services, permit: Permit, wish: Wish) -> Plan:
    """What an import would do. Raises NotFoundError where that touches what is out of reach."""
    zone = ZoneInfo(services.settings.timezone)
    with services.records.connect() as conn:
        retired = read_retired(conn)
    plan = plan_import(services.register_source(), wish.found, wish.options, zone, retired)
    _require_reach(permit, plan)
    return plan


def carried_out(services: Services, permit: Permit, wish: Wish, token: str) -> Plan:
    """Do what the plan of this token said.

    Raises RegisterError where something stands against the import, NotFoundError where it touches what is
    out of reach, and StateError where by now it would do something else.
    """

    def planned(plan: Plan) -> None:
        _require_reach(permit, plan)
        if plan.after is not None and plan_token(plan) != token:
            rule = "an import must do what its dry run showed (make another one)"
            raise StateError(f"{rule}, got {token!r} and a register that has changed since")

    zone = ZoneInfo(services.settings.timezone)
    done = import_register(
        services.records,
        wish.found,
        permit.actor,
        services.wall_clock(),
        zone,
        wish.options,
        source=wish.source,
        planned=planned,
        near=services.near,
    )
    services.register_changed()
    return done.plan


def plan_token(plan: Plan) -> str:
    """What tells a plan from others: everything that it would change, with what it was before."""
    told = repr([(kind, plan.difference[kind]) for kind in sorted(plan.difference)])
    return sha256(f"{told}\0{plan.kept!r}".encode()).hexdigest()[:32]


def _require_reach(permit: Permit, plan: Plan) -> None:
    if plan.after is not None:
        require_reach(permit, plan.stored, plan.after, plan.difference)

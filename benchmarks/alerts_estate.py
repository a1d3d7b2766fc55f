"""What a served system of the alerts' benchmarks has in its register: sites with meters, and their owners."""

from datetime import date, datetime

from quotawatt.register.model import (
    Binding,
    Building,
    Duty,
    Meter,
    Organisation,
    Register,
    Site,
)
from simulators.load import load_device


def meter(number: int) -> str:
    """The code of the meter that a device of the load is bound to."""
    return f"M{number}"


def estate(sites: int, meters: int, since: datetime) -> Register:
    """Meters in turn at sites of one organisation, building and owner each; owners have account and e-mail.

    ``since`` is when the meters were bound: before then their silence says nothing.
    """
    numbers = range(sites)
    of_old = date(2020, 1, 1)
    return Register(
        organisations=[
            Organisation(f"ORG-{n}", f"{n}局", f"Bureau {n}", "party_government", "city")
            for n in numbers
        ],
        sites=[
            Site(f"SITE-{n}", f"{n}号院", f"Yard {n}", "Asia/Shanghai", "shandong", "B")
            for n in numbers
        ],
        buildings=[
            Building(f"BLD-{n}", f"{n}号楼", f"Block {n}", f"SITE-{n}", f"ORG-{n}", 10_000.0)
            for n in numbers
        ],
        meters=[
            Meter(meter(n), f"表{n}", meter(n), f"BLD-{n % sites}", "electricity")
            for n in range(meters)
        ],
        bindings=[Binding(load_device(n), meter(n), since) for n in range(meters)],
        duties=[
            Duty(
                f"ORG-{n}",
                "owner",
                "能源管理员",
                of_old,
                account=f"officer{n}",
                email=f"officer{n}@example.org",
                language="en",
            )
            for n in numbers
        ],
    )

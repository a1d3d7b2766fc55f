"""The demo's paper on its vehicles, handed in week by week, by the import of a fleet office."""

import csv
import io
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Engine

from quotawatt.dispatch.carddrafting import CARD_FORM
from quotawatt.dispatch.cards import take_cards
from quotawatt.dispatch.checks import FORM
from quotawatt.dispatch.drivers import put_driver
from quotawatt.dispatch.duty import add_duty
from quotawatt.dispatch.files import order_csv, read_form
from quotawatt.dispatch.intake import take_orders
from quotawatt.dispatch.records import Driver, Seal, Service, ServiceKind
from quotawatt.dispatch.seals import add_seal
from quotawatt.dispatch.services import add_service
from quotawatt.fleet.cards import FuelCard
from quotawatt.hand.setting import Setting
from quotawatt.register.headings import headings
from quotawatt.register.model import Register
from quotawatt.spans import Span, local_midnight
from simulators.dispatching import DRIVERS, SOURCE, Paper

_ACTOR = "demo"
_ORDERS, _CARDS = "orders.csv", "cards.csv"


@dataclass(frozen=True)
class FleetOffice:
    """Hands in what was noted down; ``zone``: of the times in its files."""

    records: Engine
    register_source: Callable[[], Register]
    paper: Paper
    zone: ZoneInfo

    def open(self, at: datetime) -> None:
        """Write down who drives: what is there on the first day."""
        register = self.register_source()
        with self.records.begin() as conn:
            for vehicle, (code, name) in DRIVERS.items():
                owner = register.vehicles[vehicle]
                driver = Driver(code, name, owner.organisation, owner.driver_pool)
                put_driver(conn, driver, _ACTOR, at)

    def hand_in(self, week: Span) -> None:
        """Hand in what became known within a week; it is the week's end then."""
        zone, now = self.zone, week.end
        setting = Setting(self.register_source(), zone, now)
        with self.records.begin() as conn:
            self._files(conn, week, setting)
            for service in self.paper.services:
                if week.contains(local_midnight(service.day, zone)):
                    kind, day = ServiceKind.MAINTENANCE, service.day
                    done = Service(0, service.vehicle, day, kind, _ACTOR, now)
                    km, cny = service.odometer_km, service.cost_cny
                    add_service(conn, replace(done, odometer_km=km, cost_cny=cny))
            for seal in self.paper.seals:
                if week.contains(seal.at):
                    kept = Seal(0, seal.vehicle, seal.at, _ACTOR, seal.odometer_km)
                    add_seal(conn, kept, now)
            for duty in self.paper.duty:
                if week.contains(local_midnight(duty.first_day, zone)):
                    days = duty.first_day, duty.until
                    add_duty(conn, duty.vehicle, *days, duty.reason, _ACTOR, now)

    def _files(self, conn: Connection, week: Span, setting: Setting) -> None:
        due = (order for order in self.paper.orders if week.contains(order.end))
        orders = [{field.name: getattr(one, field.name) for field in fields(one)} for one in due]
        if orders:
            found = read_form(FORM, _ORDERS, order_csv(orders, "zh", self.zone))
            take_orders(conn, found, SOURCE, _ACTOR, setting)
        cards = [card for card in self.paper.cards if week.contains(card.time)]
        if cards:
            found = read_form(CARD_FORM, _CARDS, _card_csv(cards, self.zone))
            take_cards(conn, found, _ACTOR, setting, _CARDS)


def _card_csv(cards: Iterable[FuelCard], zone: ZoneInfo) -> bytes:
    """Rows of fuel cards as their provider's statement has them."""
    out = io.StringIO(newline="")
    names = headings(CARD_FORM)
    writer = csv.writer(out)
    writer.writerow([heading.title("zh") for heading in names.values()])
    for card in cards:
        row: Mapping[str, object] = asdict(card)
        time = f"{card.time.astimezone(zone):%Y-%m-%d %H:%M:%S}"
        writer.writerow([time if name == "time" else row[name] for name in names])
    return out.getvalue().encode("utf-8-sig")

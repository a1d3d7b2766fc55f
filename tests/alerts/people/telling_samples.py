"""What telling people stands on, for tests: one organisation, some sites, two channels, short routes."""

from datetime import time, timedelta
from zoneinfo import ZoneInfo

from alerts.channels.base import Address, ChannelKind, ChannelSpec
from alerts.people.accounts import Account
from alerts.people.telling import Telling
from quotawatt.register.kinds import Organisation, Site
from quotawatt.register.model import Register
from quotawatt.rulebook.basics import Text
from quotawatt.rulebook.loader import load_rulebook
from quotawatt.rulebook.model import Rulebook
from quotawatt.rulebook.routes import Limit, Quiet, Route

SHANGHAI = "Asia/Shanghai"
DAILY = Route(
    "warnings",
    Text("一般", "Warnings"),
    to=["owner"],
    digest_every=timedelta(days=1),
    quiet=Quiet(time(20), time(8)),
)
LIMITED = Route("limited", Text("限量", "Limited"), to=["owner"], limit=Limit(1, timedelta(days=1)))


def telling(sites: int = 3) -> Telling:
    """Sites ``S1``, ``S2``, ... in Shanghai; accounts li and wang; channels email and inbox."""
    shipped = load_rulebook()
    book = Rulebook(
        instruments=shipped.instruments,
        rules=shipped.rules,
        routes={route.id: route for route in (DAILY, LIMITED)},
        inhibitions=shipped.inhibitions,
    )
    return Telling(
        register=Register(
            organisations=[Organisation("ORG", "局", "Bureau", "office", "city")],
            sites=[
                Site(f"S{n}", f"{n}号院", f"Yard {n}", SHANGHAI, "shanghai", "x")
                for n in range(1, sites + 1)
            ],
        ),
        rulebook=book,
        users={name: Account(name, name.title()) for name in ("li", "wang")},
        channels={
            "email": ChannelSpec("email", ChannelKind.EMAIL, Address.EMAIL),
            "inbox": ChannelSpec("inbox", ChannelKind.INBOX, Address.ACCOUNT),
        },
        zone=ZoneInfo(SHANGHAI),
    )

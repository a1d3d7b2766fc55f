"""What the access matrix asks of the routes of commands."""

from sqlalchemy import insert

from alerts.cases.book import take_step
from alerts.cases.model import Act, Case, CaseEvent, CaseState
from quotawatt.storage.case_tables import device_commands
from tests.api.sample import INSIDE, Sample, World, listing, over
from tests.api.scene import NOW

_API = "/api/v1"
_ONE = f"{_API}/commands/{{made}}"
_made = iter(range(10_000))
_ASKED = {"command": "switch_off", "device": "dev-2"}
_WORDS = {"comment": "why"}


def _case(world: World, _: str, where: str) -> int:
    """A case of ORG-2's building or of ORG-1's, made anew."""
    n = 2 if where == INSIDE else 1
    draft = Case(
        id=0,
        rule=f"made-{next(_made)}",
        subject=f"BLD-{n}",
        asset=f"BLD-{n}",
        organisation=f"ORG-{n}",
        site="SITE-1",
        source="results",
        severity="warning",
        state=CaseState.OPEN,
        firing=True,
        began_at=NOW,
        opened_at=NOW,
        changed_at=NOW,
    )
    with world.scene.records.begin() as conn:
        return take_step(conn, draft, CaseEvent.OPENED, Act("test", NOW)).case.id


def made_command(world: World, user: str, where: str) -> int:
    """A command of such a case."""
    n = 2 if where == INSIDE else 1
    row = {
        "case": _case(world, user, where),
        "asset": f"MTR-{n}",
        "device": f"dev-{n}",
        "channel": "",
        "command": "switch_off",
        "state": "asked",
        "asked_at": NOW,
        "asked_by": "somebody",
        "answer": {},
        "error": "",
    }
    with world.scene.records.begin() as conn:
        made = conn.execute(insert(device_commands).returning(device_commands.c.id), row)
        return int(made.scalar_one())


def _acted(what: str) -> Sample:
    return over(
        f"{_ONE}/{what}", f"{_ONE}/{what}", make=made_command, body=_WORDS, outside_body=_WORDS
    )


_OFFERS, _ASK = f"{_API}/cases/{{made}}/offers", f"{_API}/cases/{{made}}/commands"
COMMAND_SAMPLES: dict[tuple[str, str], Sample] = {
    ("GET", f"{_API}/cases/{{case}}/offers"): over(_OFFERS, _OFFERS, make=_case),
    ("POST", f"{_API}/cases/{{case}}/commands"): over(
        _ASK, _ASK, make=_case, body=_ASKED, outside_body=_ASKED
    ),
    ("GET", f"{_API}/commands"): listing(f"{_API}/commands"),
    ("GET", f"{_API}/commands/{{number}}"): over(_ONE, _ONE, make=made_command),
    **{
        ("POST", f"{_API}/commands/{{number}}/{what}"): _acted(what)
        for what in ("confirm", "refuse", "withdraw", "undo")
    },
}

"""What the access matrix asks of the routes of silences."""

from datetime import timedelta
from typing import Any

from alerts.people.matching import Matchers
from alerts.people.silences import SilenceKind, add_silence, draft
from quotawatt.ledger import Ledger
from tests.api.sample import INSIDE, Sample, World, body_over, listing, over
from tests.api.scene import NOW

_SILENCES = "/api/v1/silences"
_ONE = f"{_SILENCES}/{{made}}"


def _silence(world: World, _: str, where: str) -> int:
    """A silence of ORG-2's meter or of ORG-1's, made anew."""
    asset = "MTR-2" if where == INSIDE else "MTR-1"
    end = NOW + timedelta(days=1)
    wanted = draft(SilenceKind.SILENCE, Matchers(assets=(asset,)), None, end, "t", "t", NOW)
    with world.scene.records.begin() as conn:
        return add_silence(conn, Ledger(world.scene.records), wanted).id


def _body(n: int) -> dict[str, Any]:
    matchers = {"assets": [f"MTR-{n}"], "organisations": [f"ORG-{n}"]}
    ends_at = (NOW + timedelta(days=1)).isoformat()
    return {"matchers": matchers, "ends_at": ends_at, "comment": "works"}


SILENCE_SAMPLES: dict[tuple[str, str], Sample] = {
    ("GET", _SILENCES): listing(_SILENCES),
    ("POST", _SILENCES): body_over(_SILENCES, _body(2), _body(1)),
    ("POST", f"{_SILENCES}/preview"): body_over(f"{_SILENCES}/preview", _body(2), _body(1)),
    ("GET", f"{_SILENCES}/{{number}}"): over(_ONE, _ONE, make=_silence),
    ("POST", f"{_SILENCES}/{{number}}/end"): over(f"{_ONE}/end", f"{_ONE}/end", make=_silence),
}

"""What the access matrix asks of the routes of message templates."""

from datetime import UTC, datetime

from tests.alerts.people.case_rows import add_cases
from tests.api.sample import INSIDE, Sample, World, over, shared

_TEMPLATES = "/api/v1/templates"
_AT = datetime(2023, 3, 1, tzinfo=UTC)
_made = iter(range(10_000))


def _case(world: World, _: str, where: str) -> int:
    """A case of ORG-2's meter or of ORG-1's, made anew, by a rule of its own."""
    asset = "MTR-2" if where == INSIDE else "MTR-1"
    row = {"rule": f"made-{next(_made)}", "subject": asset, "began_at": _AT}
    with world.scene.records.begin() as conn:
        (number,) = add_cases(conn, [row])
    return number


_PREVIEW = f"{_TEMPLATES}/preview?case={{made}}"
TEMPLATE_SAMPLES: dict[tuple[str, str], Sample] = {
    ("GET", _TEMPLATES): shared(_TEMPLATES),
    ("GET", f"{_TEMPLATES}/preview"): over(_PREVIEW, _PREVIEW, make=_case),
    ("GET", f"{_TEMPLATES}/{{name}}"): shared(f"{_TEMPLATES}/text.zh.j2"),
}

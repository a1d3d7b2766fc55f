"""What the access matrix asks of the pages of cases."""

from tests.api.case_samples import made_case
from tests.api.command_samples import made_command
from tests.api.sample import Sample, listing, over

_WORDS = {"comment": "tried"}


def _act(verb: str, form: dict[str, str]) -> tuple[tuple[str, str], Sample]:
    address = f"/cases/{{made}}/{verb}"
    return ("POST", f"/cases/{{number}}/{verb}"), over(address, address, make=made_case, form=form)


def _command(verb: str) -> tuple[tuple[str, str], Sample]:
    address = f"/commands/{{made}}/{verb}"
    sample = over(address, address, make=made_command, form=_WORDS)
    return ("POST", f"/commands/{{number}}/{verb}"), sample


CASE_PAGE_SAMPLES: dict[tuple[str, str], Sample] = dict(
    [
        (("GET", "/cases"), listing("/cases")),
        (("GET", "/cases/{number}"), over("/cases/{made}", "/cases/{made}", make=made_case)),
        *(_act(verb, _WORDS) for verb in ("acknowledge", "measure", "propose", "comment")),
        # Without a file it ends there for who may.
        _act("evidence", {}),
        _act("assign", {"other": "nobody"}),
        _act("due", {"due_on": "2099-12-31"}),
        *(_act(verb, _WORDS) for verb in ("send-back", "close", "reopen")),
        _act("explain", {"reason": "tried", "measures": "tried", "amount": "1"}),
        _act("commands", {"command": "switch_off", "device": "dev-2"}),
        *(_command(verb) for verb in ("confirm", "refuse", "withdraw", "undo")),
    ]
)

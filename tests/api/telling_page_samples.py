"""What the access matrix asks of the pages of inbox, silences, statistics of cases and delivery."""

from datetime import timedelta

from tests.api.notification_samples import NOTIFICATION_SAMPLES
from tests.api.sample import Sample, listing, nobodys, over, shared
from tests.api.scene import NOW
from tests.api.silence_samples import SILENCE_SAMPLES

_silence = SILENCE_SAMPLES["GET", "/api/v1/silences/{number}"].make
_others_message = NOTIFICATION_SAMPLES["POST", "/api/v1/inbox/{number}/read"].make
_given_up = NOTIFICATION_SAMPLES["POST", "/api/v1/outbox/{number}/retry"].make


def _form(n: int) -> dict[str, str]:
    ends_at = f"{NOW + timedelta(days=1):%Y-%m-%dT%H:%M}"
    return {"assets": f"MTR-{n}", "ends_at": ends_at, "comment": "tried"}


def _asked(address: str) -> Sample:
    return over(address, address, form=_form(2), outside_form=_form(1))


TELLING_PAGE_SAMPLES: dict[tuple[str, str], Sample] = {
    ("GET", "/inbox"): shared("/inbox"),
    ("POST", "/inbox/read"): shared("/inbox/read", form={"up_to": "1"}),
    # Others' messages are as if they were not there, for everybody.
    ("POST", "/inbox/{number}/read"): shared(
        "/inbox/{made}/read", form={}, make=_others_message, may_be_missing=True
    ),
    ("GET", "/silences"): listing("/silences"),
    ("GET", "/silences/new"): listing("/silences/new"),
    ("POST", "/silences"): _asked("/silences"),
    ("POST", "/silences/preview"): _asked("/silences/preview"),
    ("GET", "/silences/{number}"): over("/silences/{made}", "/silences/{made}", make=_silence),
    ("POST", "/silences/{number}/end"): over(
        "/silences/{made}/end", "/silences/{made}/end", form={}, make=_silence
    ),
    ("GET", "/cases/statistics"): listing("/cases/statistics"),
    ("GET", "/delivery"): nobodys("/delivery"),
    ("POST", "/delivery/channels/{name}/test"): nobodys(
        "/delivery/channels/log/test", form={}, may_be_missing=True
    ),
    ("POST", "/delivery/retry"): nobodys("/delivery/retry", form={"channel": "none"}),
    ("POST", "/delivery/messages/{number}/retry"): nobodys(
        "/delivery/messages/{made}/retry", form={}, make=_given_up
    ),
}

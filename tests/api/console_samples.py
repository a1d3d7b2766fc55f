"""What the access matrix asks of the console's pages; see ``access_samples``, which takes these in."""

from tests.api.anomaly_samples import ANOMALY_PAGE_SAMPLES
from tests.api.case_page_samples import CASE_PAGE_SAMPLES
from tests.api.fleet_page_samples import FLEET_PAGE_SAMPLES
from tests.api.overuse_samples import OVERUSE_PAGE_SAMPLES
from tests.api.quota_page_samples import QUOTA_PAGE_SAMPLES
from tests.api.sample import INSIDE, OUTSIDE, Sample, World, listing, nobodys, over, shared
from tests.api.telling_page_samples import TELLING_PAGE_SAMPLES

_NOTE = {"note": "tried"}


def _offer(verb: str, form: dict[str, str]) -> Sample:
    return over(f"/pool/offers/2/{verb}", f"/pool/offers/1/{verb}", form=form)


def _asked(verb: str) -> Sample:
    inside, outside = "/pool/offers/2/requests/2", "/pool/offers/1/requests/1"
    return over(f"{inside}/{verb}", f"{outside}/{verb}", form={"accept": ""})


def _entry(world: World, _: str, where: str) -> int:
    return world.entry("MTR-2" if where == INSIDE else "MTR-1")


CONSOLE_SAMPLES: dict[tuple[str, str], Sample] = {
    ("GET", "/"): listing("/"),
    ("GET", "/devices"): nobodys("/devices"),
    ("POST", "/devices/adopt"): nobodys(
        "/devices/adopt", form={"device": "stranger", "asset.0": "nowhere"}
    ),
    ("POST", "/devices/forget"): nobodys(
        "/devices/forget", form={"device": "never seen"}, may_be_missing=True
    ),
    ("POST", "/alerts/{alert_id}/acknowledge"): over(
        "/alerts/4/acknowledge", "/alerts/1/acknowledge", form={}
    ),
    # oneself
    ("GET", "/account"): shared("/account"),
    ("POST", "/account/password"): shared("/account/password", form={}),
    ("POST", "/account/tokens"): shared("/account/tokens", form={}),
    ("POST", "/account/tokens/{token_id}/revoke"): shared(
        "/account/tokens/{made}/revoke", form={}, make=lambda world, user, _: world.token(user)
    ),
    ("POST", "/account/sessions/{session_id}/end"): shared(
        "/account/sessions/{made}/end",
        form={},
        make=lambda world, user, _: world.session_number(user),
    ),
    ("POST", "/logout"): shared("/logout", form={}),
    **ANOMALY_PAGE_SAMPLES,
    **OVERUSE_PAGE_SAMPLES,
    **FLEET_PAGE_SAMPLES,
    # findings
    ("GET", "/findings"): listing("/findings"),
    ("POST", "/findings/check"): shared("/findings/check", form={}),
    ("POST", "/findings/{number}/accept"): over(
        "/findings/3/accept", "/findings/2/accept", form={"reason": "tried"}
    ),
    ("POST", "/findings/{number}/reopen"): over(
        "/findings/3/reopen", "/findings/2/reopen", form={}
    ),
    **CASE_PAGE_SAMPLES,
    # the pool, which is for all to see
    ("GET", "/pool"): shared("/pool"),
    ("GET", "/pool/candidates"): listing("/pool/candidates"),
    ("GET", "/pool/match"): shared("/pool/match"),
    ("POST", "/pool/match"): over(
        "/pool/match",
        "/pool/match",
        form={"organisation": INSIDE, "kind": "chiller"},
        outside_form={"organisation": OUTSIDE, "kind": "chiller"},
    ),
    ("POST", "/pool/offers"): over(
        "/pool/offers",
        "/pool/offers",
        form={"asset": "SP-2", "term": "transfer"},
        outside_form={"asset": "SP-1", "term": "transfer"},
    ),
    ("GET", "/pool/offers/{number}"): shared("/pool/offers/1"),
    ("POST", "/pool/offers/{number}/requests"): over(
        "/pool/offers/1/requests",
        "/pool/offers/1/requests",
        form={"organisation": INSIDE, "purpose": "tried"},
        outside_form={"organisation": OUTSIDE, "purpose": "tried"},
    ),
    **{
        ("POST", f"/pool/offers/{{number}}/{verb}"): _offer(verb, _NOTE)
        for verb in ("withdraw", "hand-over", "receive", "return")
    },
    **{
        ("POST", f"/pool/offers/{{number}}/requests/{{asked}}/{verb}"): _asked(verb)
        for verb in ("decide", "take-back")
    },
    ("GET", "/score"): listing("/score"),
    **QUOTA_PAGE_SAMPLES,
    **TELLING_PAGE_SAMPLES,
    # the rulebook and the ledger
    ("GET", "/rules/proposals"): shared("/rules/proposals"),
    ("GET", "/rules/proposals/{number}"): shared("/rules/proposals/1", may_be_missing=True),
    **{
        ("POST", f"/rules/proposals/{{number}}/{verb}"): nobodys(
            f"/rules/proposals/1/{verb}", form={"reason": "tried"}, may_be_missing=True
        )
        for verb in ("approve", "reject", "withdraw")
    },
    ("GET", "/ledger"): listing("/ledger?action=tried"),
    ("GET", "/ledger/{seq}"): over("/ledger/{made}", "/ledger/{made}", make=_entry),
    ("POST", "/ledger/verify"): shared("/ledger/verify", form={}),
    ("POST", "/ledger/export"): nobodys("/ledger/export", form={"action": "tried"}),
    ("GET", "/ledger/heads"): shared("/ledger/heads"),
    # accounts and roles
    ("GET", "/access"): listing("/access"),
    ("GET", "/access/users/{name}"): over("/access/users/viewer.org-2", "/access/users/viewer.all"),
    ("POST", "/access/users"): nobodys("/access/users", form={"name": "x"}),
    **{
        ("POST", f"/access/users/{{name}}/{verb}"): nobodys(
            f"/access/users/nobody.else/{verb}", form={"password": "short", "display_name": "某人"}
        )
        for verb in ("rename", "password")
    },
    ("POST", "/access/users/{name}/block"): nobodys("/access/users/victim/block", form={}),
    ("POST", "/access/users/{name}/grants"): over(
        "/access/users/nobody.else/grants",
        "/access/users/nobody.else/grants",
        form={"role": "viewer", "organisation": INSIDE, "tree": "region"},
        outside_form={"role": "viewer", "organisation": OUTSIDE, "tree": "region"},
    ),
    ("POST", "/access/grants/{grant_id}/remove"): over(
        "/access/grants/{made}/remove",
        "/access/grants/{made}/remove",
        form={},
        make=lambda world, _, where: world.grant(where),
    ),
    ("GET", "/access/tokens"): nobodys("/access/tokens"),
    ("POST", "/access/tokens/{token_id}/revoke"): nobodys(
        "/access/tokens/{made}/revoke",
        form={},
        make=lambda world, _, __: world.token("nobody.else"),
    ),
    ("GET", "/access/sessions"): nobodys("/access/sessions"),
    ("POST", "/access/sessions/{session_id}/end"): nobodys(
        "/access/sessions/{made}/end",
        form={},
        make=lambda world, _, __: world.session_number("nobody.else"),
    ),
}

"""What the access matrix asks of each route: a request within ORG-2, one outside it, and what differs.

A route that has no entry here fails the matrix. Add one: ``over`` for a route about one object, ``listing``
for a list, ``nobodys`` for what belongs to no organisation, ``shared`` for what is the same for all who may.
"""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from typing import Any

from api.register_keys import address_key
from quotawatt.hand import book
from quotawatt.hand.entries import Entry
from quotawatt.register.rows import CODED, KINDS, records_of
from tests.api.access_world import WORLD
from tests.api.anomaly_samples import ANOMALY_SAMPLES
from tests.api.baseline_samples import BASELINE_SAMPLES
from tests.api.budget_samples import BUDGET_SAMPLES
from tests.api.carbon_samples import CARBON_SAMPLES
from tests.api.case_samples import CASE_SAMPLES
from tests.api.command_samples import COMMAND_SAMPLES
from tests.api.console_samples import CONSOLE_SAMPLES
from tests.api.dispatch_samples import DISPATCH_SAMPLES
from tests.api.fleet_report_samples import FLEET_REPORT_SAMPLES
from tests.api.fleet_samples import FLEET_SAMPLES
from tests.api.forecast_samples import FORECAST_SAMPLES
from tests.api.money_samples import MONEY_SAMPLES
from tests.api.notification_samples import NOTIFICATION_SAMPLES
from tests.api.overuse_samples import OVERUSE_SAMPLES
from tests.api.return_samples import RETURN_SAMPLES
from tests.api.routing_samples import ROUTING_SAMPLES
from tests.api.sample import (
    INSIDE,
    OUTSIDE,
    Sample,
    World,
    body_over,
    listing,
    nobodys,
    over,
    shared,
)
from tests.api.savings_samples import SAVINGS_SAMPLES
from tests.api.silence_samples import SILENCE_SAMPLES
from tests.api.template_samples import TEMPLATE_SAMPLES

PUBLIC = {
    ("GET", "/api/v1/openapi.json"),
    ("HEAD", "/api/v1/openapi.json"),
    ("GET", "/api/v1/health"),
    ("GET", "/api/v1/public/publications"),
    ("GET", "/api/v1/public/publications/{number}"),
    ("GET", "/public"),
    ("GET", "/public/{number}"),
    ("GET", "/login"),
    ("POST", "/login"),
    ("GET", "/login/oidc"),
    ("GET", "/login/oidc/callback"),
}
"""Routes that ask for no permission: they are how somebody becomes known, or tell nothing of anybody."""


_QUOTA = "db37t2672-city-b-electricity"


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime) else value


def _new_record(kind: str, n: int) -> dict[str, Any]:
    """The body of a record that is not there yet, of ORG-1 or ORG-2."""
    model = _record(kind, n)
    row = {name: _plain(value) for name, value in asdict(model).items()}
    changed: dict[str, Any] = {"component": "visitors", "year": 2019, "valid_from": "2023-05-01"}
    row.update({name: value for name, value in changed.items() if name in row})
    if kind == "bindings":
        row |= {"device": f"new-{n}", "valid_from": "2023-05-01T00:00:00Z"}
    if kind == "former_values":
        row |= {"attribute": "gross_area_m2", "value": "7", "valid_until": "2021-01-01"}
    if kind == "duties":
        row["rank"] = 2
    if kind == "vehicles":
        row["plate"] = f"鲁B0000{n}"
    if kind in CODED:
        row["code"] = f"NEW-{kind}-{n}"
    if kind == "organisations":
        row["region_parent"] = f"ORG-{n}"
    return row


def _record(kind: str, n: int) -> Any:
    """The world's record of this kind that is ORG-1's or ORG-2's."""
    owners = ("code", "asset", "organisation")
    for record in records_of(WORLD)[kind]:
        own = next(getattr(record, name) for name in owners if hasattr(record, name))
        if own.endswith(f"-{n}"):
            return record
    raise KeyError(f"{kind} {n}")


def _key(kind: str, n: int) -> str:
    return address_key(kind, _record(kind, n))


def _register(kind: str) -> dict[tuple[str, str], Sample]:
    place = f"/api/v1/register/{kind}"
    one = f"{place}/{{key}}"
    if kind == "sites":
        return _sites(place, one)
    inside, outside = f"{place}/{_key(kind, 2)}", f"{place}/{_key(kind, 1)}"
    stale = {"If-Match": '"stale"'}
    whole = {name: _plain(value) for name, value in asdict(_record(kind, 2)).items()}
    whole_outside = {name: _plain(value) for name, value in asdict(_record(kind, 1)).items()}
    bodies: dict[str, Any] = {"body": whole, "outside_body": whole_outside}
    return {
        ("GET", place): listing(place),
        ("GET", one): over(inside, outside),
        ("POST", place): body_over(place, _new_record(kind, 2), _new_record(kind, 1)),
        ("PUT", one): over(inside, outside, headers=stale, **bodies),
        ("PATCH", one): over(inside, outside, headers=stale, body={}, outside_body={}),
        ("DELETE", one): over(inside, outside, headers=stale),
    }


def _sites(place: str, one: str) -> dict[tuple[str, str], Sample]:
    """A site is seen by whoever sees a building on it, and changed only over the whole."""
    stale = {"If-Match": '"stale"'}
    inside, outside = f"{place}/SITE-1", f"{place}/SITE-9"
    first = {name: _plain(value) for name, value in asdict(WORLD.sites["SITE-1"]).items()}
    ninth = {name: _plain(value) for name, value in asdict(WORLD.sites["SITE-9"]).items()}
    return {
        ("GET", place): shared(place),
        ("GET", one): over(inside, outside),
        ("POST", place): shared(place, body={**first, "code": "SITE-8"}, may_be_missing=True),
        ("PUT", one): over(inside, outside, headers=stale, body=first, outside_body=ninth),
        ("PATCH", one): over(inside, outside, headers=stale, body={}, outside_body={}),
        ("DELETE", one): over(inside, outside, headers=stale),
    }


def _confirmation(organisation: str) -> dict[str, Any]:
    """A confirmation of an item of the assessment."""
    item = {"scheme": "annual-targets", "item": "training", "share": 1, "evidence": "tried"}
    return {"organisation": organisation, "year": 2023, **item}


def _report(organisation: str) -> dict[str, Any]:
    """A report to be issued; of a period that never is over, so that nothing is."""
    return {"kind": "circular", "subject": organisation, "period": "2190-01"}


def _own_token(world: World, user: str, _: str) -> int:
    return world.token(user)


def _own_session(world: World, user: str, _: str) -> int:
    return world.session_number(user)


def _others_token(world: World, _: str, __: str) -> int:
    return world.token("nobody.else")


def _others_session(world: World, _: str, __: str) -> int:
    return world.session_number("nobody.else")


def _others_grant(world: World, _: str, where: str) -> int:
    return world.grant(where)


def _hand_entry(world: World, _: str, where: str) -> int:
    """A reading by hand of ORG-2's meter or of ORG-1's, made anew."""
    n = 2 if where == INSIDE else 1
    with world.scene.records.begin() as conn:
        start = datetime(2023, 3, 1, tzinfo=UTC) + timedelta(minutes=book.lock_book(conn))
        entry = Entry("reading", f"MTR-{n}", "electricity_import_kwh", start, start, value=1.0)
        return book.add_entry(conn, entry, entry.asset, "test", start).number


def _hand(n: int) -> dict[str, Any]:
    return {"kind": "reading", "asset": f"MTR-{n}", "time": "2023-04-01", "value": 7.0}


_SPAN = "from=2023-12-30&until=2023-12-31"
_DAY = {"from": "2023-06-01"}
_DRY = "?dry_run=true"
_NOTE = {"note": "tried"}
_ADOPT = {"device": "stranger", "channels": [{"asset": "MTR-2"}], "if_fed": "also"}
_SWAP = {
    "at": "2023-06-01T00:00:00Z",
    "device": "dev-x",
    "end_reading": 1.0,
    "start_reading": 0.0,
}


def _asset(verb: str, code: str, body: Mapping[str, Any]) -> Sample:
    place = "/api/v1/assets"
    return over(
        f"{place}/{code}-2/{verb}{_DRY}",
        f"{place}/{code}-1/{verb}{_DRY}",
        body=body,
        outside_body=body,
    )


def _offer(verb: str, body: Mapping[str, Any]) -> Sample:
    place = "/api/v1/pool/offers"
    return over(f"{place}/2/{verb}", f"{place}/1/{verb}", body=body, outside_body=body)


def _request(verb: str, body: Mapping[str, Any]) -> Sample:
    place = "/api/v1/pool/requests"
    return over(f"{place}/2/{verb}", f"{place}/1/{verb}", body=body, outside_body=body)


V1 = "/api/v1"
_HAND = f"{V1}/hand/entries/{{made}}"
SAMPLES: dict[tuple[str, str], Sample] = {
    # the register
    ("GET", f"{V1}/assets"): listing(f"{V1}/assets"),
    ("GET", f"{V1}/assets/{{code}}"): over(f"{V1}/assets/MTR-2", f"{V1}/assets/MTR-1"),
    ("GET", f"{V1}/assets/{{code}}/history"): over(
        f"{V1}/assets/BLD-2/history", f"{V1}/assets/BLD-1/history"
    ),
    ("POST", f"{V1}/assets/{{code}}/replace-meter"): _asset("replace-meter", "MTR", _SWAP),
    ("POST", f"{V1}/assets/{{code}}/move"): _asset("move", "SP", {"organisation": INSIDE, **_DAY}),
    ("POST", f"{V1}/assets/{{code}}/transfer"): _asset(
        "transfer", "CAR", {"organisation": INSIDE, **_DAY}
    ),
    ("POST", f"{V1}/assets/{{code}}/status"): _asset("status", "EQ", {"status": "idle", **_DAY}),
    ("POST", f"{V1}/assets/{{code}}/dispose"): _asset("dispose", "EQ", _DAY),
    # Without a file it ends there; what a file may touch is tested with the import.
    ("POST", f"{V1}/register/import"): shared(f"{V1}/register/import"),
    ("GET", f"{V1}/register/export.xlsx"): listing(f"{V1}/register/export.xlsx"),
    ("GET", f"{V1}/register/export.geojson"): listing(f"{V1}/register/export.geojson"),
    ("GET", f"{V1}/register/template.xlsx"): shared(f"{V1}/register/template.xlsx"),
    **{place: sample for kind in KINDS for place, sample in _register(kind).items()},
    # readings, results, accounts
    ("GET", f"{V1}/readings"): over(
        f"{V1}/readings?asset=MTR-2&quantity=electricity_import_kwh&{_SPAN}",
        f"{V1}/readings?asset=MTR-1&quantity=electricity_import_kwh&{_SPAN}",
    ),
    ("GET", f"{V1}/consumption"): over(
        f"{V1}/consumption?subject=BLD-2&measure=electricity_import_kwh&{_SPAN}",
        f"{V1}/consumption?subject=BLD-1&measure=electricity_import_kwh&{_SPAN}",
    ),
    **{
        ("GET", f"{V1}/consumption/{verb}"): over(
            f"{V1}/consumption/{verb}?subject=BLD-2&{_SPAN}",
            f"{V1}/consumption/{verb}?subject=BLD-1&{_SPAN}",
        )
        for verb in ("explain", "audit")
    },
    ("GET", f"{V1}/quota"): listing(f"{V1}/quota"),
    ("GET", f"{V1}/quota/{{asset}}"): over(f"{V1}/quota/BLD-2", f"{V1}/quota/BLD-1"),
    ("GET", f"{V1}/quota/{{asset}}/{{quota}}/unfold"): over(
        f"{V1}/quota/BLD-2/{_QUOTA}/unfold", f"{V1}/quota/BLD-1/{_QUOTA}/unfold"
    ),
    ("GET", f"{V1}/carbon"): listing(f"{V1}/carbon"),
    ("GET", f"{V1}/norms"): listing(f"{V1}/norms"),
    ("GET", f"{V1}/scores"): listing(f"{V1}/scores"),
    # assessment and reports
    ("GET", f"{V1}/assessment/rankings"): listing(f"{V1}/assessment/rankings?period=2023"),
    ("GET", f"{V1}/assessment/scores"): listing(f"{V1}/assessment/scores?year=2023"),
    ("GET", f"{V1}/assessment/confirmations"): listing(
        f"{V1}/assessment/confirmations?scheme=annual-targets"
    ),
    ("POST", f"{V1}/assessment/confirmations"): body_over(
        f"{V1}/assessment/confirmations", _confirmation(INSIDE), _confirmation(OUTSIDE)
    ),
    ("GET", f"{V1}/reports"): listing(f"{V1}/reports"),
    ("POST", f"{V1}/reports"): body_over(f"{V1}/reports", _report(INSIDE), _report(OUTSIDE)),
    **{
        ("GET", f"{V1}/reports/draft{form}"): over(
            *[
                f"{V1}/reports/draft{form}?kind=circular&period=2023-03&subject={code}"
                for code in (INSIDE, OUTSIDE)
            ]
        )
        for form in ("", "/document")
    },
    ("GET", f"{V1}/reports/{{number}}"): shared(f"{V1}/reports/none", may_be_missing=True),
    ("GET", f"{V1}/reports/{{number}}/document"): shared(
        f"{V1}/reports/none/document", may_be_missing=True
    ),
    **ANOMALY_SAMPLES,
    **BASELINE_SAMPLES,
    **BUDGET_SAMPLES,
    **CARBON_SAMPLES,
    **CASE_SAMPLES,
    # alerts and findings
    ("GET", f"{V1}/alerts"): listing(f"{V1}/alerts"),
    ("POST", f"{V1}/alerts/{{alert_id}}/acknowledge"): over(
        f"{V1}/alerts/4/acknowledge", f"{V1}/alerts/1/acknowledge", body={}, outside_body={}
    ),
    ("GET", f"{V1}/findings"): listing(f"{V1}/findings"),
    ("GET", f"{V1}/findings/{{number}}"): over(f"{V1}/findings/3", f"{V1}/findings/2"),
    ("POST", f"{V1}/findings/check"): shared(f"{V1}/findings/check"),
    ("POST", f"{V1}/findings/{{number}}/accept"): over(
        f"{V1}/findings/3/accept",
        f"{V1}/findings/2/accept",
        body={"reason": "tried"},
        outside_body={"reason": "tried"},
    ),
    ("POST", f"{V1}/findings/{{number}}/reopen"): over(
        f"{V1}/findings/3/reopen", f"{V1}/findings/2/reopen"
    ),
    # what comes in, and jobs
    ("GET", f"{V1}/seen-devices"): nobodys(f"{V1}/seen-devices"),
    ("POST", f"{V1}/seen-devices/adopt"): nobodys(f"{V1}/seen-devices/adopt", body=_ADOPT),
    ("POST", f"{V1}/seen-devices/forget"): nobodys(
        f"{V1}/seen-devices/forget", body={"device": "never seen"}, may_be_missing=True
    ),
    ("GET", f"{V1}/deadletters"): nobodys(f"{V1}/deadletters"),
    ("GET", f"{V1}/consumption/tree"): over(
        f"{V1}/consumption/tree?subject=BLD-2&from=2023-05-01",
        f"{V1}/consumption/tree?subject=BLD-1&from=2023-05-01",
    ),
    ("GET", f"{V1}/deadletters/{{letter_id}}"): nobodys(f"{V1}/deadletters/1"),
    ("POST", f"{V1}/deadletters/retry"): nobodys(f"{V1}/deadletters/retry", body={}),
    ("GET", f"{V1}/readings/export"): nobodys(f"{V1}/readings/export"),
    ("POST", f"{V1}/readings/import"): nobodys(f"{V1}/readings/import", body={}),
    ("GET", f"{V1}/results/export"): nobodys(f"{V1}/results/export"),
    ("POST", f"{V1}/results/import"): nobodys(f"{V1}/results/import", body={}),
    ("GET", f"{V1}/backup"): nobodys(f"{V1}/backup"),
    ("GET", f"{V1}/keeping"): nobodys(f"{V1}/keeping"),
    ("POST", f"{V1}/keeping/run"): nobodys(f"{V1}/keeping/run"),
    # One's own job is seen by who asked for it; those of others over the whole.
    ("GET", f"{V1}/jobs/{{job_id}}"): shared(f"{V1}/jobs/1", may_be_missing=True),
    ("GET", "/metrics"): shared("/metrics"),
    # the ledger and the rulebook
    ("GET", f"{V1}/ledger"): listing(f"{V1}/ledger?action=tried"),
    ("GET", f"{V1}/ledger/{{seq}}"): over(
        f"{V1}/ledger/{{made}}",
        f"{V1}/ledger/{{made}}",
        make=lambda world, _, where: world.entry("MTR-2" if where == INSIDE else "MTR-1"),
    ),
    ("GET", f"{V1}/ledger/verify"): shared(f"{V1}/ledger/verify"),
    ("GET", f"{V1}/ledger/head"): shared(f"{V1}/ledger/head"),
    ("GET", f"{V1}/ledger/key"): shared(f"{V1}/ledger/key", may_be_missing=True),
    ("POST", f"{V1}/ledger/export"): nobodys(
        f"{V1}/ledger/export", body={"readings": False, "action": "tried"}
    ),
    ("GET", f"{V1}/rules/packs"): shared(f"{V1}/rules/packs"),
    ("GET", f"{V1}/rules/instruments"): shared(f"{V1}/rules/instruments"),
    ("GET", f"{V1}/rules/instruments/{{id}}"): shared(
        f"{V1}/rules/instruments/conservation-regulation"
    ),
    ("GET", f"{V1}/rules/entries"): shared(f"{V1}/rules/entries"),
    ("GET", f"{V1}/rules/entries/{{section}}/{{id}}"): shared(
        f"{V1}/rules/entries/rules/quota-exhausted"
    ),
    ("GET", f"{V1}/rules/diff"): shared(f"{V1}/rules/diff?from=2024-01-01"),
    ("GET", f"{V1}/rules/effects"): shared(f"{V1}/rules/effects"),
    ("POST", f"{V1}/rules/try"): body_over(
        f"{V1}/rules/try",
        {"rule": "meter-silent", "from": "2023-03-01", "until": "2023-03-02", "asset": "MTR-2"},
        {"rule": "meter-silent", "from": "2023-03-01", "until": "2023-03-02", "asset": "MTR-1"},
    ),
    ("GET", f"{V1}/rules/proposals"): shared(f"{V1}/rules/proposals"),
    ("GET", f"{V1}/rules/proposals/{{number}}"): shared(
        f"{V1}/rules/proposals/1", may_be_missing=True
    ),
    ("POST", f"{V1}/rules/proposals"): nobodys(
        f"{V1}/rules/proposals", body={"name": "x.yaml", "text": "-", "comment": "-"}
    ),
    **{
        ("POST", f"{V1}/rules/proposals/{{number}}/{verb}"): nobodys(
            f"{V1}/rules/proposals/1/{verb}", body={"reason": "tried"}, may_be_missing=True
        )
        for verb in ("approve", "reject", "withdraw")
    },
    # the pool, which is for all to see
    ("GET", f"{V1}/pool/offers"): shared(f"{V1}/pool/offers"),
    ("GET", f"{V1}/pool/offers/{{number}}"): shared(f"{V1}/pool/offers/1"),
    ("GET", f"{V1}/pool/candidates"): listing(f"{V1}/pool/candidates"),
    ("POST", f"{V1}/pool/offers"): body_over(
        f"{V1}/pool/offers",
        {"asset": "SP-2", "term": "transfer"},
        {"asset": "SP-1", "term": "transfer"},
    ),
    ("POST", f"{V1}/pool/offers/{{number}}/withdraw"): _offer("withdraw", _NOTE),
    ("POST", f"{V1}/pool/offers/{{number}}/hand-over"): _offer("hand-over", _NOTE),
    ("POST", f"{V1}/pool/offers/{{number}}/receive"): _offer("receive", _NOTE),
    ("POST", f"{V1}/pool/offers/{{number}}/return"): _offer("return", _NOTE),
    ("POST", f"{V1}/pool/offers/{{number}}/requests"): body_over(
        f"{V1}/pool/offers/1/requests", {"organisation": INSIDE}, {"organisation": OUTSIDE}
    ),
    ("POST", f"{V1}/pool/requests/{{number}}/decide"): _request("decide", {"accept": False}),
    ("POST", f"{V1}/pool/requests/{{number}}/take-back"): _request("take-back", _NOTE),
    ("POST", f"{V1}/pool/match"): body_over(
        f"{V1}/pool/match",
        {"organisation": INSIDE, "kind": "chiller"},
        {"organisation": OUTSIDE, "kind": "chiller"},
    ),
    # what is entered by hand; without a file it ends there
    ("GET", f"{V1}/hand/entries"): listing(f"{V1}/hand/entries"),
    ("POST", f"{V1}/hand/entries"): body_over(f"{V1}/hand/entries", _hand(2), _hand(1)),
    ("GET", f"{V1}/hand/entries/{{number}}"): over(*[_HAND] * 2, make=_hand_entry),
    ("PUT", f"{V1}/hand/entries/{{number}}"): over(
        *[_HAND] * 2, make=_hand_entry, body=_hand(2), outside_body=_hand(1)
    ),
    ("POST", f"{V1}/hand/entries/{{number}}/withdraw"): over(
        *[f"{_HAND}/withdraw"] * 2, make=_hand_entry, body=_NOTE, outside_body=_NOTE
    ),
    ("GET", f"{V1}/hand/entries/{{number}}/document"): over(
        *[f"{_HAND}/document"] * 2, make=_hand_entry, may_be_missing=True
    ),
    ("POST", f"{V1}/hand/documents"): shared(f"{V1}/hand/documents?entry=1"),
    ("GET", f"{V1}/hand/template.xlsx"): listing(f"{V1}/hand/template.xlsx"),
    ("GET", f"{V1}/hand/ledger"): listing(f"{V1}/hand/ledger?month=2023-03"),
    ("GET", f"{V1}/hand/ledger.xlsx"): listing(f"{V1}/hand/ledger.xlsx?month=2023-03"),
    ("GET", f"{V1}/hand/ledger.csv"): over(
        f"{V1}/hand/ledger.csv?month=2023-03&asset=MTR-2",
        f"{V1}/hand/ledger.csv?month=2023-03&asset=MTR-1",
    ),
    ("POST", f"{V1}/hand/import"): shared(f"{V1}/hand/import"),
    **DISPATCH_SAMPLES,
    **FLEET_SAMPLES,
    **FLEET_REPORT_SAMPLES,
    **FORECAST_SAMPLES,
    **MONEY_SAMPLES,
    **SAVINGS_SAMPLES,
    **NOTIFICATION_SAMPLES,
    **SILENCE_SAMPLES,
    **COMMAND_SAMPLES,
    **TEMPLATE_SAMPLES,
    **ROUTING_SAMPLES,
    **OVERUSE_SAMPLES,
    **RETURN_SAMPLES,
    # accounts and roles
    ("GET", f"{V1}/users"): listing(f"{V1}/users"),
    ("POST", f"{V1}/users"): nobodys(f"{V1}/users", body={"name": "x"}),
    ("GET", f"{V1}/users/{{name}}"): over(f"{V1}/users/viewer.org-2", f"{V1}/users/viewer.all"),
    ("PATCH", f"{V1}/users/{{name}}"): nobodys(f"{V1}/users/nobody.else", body={}),
    ("POST", f"{V1}/users/{{name}}/password"): nobodys(
        f"{V1}/users/nobody.else/password", body={"password": "short"}
    ),
    ("GET", f"{V1}/grants"): listing(f"{V1}/grants"),
    ("POST", f"{V1}/grants"): body_over(
        f"{V1}/grants",
        {"user": "nobody.else", "role": "viewer", "organisation": INSIDE},
        {"user": "nobody.else", "role": "viewer", "organisation": OUTSIDE},
    ),
    ("DELETE", f"{V1}/grants/{{grant_id}}"): over(
        f"{V1}/grants/{{made}}", f"{V1}/grants/{{made}}", make=_others_grant
    ),
    ("GET", f"{V1}/tokens"): nobodys(f"{V1}/tokens"),
    ("POST", f"{V1}/tokens"): shared(f"{V1}/tokens", body={"name": "a/b"}),
    ("DELETE", f"{V1}/tokens/{{token_id}}"): nobodys(f"{V1}/tokens/{{made}}", make=_others_token),
    ("GET", f"{V1}/sessions"): nobodys(f"{V1}/sessions"),
    ("DELETE", f"{V1}/sessions/{{session_id}}"): nobodys(
        f"{V1}/sessions/{{made}}", make=_others_session
    ),
    # oneself
    ("GET", f"{V1}/me"): shared(f"{V1}/me"),
    ("POST", f"{V1}/me/password"): shared(f"{V1}/me/password", body={"old": "x", "new": "y"}),
    ("GET", f"{V1}/me/tokens"): shared(f"{V1}/me/tokens"),
    ("DELETE", f"{V1}/me/tokens/{{token_id}}"): shared(f"{V1}/me/tokens/{{made}}", make=_own_token),
    ("GET", f"{V1}/me/sessions"): shared(f"{V1}/me/sessions"),
    ("DELETE", f"{V1}/me/sessions/{{session_id}}"): shared(
        f"{V1}/me/sessions/{{made}}", make=_own_session
    ),
    # the console: the register
    ("GET", "/register"): listing("/register"),
    ("GET", "/register/import"): shared("/register/import"),
    ("POST", "/register/import"): shared(
        "/register/import",
        form={},
        headers={"Content-Type": "application/x-www-form-urlencoded"},
    ),
    ("POST", "/register/import/confirm"): shared("/register/import/confirm", form={}),
    ("GET", "/register/new/{kind}"): listing("/register/new/meters"),
    ("POST", "/register/new/{kind}"): shared("/register/new/meters", form={}),
    ("GET", "/register/{code}"): over("/register/BLD-2", "/register/BLD-1"),
    ("GET", "/register/{code}/{act}"): over("/register/BLD-2/change", "/register/BLD-1/change"),
    ("POST", "/register/{code}/{act}"): over(
        "/register/BLD-2/change", "/register/BLD-1/change", form={}
    ),
    **CONSOLE_SAMPLES,
}

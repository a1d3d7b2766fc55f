"""The exchange over the API: what is pulled, taken in, and the catalogue."""

from typing import Any

from jsonschema import Draft202012Validator

from quotawatt.exchange.pushing import Pusher
from tests.api.return_desk import Desk, accepted, cells, desk, filled, office, ok
from tests.api.scene import Scene

__all__ = ["desk", "office"]

V1 = "/api/v1/exchange"


def pulled(desk: Desk, since: int = 0) -> Any:
    return ok(desk.get(f"{V1}/returns?since={since}"))


def test_accepted_returns_are_pulled_by_cursor_and_fit_their_schema(desk: Desk) -> None:
    assert pulled(desk) == {"cursor": 0, "items": []}
    accepted(desk)
    page = pulled(desk)
    (document,) = page["items"]
    assert document["number"] == "energy-statistics-2023-Q4-ORG-2-1"
    power = next(f for f in document["figures"] if f["cell"] == "use.electricity")
    assert (power["value"], power["energy"]) == (18_400, "01")
    schema = ok(desk.get(f"{V1}/schemas/return/1"))
    Draft202012Validator(schema).validate(document)
    assert pulled(desk, page["cursor"]) == {"cursor": page["cursor"], "items": []}
    accepted(desk, "ORG-1")
    (second,) = pulled(desk, page["cursor"])["items"]
    assert second["organisation"]["code"] == "ORG-1"


def test_a_return_of_another_platform_is_taken_in_once(desk: Desk) -> None:
    accepted(desk)
    (document,) = pulled(desk)["items"]
    other = {**document, "period": "2023-Q3", "number": "below-7"}
    other["figures"] = [f for f in document["figures"] if f["cell"].count(".") == 1]
    first = desk.post(f"{V1}/returns", json=other)
    assert first.status_code == 201, first.text
    again = desk.post(f"{V1}/returns", json=other)
    assert again.status_code == 200
    assert again.json() == {**first.json(), "again": True}
    kept = ok(desk.get(f"/api/v1/returns/{first.json()['return_number']}"))
    assert (kept["state"], kept["period"]) == ("submitted", "2023-Q3")
    assert kept["sender"] != ""
    assert cells(kept)["use.electricity"]["value"] == 18_400


def test_every_fault_of_a_document_is_told(desk: Desk) -> None:
    answer = desk.post(f"{V1}/returns", json={"schema": "quotawatt.return/1", "figures": []})
    assert answer.status_code == 422
    said = answer.json()["detail"]
    assert "number: Field required" in said
    assert "figures: List should have at least 1 item" in said


def test_months_of_institutions_fit_their_schema(desk: Desk) -> None:
    items = ok(desk.get(f"{V1}/months?month=2023-11"))["items"]
    validator = Draft202012Validator(ok(desk.get(f"{V1}/schemas/month/1")))
    for one in items:
        validator.validate(one)
    by_code = {one["organisation"]["code"]: one["uses"] for one in items}
    # With all below it: 250 + 200 kWh on each of 30 days.
    assert [use["value"] for use in by_code["ORG-1"] if use["energy"] == "01"] == [13_500]
    assert desk.get(f"{V1}/months?month=2030-01").status_code == 422
    assert desk.get(f"{V1}/months?month=soon").status_code == 422


def test_catalogue_codes_and_schemas_are_there(desk: Desk) -> None:
    assert [one["id"] for one in ok(desk.get(f"{V1}/datasets"))["items"]] == ["returns", "months"]
    assert ok(desk.get(f"{V1}/codes"))["tables"]["energy"]["trust"] == "unverified"
    assert desk.get(f"{V1}/schemas/return/9").status_code == 404


def test_what_was_given_up_is_listed_and_sent_again(desk: Desk, office: Scene) -> None:
    accepted(desk)
    services = office.services
    settings = services.settings
    unreachable = Pusher(
        services.records,
        services.rulebook_source,
        "http://127.0.0.1:9/",
        settings.exchange_token,
    )
    unreachable.run(services.clock())
    (row,) = ok(desk.get(f"{V1}/sent?state=waiting"))["items"]
    assert (row["tries"], row["organisation"]) == (1, "ORG-2")
    assert "must answer, 127.0.0.1 says" in row["last_error"]
    refused = desk.post(f"{V1}/sent/{row['number']}/again")
    assert refused.status_code == 409
    assert ok(desk.get(f"{V1}/sent?state=given_up"))["total"] == 0
    assert filled(desk, "ORG-1")["state"] == "draft"

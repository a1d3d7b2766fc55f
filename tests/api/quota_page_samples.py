"""Samples of the access matrix for the console's pages of accounts, carbon and instruments."""

from tests.api.budget_samples import explained
from tests.api.sample import Sample, listing, over, shared

_QUOTA = "db37t2672-city-b-electricity"
_ACCOUNT = "/quota/{asset}/{quota}"
_HERE, _THERE = f"/quota/BLD-2/{_QUOTA}", f"/quota/BLD-1/{_QUOTA}"
_HOURS = "measure=electricity_import_kwh&day=2023-12-30"
_WORDS = {"year": "2023", "reason": "tried", "measures": "tried", "amount": "1"}


def _deed(verb: str, form: dict[str, str]) -> Sample:
    below = f"explanations/{{made}}/{verb}"
    return over(f"{_HERE}/{below}", f"{_THERE}/{below}", make=explained, form=form)


QUOTA_PAGE_SAMPLES: dict[tuple[str, str], Sample] = {
    ("GET", "/quota"): listing("/quota"),
    ("GET", "/quota/hours"): over(
        f"/quota/hours?subject=BLD-2&{_HOURS}", f"/quota/hours?subject=BLD-1&{_HOURS}"
    ),
    ("GET", _ACCOUNT): over(_HERE, _THERE),
    ("POST", f"{_ACCOUNT}/explanations"): over(
        f"{_HERE}/explanations", f"{_THERE}/explanations", form=_WORDS
    ),
    ("POST", f"{_ACCOUNT}/explanations/{{number}}/change"): _deed("change", _WORDS),
    ("POST", f"{_ACCOUNT}/explanations/{{number}}/{{act}}"): _deed("submit", {}),
    ("POST", f"{_ACCOUNT}/explanations/{{number}}/decide/{{decision}}"): _deed(
        "decide/reject", {"comment": "tried"}
    ),
    ("GET", "/carbon"): listing("/carbon"),
    ("GET", "/carbon/{asset}"): over("/carbon/BLD-2", "/carbon/BLD-1"),
    ("GET", "/rules/library"): shared("/rules/library"),
    ("GET", "/rules/library/{id_}"): shared("/rules/library/db37t2672-2019"),
}

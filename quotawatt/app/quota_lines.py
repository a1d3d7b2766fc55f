"""An account in lines: its tiers, where it stands, what the year comes to, its coal equivalent."""

from collections.abc import Iterator

from quotawatt.app.coal_lines import coal_words
from quotawatt.app.console import Row, number, percent
from quotawatt.app.naming import denominator_unit, unit_word
from quotawatt.app.tables import standing_cell
from quotawatt.app.texts import text
from quotawatt.app.texts_quota import quota_text
from quotawatt.settings import Language

_TIERS = ("constraint", "baseline", "guidance")


def account_lines(account: Row, language: Language) -> Iterator[str]:
    """The lines of a row of ``GET /quota``: one for each tier, then standing, budget and year's end."""
    yield from (
        _tier(account, tier, language) for tier in _TIERS if account["limits"].get(tier) is not None
    )
    standing = standing_cell(account, language).plain
    yield quota_text("standing", language, words=standing)
    if year_goes_on(account):
        if account["ahead"] is not None:
            yield _budget(account, language)
        yield _year_end(account, language)
    if coal := coal_words(account, language):
        yield coal


def year_goes_on(account: Row) -> bool:
    """Whether days of the account's period are left."""
    return bool(account["days"] < account["days_in_year"])


def _tier(account: Row, tier: str, language: Language) -> str:
    limit, name = account["limits"][tier], account["denominator_name"]
    words = {
        "tier": quota_text(f"tier_{tier}", language),
        "limit": f"{number(limit)} {account['unit']}",
        "used": percent(100 * account["used"] / limit if limit else None),
        "trust": text(account["trust"], language),
    }
    if name == "none":
        return quota_text("tier_line", language, **words)
    value = f"{account['tiers'][tier]:,.6g} {unit_word(account['intensity_unit'], language)}"
    by = f"{account['denominator']:,.6g} {denominator_unit(name, language)}".rstrip()
    return quota_text("tier_product", language, value=value, by=by, **words)


def _budget(account: Row, language: Language) -> str:
    ahead, unit = account["ahead"], account["unit"]
    return quota_text(
        "ahead" if ahead > 0 else "behind",
        language,
        amount=f"{number(abs(ahead))} {unit}",
        budget=f"{number(account['budget_to_date'])} {unit}",
    )


def _year_end(account: Row, language: Language) -> str:
    """The projected use with its interval, and how likely each tier is passed."""
    if account["projected"] is None:
        return quota_text("year_end_unknown", language)
    low, high = (number(account[f"projected_{end}"]) for end in ("low", "high"))
    line = quota_text(
        "year_end",
        language,
        value=f"{number(account['projected'])} {account['unit']}",
        share=percent(account["projected_share_pct"]),
        low=low,
        high=high,
    )
    chances = (
        quota_text(
            "probability", language, tier=quota_text(f"tier_{tier}", language), share=_chance(one)
        )
        for tier in _TIERS
        if (one := account["over_probability"].get(tier)) is not None
    )
    return "".join([line, *chances])


def _chance(probability: float) -> str:
    """In whole percent; the ends are never made certain."""
    if probability < 0.01:
        return "< 1 %"
    return "> 99 %" if probability > 0.99 else f"{100 * probability:.0f} %"

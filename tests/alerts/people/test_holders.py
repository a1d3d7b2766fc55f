"""Who holds a duty, and who stands in for those who cannot be told."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.people.holders import Found, find_holders, places_of, recipients_of
from alerts.people.recipients import Recipient, Staff, recipient_by_key
from quotawatt.register.kinds import Duty
from tests.alerts.people.office import (
    DEPUTY,
    DUTIES,
    MANAGER,
    NOW,
    OWNER,
    SECOND_DEPUTY,
    SUPERVISOR,
    register,
    telling,
)

TODAY = date(2026, 11, 3)
YESTERDAY = TODAY - timedelta(days=1)


def staff(*duties: Duty, blocked: tuple[str, ...] = ()) -> Staff:
    return telling(duties or DUTIES, blocked).staff


def keys(found: Found | list[Recipient]) -> list[str]:
    recipients = found.recipients if isinstance(found, Found) else found
    return [recipient.key for recipient in recipients]


def why(found: Found) -> list[tuple[str, str]]:
    return [(gone.duty, gone.why) for gone in found.gone]


@pytest.mark.parametrize(
    ("asset", "expected"),
    [
        ("MTR-1", ("MTR-1", "BLD-1", "SITE-1", "ORG-1", "ORG-0")),
        ("BLD-1", ("BLD-1", "SITE-1", "ORG-1", "ORG-0")),
        ("SITE-1", ("SITE-1", "ORG-1", "ORG-0")),
        ("EQ-1", ("EQ-1", "ORG-1", "ORG-0")),
        ("VEH-1", ("VEH-1", "ORG-1", "ORG-0")),
        ("ORG-1", ("ORG-1", "ORG-0")),
        ("gone", ("gone",)),
    ],
)
def test_a_duty_is_looked_for_from_the_asset_upwards(asset: str, expected: tuple[str, ...]) -> None:
    assert places_of(register(), asset) == expected


def test_the_nearest_place_that_names_a_duty_counts() -> None:
    far = replace(OWNER, asset="ORG-1", account="zhao")
    assert keys(recipients_of(staff(OWNER, far), "MTR-1", "owner", NOW)) == ["account:li"]
    assert keys(recipients_of(staff(OWNER, far), "VEH-1", "owner", NOW)) == ["account:zhao"]


def test_a_recipient_has_the_names_and_addresses_of_the_duty() -> None:
    found = recipients_of(staff(), "MTR-1", "deputy", NOW)
    assert [(r.key, r.name.zh, r.name.en, r.language, r.email, r.mobile) for r in found] == [
        ("contact:ORG-1/deputy/1", "副科长", "副科长", "en", "deputy@example.org", ""),
        ("contact:ORG-1/deputy/2", "值班员", "值班员", "zh", "", "13800000000"),
    ]


def test_who_has_left_is_followed_by_the_first_deputy_and_is_said() -> None:
    left = replace(OWNER, valid_until=TODAY)
    found = find_holders(staff(left, DEPUTY, SECOND_DEPUTY), "MTR-1", "owner", NOW)
    assert keys(found) == ["contact:ORG-1/deputy/1"]
    assert [(g.key, g.name.zh, g.why) for g in found.gone] == [("account:li", "楼管", "left")]


def test_days_are_those_of_the_site() -> None:
    midnight = NOW.replace(hour=16)  # the next day begins in Shanghai
    leaves = replace(OWNER, valid_until=TODAY + timedelta(days=1))
    office = staff(leaves, DEPUTY)
    assert keys(recipients_of(office, "MTR-1", "owner", midnight - timedelta(seconds=1))) == [
        "account:li"
    ]
    assert keys(recipients_of(office, "MTR-1", "owner", midnight)) == ["contact:ORG-1/deputy/1"]


def test_a_successor_takes_over_without_a_word() -> None:
    before = replace(OWNER, valid_until=TODAY)
    after = replace(OWNER, valid_from=TODAY, account="zhao")
    assert find_holders(staff(before, after), "MTR-1", "owner", NOW).gone == ()
    assert keys(recipients_of(staff(before, after), "MTR-1", "owner", NOW)) == ["account:zhao"]


def test_who_begins_tomorrow_does_not_hold_it_yet() -> None:
    later = replace(OWNER, valid_from=TODAY + timedelta(days=1))
    found = find_holders(staff(later, SUPERVISOR), "MTR-1", "owner", NOW)
    assert keys(found) == ["account:zhao"]
    assert why(found) == [("owner", "nobody"), ("deputy", "nobody")]


def test_a_blocked_account_is_passed_over() -> None:
    found = find_holders(staff(OWNER, SUPERVISOR, blocked=("li",)), "MTR-1", "owner", NOW)
    assert keys(found) == ["account:zhao"]
    assert ("owner", "blocked") in why(found)


def test_an_account_that_there_is_not_is_passed_over() -> None:
    found = find_holders(staff(replace(OWNER, account="nobody"), DEPUTY), "MTR-1", "owner", NOW)
    assert keys(found) == ["contact:ORG-1/deputy/1"]
    assert why(found) == [("owner", "unknown_account")]


def test_who_cannot_be_reached_is_passed_over_for_the_next_rank() -> None:
    def by_mobile(recipient: Recipient) -> bool:
        return bool(recipient.mobile)

    found = find_holders(staff(), "MTR-1", "deputy", NOW, by_mobile)
    assert keys(found) == ["contact:ORG-1/deputy/2"]
    assert why(found) == [("deputy", "no_address")]


def test_a_holder_farther_up_is_the_last_of_those_with_a_duty() -> None:
    left = replace(OWNER, valid_until=YESTERDAY)
    above = replace(OWNER, asset="ORG-0", account="sun")
    assert keys(recipients_of(staff(left, above), "MTR-1", "owner", NOW)) == ["account:sun"]
    both = staff(left, above, DEPUTY)
    assert keys(recipients_of(both, "MTR-1", "owner", NOW)) == ["contact:ORG-1/deputy/1"]


def test_where_nobody_holds_a_duty_the_accounts_that_manage_it_are_told_the_nearest_first() -> None:
    nobody = staff(replace(OWNER, asset="MTR-2"))
    found = find_holders(nobody, "MTR-1", "owner", NOW)
    assert keys(found) == ["account:guo", "account:he"]
    assert [w for _, w in why(found)] == ["nobody"] * 4
    blocked = telling([replace(OWNER, asset="MTR-2")], ["guo", "he"]).staff
    assert keys(find_holders(blocked, "MTR-1", "owner", NOW)) == []


def test_an_asset_of_no_organisation_is_for_those_who_manage_the_whole() -> None:
    assert keys(recipients_of(staff(), "gone", "owner", NOW)) == ["account:he"]


def test_a_key_finds_its_recipient_with_the_present_addresses() -> None:
    office = staff()
    assert (
        recipient_by_key(office, "account:li", NOW)
        == recipients_of(office, "MTR-1", "owner", NOW)[0]
    )
    second = recipient_by_key(office, "contact:ORG-1/deputy/2", NOW)
    assert second is not None
    assert second.mobile == "13800000000"
    plain = recipient_by_key(office, "account:guo", NOW)
    assert plain is not None
    assert (plain.name.zh, plain.account) == ("Guo", "guo")
    channel = recipient_by_key(office, "channel:log", NOW)
    assert channel is not None
    assert channel.key == "channel:log"


def test_a_key_of_somebody_who_has_gone_finds_nobody() -> None:
    office = staff(replace(DEPUTY, valid_until=TODAY), OWNER, blocked=("li",))
    for key in ("contact:ORG-1/deputy/1", "contact:gone/owner/1", "account:li", "account:none"):
        assert recipient_by_key(office, key, NOW) is None


_LADDER = (OWNER, DEPUTY, SUPERVISOR, MANAGER)


@given(
    left=st.sets(st.sampled_from([duty.duty for duty in _LADDER])),
    wanted=st.sampled_from([duty.duty for duty in _LADDER]),
)
def test_somebody_is_told_and_everybody_passed_over_is_said(left: set[str], wanted: str) -> None:
    duties = [replace(d, valid_until=TODAY) if d.duty in left else d for d in _LADDER]
    found = find_holders(telling(duties).staff, "MTR-1", wanted, NOW)
    later = [d.duty for d in _LADDER][[d.duty for d in _LADDER].index(wanted) :]
    sound = [duty for duty in later if duty not in left]
    assert [r.duty for r in found.recipients][:1] == (sound[:1] or ["manager"])
    passed = later[: later.index(sound[0])] if sound else later
    assert [gone.duty for gone in found.gone] == passed

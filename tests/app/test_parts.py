"""The composition root: what the settings say reaches the parts."""

import logging
from datetime import UTC, datetime
from pathlib import Path

import pytest

from alerts.channels.base import Delivery
from quotawatt.app.parts import channels
from quotawatt.app.system import open_system
from quotawatt.rulebook.proposal import Draft
from quotawatt.rulebook.proposals import Proposals
from quotawatt.settings import Language, Settings
from tests.quotawatt.rulebook.test_proposals import PACK

DELIVERY = Delivery(
    key="k1",
    body={"event": "firing", "zh": {"title": "告警：甲楼"}, "en": {"title": "Alert: A"}},
    sent_at=datetime(2023, 6, 1, tzinfo=UTC),
)


@pytest.mark.parametrize(("language", "title"), [("zh", "告警：甲楼"), ("en", "Alert: A")])
def test_the_log_speaks_the_language_of_the_settings(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, language: Language, title: str
) -> None:
    found = channels(Settings(home=tmp_path, language=language))
    with caplog.at_level(logging.INFO, logger="alerts.channels.log"):
        found["log"].send(DELIVERY)
    assert caplog.messages == [title]


def test_the_webhook_is_a_channel_only_where_it_has_an_address(tmp_path: Path) -> None:
    assert list(channels(Settings(home=tmp_path))) == ["log"]
    named = Settings(home=tmp_path, webhook_url="http://127.0.0.1:9/hook")
    assert list(channels(named)) == ["log", "webhook"]


def test_parts_go_by_a_pack_that_was_approved_meanwhile(tmp_path: Path) -> None:
    at = datetime(2024, 1, 2, tzinfo=UTC)
    system = open_system(Settings(home=tmp_path), lambda: at)
    try:
        before = (system.analyser, system.reconciler, system.alerts)
        proposals, packs = Proposals(system.records), system.parts.rulebook_source.present()
        made = proposals.propose(Draft("canteen.yaml", PACK), packs, [], "li", at)
        assert (system.analyser, system.reconciler, system.alerts) == before
        proposals.approve(made.id, packs, [], "wu", at)
        system.parts.rulebook_source.refresh()
        after = (system.analyser, system.reconciler, system.alerts)
        assert not set(map(id, before)) & set(map(id, after))
        assert "canteen-gas" in system.rulebook.rules
    finally:
        system.close()

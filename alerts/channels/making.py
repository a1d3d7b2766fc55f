"""The channels of a process: those that are always there, the settings' webhook, those of the file."""

from collections.abc import Mapping

from sqlalchemy import Engine

from alerts.channels.base import Address, Channel, ChannelKind, Channels, ChannelSpec
from alerts.channels.config import load_channels
from alerts.channels.http import Place
from alerts.channels.inbox import InboxChannel
from alerts.channels.log import LogChannel
from alerts.channels.webhook import WebhookChannel, checked_url
from quotawatt.errors import SettingError
from quotawatt.settings import Settings

WEBHOOK = "webhook"
"""The name of the channel that ``QUOTAWATT_WEBHOOK_URL`` sets up."""


def make_channels(settings: Settings, records: Engine, environ: Mapping[str, str]) -> Channels:
    """All channels by name. ``environ`` holds what the channels file may name secrets by.

    Raises SettingError that names everything that is wrong with them, and shows no secret.
    """
    specs = {
        "inbox": ChannelSpec("inbox", ChannelKind.INBOX, Address.ACCOUNT),
        "log": ChannelSpec("log", ChannelKind.LOG),
    }
    by_name: dict[str, Channel] = {
        "inbox": InboxChannel(records),
        "log": LogChannel(settings.home / "alerts.log", settings.language),
    }
    if settings.webhook_url:
        url = checked_url(settings.webhook_url, "setting QUOTAWATT_WEBHOOK_URL")
        specs[WEBHOOK] = ChannelSpec(WEBHOOK, ChannelKind.WEBHOOK)
        by_name[WEBHOOK] = WebhookChannel(Place(url), settings.webhook_secret)
    if settings.channels_file is not None:
        found = load_channels(settings.channels_file, environ)
        if WEBHOOK in specs and WEBHOOK in found.specs:
            raise SettingError(
                f"a channel {WEBHOOK} must be set up once, got QUOTAWATT_WEBHOOK_URL and one of the file"
            )
        specs |= found.specs
        by_name |= found.by_name
    return Channels(specs, by_name)

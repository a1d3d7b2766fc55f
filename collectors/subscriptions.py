"""What the broker's session of a collector is subscribed to.

A persistent session keeps its filters when the settings change: without a memory of them a topic that
nobody wants any more would be delivered for ever, and MQTT has no way to ask for them.
"""

from collections.abc import Sequence

from sqlalchemy import Engine, delete, select

from collectors.values import shown
from quotawatt.errors import SettingError
from quotawatt.settings import Settings
from quotawatt.storage.records import upsert
from quotawatt.storage.tables import subscriptions

TOPIC_BYTES_LIMIT = 65_000  # MQTT has 65,535, the name of a shared group included


class Subscriptions:
    """The filters of the session ``client_id``, kept in the record store.

    All methods raise StoreError where it does not answer.
    """

    def __init__(self, records: Engine, client_id: str) -> None:
        self._records = records
        self._client_id = client_id

    def all(self) -> dict[str, bool]:
        """The filters that the session may have, and whether the broker has granted them."""
        columns = subscriptions.c.topic, subscriptions.c.granted
        query = select(*columns).where(subscriptions.c.client_id == self._client_id)
        with self._records.connect() as connection:
            return {row.topic: row.granted for row in connection.execute(query)}

    def asked(self, topics: Sequence[str]) -> None:
        """Note filters before the broker is asked for them."""
        self._write(topics, granted=False)

    def granted(self, topics: Sequence[str]) -> None:
        """Note filters that the broker has granted."""
        self._write(topics, granted=True)

    def removed(self, topics: Sequence[str]) -> None:
        """Forget filters that the broker has removed, or refused."""
        if topics:
            own = subscriptions.c.client_id == self._client_id
            with self._records.begin() as connection:
                connection.execute(
                    delete(subscriptions).where(own, subscriptions.c.topic.in_(topics))
                )

    def _write(self, topics: Sequence[str], granted: bool) -> None:
        rows = [{"client_id": self._client_id, "topic": t, "granted": granted} for t in topics]
        changed = ["granted"] if granted else []
        with self._records.begin() as connection:
            upsert(connection, subscriptions, rows, keys=["client_id", "topic"], update=changed)


def topic_filters(settings: Settings) -> list[str]:
    """The topic filters to subscribe to. Raises SettingError where one is not allowed by MQTT."""
    for topic in settings.mqtt_topics:
        levels = topic.split("/")
        wildcards = [level for level in levels if set(level) & set("+#")]
        wrong = "#" in levels[:-1] or not set(wildcards) <= {"+", "#"}
        wrong = wrong or "\0" in topic
        if wrong or not 0 < len(topic.encode()) <= TOPIC_BYTES_LIMIT:
            rule = (
                f"a topic needs 1 to {TOPIC_BYTES_LIMIT} bytes, + for one level, # at the end only"
            )
            raise SettingError(f"setting QUOTAWATT_MQTT_TOPICS: {rule}, got {shown(topic)}")
    group = settings.mqtt_share_group
    if set(group) & set("+#/"):
        rule = "setting QUOTAWATT_MQTT_SHARE_GROUP: must not hold +, # or /"
        raise SettingError(f"{rule}, got {shown(group)}")
    return [f"$share/{group}/{t}" if group else t for t in settings.mqtt_topics]

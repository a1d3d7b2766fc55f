"""What the tables of the record store share: their metadata and column types. Instants are UTC."""

from datetime import UTC, datetime

from sqlalchemy import BigInteger, DateTime, Dialect, Integer, MetaData, TypeDecorator

from quotawatt.clock import require_utc

metadata = MetaData()


class Instant(TypeDecorator[datetime]):
    """A timezone-aware UTC instant; SQLite would forget the zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else require_utc(value)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


# SQLite counts up by itself only in a column declared INTEGER.
Id = BigInteger().with_variant(Integer, "sqlite")

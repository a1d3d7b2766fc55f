"""The tables of analytics: what models have seen and found, and anomalies as events."""

from sqlalchemy import (
    JSON,
    Column,
    Float,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from quotawatt.storage.schema import Id, Instant, metadata

baselines = Table(
    # What a subject was expected to use, as it was learnt at an instant: one row a version. Versions count
    # up for each subject and measure; anomalies and reports cite them.
    "baselines",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    # As results are named: an asset, or ASSET/ACCOUNT.
    Column("subject", String(128), nullable=False),
    Column("measure", String(64), nullable=False),
    Column("interval", String(8), nullable=False),
    Column("version", Integer, nullable=False),
    # It was learnt from what came before; the beginning of a local month.
    Column("as_of", Instant, nullable=False),
    Column("fitted_at", Instant, nullable=False),
    # current (the newest), superseded, dropped (older data changed since) or insufficient (see findings).
    Column("state", String(16), nullable=False),
    # schedule, changed (older data did), or asked.
    Column("reason", String(16), nullable=False),
    # The model's kind and all that predicts with it; null: there is none.
    Column("kind", String(32)),
    Column("document", JSON),
    # Figures of each candidate, in sample and on blocks left out.
    Column("figures", JSON, nullable=False),
    # First and last hour, count, range of temperature, coverage, hash of the data, spans left out.
    Column("saw", JSON, nullable=False),
    # Why there is none, or what to keep in mind: a list of {code, subject, detail}.
    Column("findings", JSON, nullable=False),
    # Version of the program and of what it computes with.
    Column("libraries", JSON, nullable=False),
    UniqueConstraint("subject", "measure", "interval", "version"),
    Index("baselines_by_time", "as_of", "subject", "measure"),
    Index("baselines_by_state", "state", "subject", "measure"),
    sqlite_autoincrement=True,
)
anomalies = Table(
    # What was found out of the ordinary, one row an event, however many hours it lasts. A row is never
    # deleted: its number is cited.
    "anomalies",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    # As results are named: an asset, or ASSET/ACCOUNT.
    Column("subject", String(128), nullable=False),
    Column("measure", String(64), nullable=False),
    Column("asset", String(64), nullable=False),
    # The organisation that answers for the asset; empty: nobody yet.
    Column("organisation", String(64)),
    Column("shape", String(16), nullable=False),
    Column("likely", String(32), nullable=False),
    # [start, end): the first hour that is out of the ordinary, the end of the last one.
    Column("start", Instant, nullable=False),
    Column("end", Instant, nullable=False),
    Column("hours", Integer, nullable=False),
    # Use beyond what was expected in those hours (negative: below) and what was expected, in the unit.
    Column("size", Float, nullable=False),
    Column("expected", Float, nullable=False),
    Column("confidence", Float, nullable=False),
    Column("evidence", JSON, nullable=False),
    # By which version of the subject's baseline it was judged.
    Column("baseline_version", Integer, nullable=False),
    # The event of a sub-meter that explains this one; null: it stands for itself.
    Column("explained_by", Id),
    # open, over, withdrawn (not found any more) or ordinary (somebody says that it is).
    Column("state", String(16), nullable=False),
    Column("found_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    # Why it was withdrawn (not_found, or part_of/NUMBER), or what whoever called it ordinary says.
    Column("note", Text, nullable=False, server_default=""),
    Column("decided_at", Instant),
    Column("decided_by", String(128)),
    Index("anomalies_of_subject", "subject", "measure", "end"),
    Index("anomalies_by_state", "state", "end"),
    # A number that was cited once is never that of another.
    sqlite_autoincrement=True,
)

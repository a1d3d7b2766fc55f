"""Cases, what people are told of them, silences, the inbox, commands to devices. Instants are UTC."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    Float,
    Index,
    Integer,
    String,
    Table,
    Text,
)

from quotawatt.storage.schema import Id, Instant, metadata

result_marks = Table(
    # Subjects whose results changed since the rules last looked. A mark clears only at the generation at
    # which it was taken, so a result that is written during the evaluation is not forgotten.
    "result_marks",
    metadata,
    Column("subject", String(256), primary_key=True),
    Column("generation", BigInteger, nullable=False),
    # Start of the earliest hour or day that was written since the mark was set.
    Column("since", Instant, nullable=False),
)
cases = Table(
    # People's work on an alert or a finding.
    "cases",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    # RULE|SUBJECT while the case is open, else NULL: one open case for each pair.
    Column("open_key", String(330), unique=True),
    Column("alert", BigInteger),
    Column("rule", String(64), nullable=False),
    Column("subject", String(256), nullable=False),
    Column("asset", String(64), nullable=False),
    # Of the asset when the case was opened; empty: the register does not say.
    Column("organisation", String(64), nullable=False),
    Column("site", String(64), nullable=False),
    Column("source", String(16), nullable=False),
    Column("severity", String(16), nullable=False),
    Column("state", String(16), nullable=False),
    # Whether its condition holds at present, and since when it does not.
    Column("firing", Boolean, nullable=False),
    Column("clear_since", Instant),
    Column("began_at", Instant, nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Column("due_on", Date),
    # Keys of recipients: who answers for it by the register, and who was given it.
    Column("owner", String(128), nullable=False),
    Column("assignee", String(128), nullable=False),
    Column("acknowledged_at", Instant),
    Column("acknowledged_by", String(128)),
    Column("proposed_at", Instant),
    Column("proposed_by", String(128)),
    Column("closed_at", Instant),
    Column("closed_by", String(128)),
    # telemetry, manager, retracted.
    Column("closed_how", String(16), nullable=False),
    Column("reopened", Integer, nullable=False),
    # Steps of the escalation ladder that were taken, and when people were last told.
    Column("escalated", Integer, nullable=False),
    Column("reminded_at", Instant),
    Column("figures", JSON, nullable=False),
    # Counts every change; what a caller saw is what a caller changes (If-Match).
    Column("version", Integer, nullable=False),
    Index("cases_by_pair", "rule", "subject"),
    Index("cases_by_state", "state", "organisation"),
)
case_steps = Table(
    # All that happened to a case, in order. The live stream goes by the number.
    "case_steps",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("case", BigInteger, nullable=False),
    Column("at", Instant, nullable=False),
    Column("actor", String(128), nullable=False),
    Column("action", String(32), nullable=False),
    Column("comment", Text, nullable=False),
    Column("detail", JSON, nullable=False),
    Index("case_steps_of_case", "case", "id"),
    sqlite_autoincrement=True,
)
case_evidence = Table(
    # Documents of ``hand_documents`` that belong to a case.
    "case_evidence",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("case", BigInteger, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("name", Text, nullable=False),
    Column("added_by", String(128), nullable=False),
    Column("added_at", Instant, nullable=False),
    Index("case_evidence_of_case", "case"),
)
notices = Table(
    # What somebody is to be told of a case, by which channel; it waits until a message takes it along.
    "notices",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("case", BigInteger, nullable=False),
    Column("event", String(32), nullable=False),
    Column("at", Instant, nullable=False),
    Column("recipient", String(128), nullable=False),
    Column("channel", String(64), nullable=False),
    Column("route", String(64), nullable=False),
    Column("site", String(64), nullable=False),
    Column("rule", String(64), nullable=False),
    Column("severity", String(16), nullable=False),
    # Whether it may go at once; else it waits for the next digest.
    Column("at_once", Boolean, nullable=False),
    # waiting, sent, dropped.
    Column("state", String(16), nullable=False),
    # Why it was dropped or is held: inhibited, silenced, quiet, limit, superseded.
    Column("reason", String(64), nullable=False),
    Column("held_until", Instant),
    # Key of the message that took it along.
    Column("message", String(64), nullable=False),
    Index("notices_waiting", "state", "recipient", "channel"),
    Index("notices_of_case", "case"),
    Index("notices_of_message", "message"),
)
silences = Table(
    # What people are not told for a time: silences and maintenance windows.
    "silences",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    # silence, maintenance.
    Column("kind", String(16), nullable=False),
    Column("matchers", JSON, nullable=False),
    Column("starts_at", Instant, nullable=False),
    Column("ends_at", Instant),
    Column("recurrence", JSON, nullable=False),
    Column("comment", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("created_by", String(128), nullable=False),
    Column("ended_at", Instant),
    Column("ended_by", String(128)),
)
inbox_messages = Table(
    # The console's inbox of an account.
    "inbox_messages",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("key", String(64), nullable=False, unique=True),
    Column("account", String(64), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("body", JSON, nullable=False),
    Column("read_at", Instant),
    Index("inbox_of_account", "account", "id"),
)
device_commands = Table(
    # Commands to devices: asked for in a case, confirmed by a person, sent, answered, undone.
    "device_commands",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("case", BigInteger, nullable=False),
    Column("asset", String(64), nullable=False),
    Column("device", String(128), nullable=False),
    Column("channel", String(64), nullable=False),
    Column("command", String(64), nullable=False),
    Column("value", Float),
    Column("previous_value", Float),
    Column("state", String(16), nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("asked_by", String(128), nullable=False),
    Column("confirmed_at", Instant),
    Column("confirmed_by", String(128)),
    Column("sent_at", Instant),
    Column("answer_until", Instant),
    Column("answered_at", Instant),
    Column("answer", JSON, nullable=False),
    Column("error", Text, nullable=False),
    # The command that this one undoes.
    Column("undoes", BigInteger),
    Column("job", BigInteger),
    Index("device_commands_of_case", "case"),
    Index("device_commands_by_state", "state"),
)

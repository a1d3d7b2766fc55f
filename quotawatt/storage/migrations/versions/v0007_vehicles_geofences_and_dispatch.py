"""Vehicles, geofences and dispatch."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring a store of the revision before to this one."""
    op.create_table(
        "dispatch_orders",
        sa.Column(
            "number",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("organisation", sa.String(length=64), nullable=False),
        sa.Column("applicant", sa.String(length=128), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("from_place", sa.String(length=256), nullable=False),
        sa.Column("to_places", sa.Text(), nullable=False),
        sa.Column("passengers", sa.Integer(), nullable=False),
        sa.Column("planned_start", sa.DateTime(timezone=True), nullable=False),
        sa.Column("planned_end", sa.DateTime(timezone=True), nullable=False),
        sa.Column("planned_km", sa.Float(), nullable=True),
        sa.Column("vehicle", sa.String(length=64), nullable=True),
        sa.Column("driver", sa.String(length=64), nullable=True),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.String(length=128), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision_note", sa.Text(), nullable=False),
        sa.Column("assigned_by", sa.String(length=128), nullable=True),
        sa.Column("assigned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("odometer_out_km", sa.Float(), nullable=True),
        sa.Column("returned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("odometer_in_km", sa.Float(), nullable=True),
        sa.Column("litres", sa.Float(), nullable=True),
        sa.Column("cost_cny", sa.Float(), nullable=True),
        sa.Column("rating", sa.Integer(), nullable=True),
        sa.Column("rating_note", sa.Text(), nullable=False),
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.Column("source_number", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("number"),
        sa.UniqueConstraint("source", "source_number"),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("dispatch_orders", schema=None) as batch_op:
        batch_op.create_index("dispatch_orders_by_state", ["state", "organisation"], unique=False)
        batch_op.create_index("dispatch_orders_by_time", ["planned_start"], unique=False)
        batch_op.create_index(
            "dispatch_orders_of_vehicle", ["vehicle", "planned_start"], unique=False
        )

    op.create_table(
        "drivers",
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=128), nullable=False),
        sa.Column("organisation", sa.String(length=64), nullable=False),
        sa.Column("driver_pool", sa.String(length=64), nullable=False),
        sa.Column("account", sa.String(length=128), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("code"),
    )
    op.create_table(
        "duty_vehicles",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("vehicle", sa.String(length=64), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("approved_by", sa.String(length=128), nullable=False),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_by", sa.String(length=128), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("duty_vehicles", schema=None) as batch_op:
        batch_op.create_index("duty_vehicles_of_vehicle", ["vehicle", "first_day"], unique=False)

    op.create_table(
        "fleet_touched",
        sa.Column("vehicle", sa.String(length=64), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "generation", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.PrimaryKeyConstraint("vehicle"),
    )
    op.create_table(
        "fuel_card_rows",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("vehicle", sa.String(length=64), nullable=False),
        sa.Column("time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("card", sa.String(length=64), nullable=False),
        sa.Column("fuel", sa.String(length=16), nullable=False),
        sa.Column("litres", sa.Float(), nullable=False),
        sa.Column("cost_cny", sa.Float(), nullable=True),
        sa.Column("odometer_km", sa.Float(), nullable=True),
        sa.Column("station", sa.String(length=256), nullable=False),
        sa.Column("entered_by", sa.String(length=128), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("vehicle", "time", "card", "litres"),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("fuel_card_rows", schema=None) as batch_op:
        batch_op.create_index("fuel_card_rows_of_vehicle", ["vehicle", "time"], unique=False)

    op.create_table(
        "geofences",
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("name_zh", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("organisation", sa.String(length=64), nullable=False),
        sa.Column("use", sa.String(length=32), nullable=False),
        sa.Column("outline", sa.Text(), nullable=False),
        sa.Column("radius_m", sa.Float(), nullable=True),
        sa.Column("speed_limit_kmh", sa.Float(), nullable=True),
        sa.Column("status", sa.String(length=16), server_default="in_use", nullable=False),
        sa.PrimaryKeyConstraint("code"),
    )
    op.create_table(
        "vehicle_deviations",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("rule", sa.String(length=64), nullable=False),
        sa.Column("vehicle", sa.String(length=64), nullable=False),
        sa.Column("start", sa.DateTime(timezone=True), nullable=False),
        sa.Column("end", sa.DateTime(timezone=True), nullable=False),
        sa.Column("trip", sa.DateTime(timezone=True), nullable=True),
        sa.Column("value", sa.Float(), nullable=True),
        sa.Column("limit", sa.Float(), nullable=True),
        sa.Column("unit", sa.String(length=16), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("explanation", sa.Text(), nullable=False),
        sa.Column("explained_by", sa.String(length=128), nullable=True),
        sa.Column("explained_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.String(length=128), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision_note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("rule", "vehicle", "start"),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("vehicle_deviations", schema=None) as batch_op:
        batch_op.create_index("vehicle_deviations_by_state", ["state", "vehicle"], unique=False)
        batch_op.create_index("vehicle_deviations_by_time", ["start", "vehicle"], unique=False)

    op.create_table(
        "vehicle_events",
        sa.Column("vehicle", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("start", sa.DateTime(timezone=True), nullable=False),
        sa.Column("end", sa.DateTime(timezone=True), nullable=False),
        sa.Column("amount", sa.Float(), nullable=True),
        sa.Column("before", sa.Float(), nullable=True),
        sa.Column("after", sa.Float(), nullable=True),
        sa.Column("latitude_deg", sa.Float(), nullable=True),
        sa.Column("longitude_deg", sa.Float(), nullable=True),
        sa.Column("odometer_km", sa.Float(), nullable=True),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("vehicle", "kind", "start"),
    )
    with op.batch_alter_table("vehicle_events", schema=None) as batch_op:
        batch_op.create_index("vehicle_events_by_time", ["start", "kind"], unique=False)

    op.create_table(
        "vehicle_seals",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("vehicle", sa.String(length=64), nullable=False),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("odometer_at_seal_km", sa.Float(), nullable=True),
        sa.Column("unsealed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("odometer_at_unseal_km", sa.Float(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("sealed_by", sa.String(length=128), nullable=False),
        sa.Column("unsealed_by", sa.String(length=128), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("vehicle_seals", schema=None) as batch_op:
        batch_op.create_index("vehicle_seals_of_vehicle", ["vehicle", "sealed_at"], unique=False)

    op.create_table(
        "vehicle_services",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("vehicle", sa.String(length=64), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("odometer_km", sa.Float(), nullable=True),
        sa.Column("cost_cny", sa.Float(), nullable=True),
        sa.Column("provider", sa.String(length=256), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("entered_by", sa.String(length=128), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_by", sa.String(length=128), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("vehicle_services", schema=None) as batch_op:
        batch_op.create_index("vehicle_services_of_vehicle", ["vehicle", "day"], unique=False)

    op.create_table(
        "vehicle_trips",
        sa.Column("vehicle", sa.String(length=64), nullable=False),
        sa.Column("start", sa.DateTime(timezone=True), nullable=False),
        sa.Column("end", sa.DateTime(timezone=True), nullable=False),
        sa.Column("start_after", sa.DateTime(timezone=True), nullable=True),
        sa.Column("end_before", sa.DateTime(timezone=True), nullable=True),
        sa.Column("distance_km", sa.Float(), nullable=True),
        sa.Column("distance_by", sa.String(length=24), nullable=False),
        sa.Column("odometer_start_km", sa.Float(), nullable=True),
        sa.Column("odometer_end_km", sa.Float(), nullable=True),
        sa.Column("gnss_km", sa.Float(), nullable=True),
        sa.Column("start_latitude_deg", sa.Float(), nullable=True),
        sa.Column("start_longitude_deg", sa.Float(), nullable=True),
        sa.Column("end_latitude_deg", sa.Float(), nullable=True),
        sa.Column("end_longitude_deg", sa.Float(), nullable=True),
        sa.Column("max_speed_kmh", sa.Float(), nullable=True),
        sa.Column("moving_s", sa.Float(), nullable=False),
        sa.Column("idling_s", sa.Float(), nullable=False),
        sa.Column("fuel_l", sa.Float(), nullable=True),
        sa.Column("fuel_by", sa.String(length=8), nullable=False),
        sa.Column("idling_fuel_l", sa.Float(), nullable=True),
        sa.Column("electricity_kwh", sa.Float(), nullable=True),
        sa.Column("electricity_by", sa.String(length=8), nullable=False),
        sa.Column("coverage", sa.Float(), nullable=False),
        sa.Column("messages", sa.Integer(), nullable=False),
        sa.Column("open", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("vehicle", "start"),
    )
    with op.batch_alter_table("vehicle_trips", schema=None) as batch_op:
        batch_op.create_index("vehicle_trips_by_time", ["start", "vehicle"], unique=False)

    with op.batch_alter_table("vehicles", schema=None) as batch_op:
        batch_op.add_column(sa.Column("home_area", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("permitted_area", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("speed_limit_kmh", sa.Float(), nullable=True))
        batch_op.add_column(sa.Column("service_every_km", sa.Float(), nullable=True))
        batch_op.add_column(sa.Column("service_every_months", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("value_cny", sa.Float(), nullable=True))

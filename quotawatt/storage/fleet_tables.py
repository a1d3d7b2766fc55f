"""The tables of official vehicles: trips, events, what needs an explanation, and their dispatch."""

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    Float,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from quotawatt.storage.schema import Id, Instant, metadata

fleet_touched = Table(
    # Vehicles whose messages changed and whose trips do not yet say so, since when.
    "fleet_touched",
    metadata,
    Column("vehicle", String(64), primary_key=True),
    Column("since", Instant, nullable=False),
    Column("generation", Id, nullable=False),
)
vehicle_trips = Table(
    # Computed from readings: rows are replaced where late messages change them.
    "vehicle_trips",
    metadata,
    Column("vehicle", String(64), primary_key=True),
    Column("start", Instant, primary_key=True),
    Column("end", Instant, nullable=False),
    Column("start_after", Instant),
    Column("end_before", Instant),
    Column("distance_km", Float),  # null: unknown
    Column("distance_by", String(24), nullable=False),
    Column("odometer_start_km", Float),
    Column("odometer_end_km", Float),
    Column("gnss_km", Float),
    Column("start_latitude_deg", Float),
    Column("start_longitude_deg", Float),
    Column("end_latitude_deg", Float),
    Column("end_longitude_deg", Float),
    Column("max_speed_kmh", Float),
    Column("moving_s", Float, nullable=False),
    Column("idling_s", Float, nullable=False),
    Column("fuel_l", Float),
    Column("fuel_by", String(8), nullable=False),
    Column("idling_fuel_l", Float),
    Column("electricity_kwh", Float),
    Column("electricity_by", String(8), nullable=False),
    Column("coverage", Float, nullable=False),
    Column("messages", Integer, nullable=False),
    Column("open", Boolean, nullable=False),
    Index("vehicle_trips_by_time", "start", "vehicle"),
)
vehicle_events = Table(
    # Idling, refuelling, fuel drops, charging; replaced as trips are.
    "vehicle_events",
    metadata,
    Column("vehicle", String(64), primary_key=True),
    Column("kind", String(16), primary_key=True),
    Column("start", Instant, primary_key=True),
    Column("end", Instant, nullable=False),
    Column("amount", Float),
    Column("before", Float),
    Column("after", Float),
    Column("latitude_deg", Float),
    Column("longitude_deg", Float),
    Column("odometer_km", Float),
    Column("detail", JSON, nullable=False),
    Index("vehicle_events_by_time", "start", "kind"),
)
vehicle_deviations = Table(
    # What rules for vehicles found. Never deleted once somebody explained it: its number is cited.
    "vehicle_deviations",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("rule", String(64), nullable=False),
    Column("vehicle", String(64), nullable=False),
    Column("start", Instant, nullable=False),
    Column("end", Instant, nullable=False),
    Column("trip", Instant),
    Column("value", Float),
    Column("limit", Float),
    Column("unit", String(16), nullable=False),
    Column("detail", JSON, nullable=False),
    # open, explained, accepted, rejected, or retracted (the data no longer say so).
    Column("state", String(16), nullable=False),
    Column("found_at", Instant, nullable=False),
    Column("explanation", Text, nullable=False),
    Column("explained_by", String(128)),
    Column("explained_at", Instant),
    Column("decided_by", String(128)),
    Column("decided_at", Instant),
    Column("decision_note", Text, nullable=False),
    UniqueConstraint("rule", "vehicle", "start"),
    Index("vehicle_deviations_by_state", "state", "vehicle"),
    Index("vehicle_deviations_by_time", "start", "vehicle"),
    sqlite_autoincrement=True,
)
vehicle_seals = Table(
    # 封存: a vehicle put out of use over a holiday, with what the odometer showed before and after.
    "vehicle_seals",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("vehicle", String(64), nullable=False),
    Column("sealed_at", Instant, nullable=False),
    Column("odometer_at_seal_km", Float),
    Column("unsealed_at", Instant),
    Column("odometer_at_unseal_km", Float),
    Column("note", Text, nullable=False),
    Column("sealed_by", String(128), nullable=False),
    Column("unsealed_by", String(128)),
    Index("vehicle_seals_of_vehicle", "vehicle", "sealed_at"),
    sqlite_autoincrement=True,
)
duty_vehicles = Table(
    # The approved duty list: vehicles that may drive on days on which the others stand sealed.
    "duty_vehicles",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("vehicle", String(64), nullable=False),
    # Local days, [first_day, until).
    Column("first_day", Date, nullable=False),
    Column("until", Date, nullable=False),
    Column("reason", Text, nullable=False),
    Column("approved_by", String(128), nullable=False),
    Column("approved_at", Instant, nullable=False),
    Column("withdrawn_by", String(128)),
    Column("withdrawn_at", Instant),
    Index("duty_vehicles_of_vehicle", "vehicle", "first_day"),
    sqlite_autoincrement=True,
)
vehicle_services = Table(
    # Maintenance, repair, insurance, inspection as they were done and paid.
    "vehicle_services",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("vehicle", String(64), nullable=False),
    Column("day", Date, nullable=False),  # local
    Column(
        "kind", String(16), nullable=False
    ),  # maintenance, repair, insurance, inspection, toll, other
    Column("odometer_km", Float),
    Column("cost_cny", Float),
    Column("provider", String(256), nullable=False),
    Column("note", Text, nullable=False),
    Column("entered_by", String(128), nullable=False),
    Column("entered_at", Instant, nullable=False),
    Column("withdrawn_by", String(128)),
    Column("withdrawn_at", Instant),
    Index("vehicle_services_of_vehicle", "vehicle", "day"),
    sqlite_autoincrement=True,
)
fuel_card_rows = Table(
    # 加油卡流水: fuel as the card's provider billed it. The same row twice is one.
    "fuel_card_rows",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("vehicle", String(64), nullable=False),
    Column("time", Instant, nullable=False),
    Column("card", String(64), nullable=False),
    Column("fuel", String(16), nullable=False),  # petrol or diesel
    Column("litres", Float, nullable=False),
    Column("cost_cny", Float),
    Column("odometer_km", Float),  # as the driver told it
    Column("station", String(256), nullable=False),  # code of a geofence, or a name
    Column("entered_by", String(128), nullable=False),
    Column("entered_at", Instant, nullable=False),
    UniqueConstraint("vehicle", "time", "card", "litres"),
    Index("fuel_card_rows_of_vehicle", "vehicle", "time"),
    sqlite_autoincrement=True,
)
drivers = Table(
    "drivers",
    metadata,
    Column("code", String(64), primary_key=True),
    Column("name", String(128), nullable=False),
    Column("organisation", String(64), nullable=False),
    Column("driver_pool", String(64), nullable=False),
    Column(
        "account", String(128), nullable=False
    ),  # a user's name, who then drives by phone; empty: none
    Column("active", Boolean, nullable=False),
)
dispatch_orders = Table(
    # 派车单: a use of a vehicle, asked for, approved, assigned, driven, returned and rated.
    "dispatch_orders",
    metadata,
    Column("number", Id, primary_key=True, autoincrement=True),
    # requested, approved, rejected, assigned, under_way, returned, rated or cancelled
    Column("state", String(16), nullable=False),
    Column("organisation", String(64), nullable=False),
    Column("applicant", String(128), nullable=False),
    Column("purpose", Text, nullable=False),
    Column("from_place", String(256), nullable=False),
    Column("to_places", Text, nullable=False),
    Column("passengers", Integer, nullable=False),
    Column("planned_start", Instant, nullable=False),
    Column("planned_end", Instant, nullable=False),
    Column("planned_km", Float),
    Column("vehicle", String(64)),
    Column("driver", String(64)),
    Column("requested_at", Instant, nullable=False),
    Column("decided_by", String(128)),
    Column("decided_at", Instant),
    Column("decision_note", Text, nullable=False),
    Column("assigned_by", String(128)),
    Column("assigned_at", Instant),
    Column("left_at", Instant),
    Column("odometer_out_km", Float),
    Column("returned_at", Instant),
    Column("odometer_in_km", Float),
    Column("litres", Float),  # what the driver says was used or filled
    Column("cost_cny", Float),  # tolls and parking
    Column("rating", Integer),  # 1 to 5
    Column("rating_note", Text, nullable=False),
    # Of an order that came by file or another system: its number there. The same number twice is one order.
    Column("source", String(64), nullable=False),
    Column("source_number", String(64)),
    UniqueConstraint("source", "source_number"),
    Index("dispatch_orders_of_vehicle", "vehicle", "planned_start"),
    Index("dispatch_orders_by_state", "state", "organisation"),
    Index("dispatch_orders_by_time", "planned_start"),
    sqlite_autoincrement=True,
)

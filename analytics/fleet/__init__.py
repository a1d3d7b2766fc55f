"""Vehicles: from messages to trips, litres, kilowatt-hours and what needs an explanation."""

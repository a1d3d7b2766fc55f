"""What people enter by hand: meter readings, bills, purchases of fuel.

Forms are read and checked by pure functions; ``book`` keeps entries with all their revisions, ``intake`` is
the way in, and analytics takes readings from the series store and the rest as amounts.
"""

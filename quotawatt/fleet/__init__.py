"""Official vehicles on the road: trips, what happened on them, and what needs an explanation."""

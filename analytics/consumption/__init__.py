"""From readings to use: what counts, what is a fault, how it spreads over hours, how it is explained."""

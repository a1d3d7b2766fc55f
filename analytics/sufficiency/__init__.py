"""Whether a series bears what is wanted of it, before any model: terms of CalTRACK and ASHRAE 14."""

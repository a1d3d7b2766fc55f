"""Carbon: what is emitted where, under which factor, and where it stands on the path to a target."""

"""Who is told what, when and how: duties, routes, escalation, silences, digests."""

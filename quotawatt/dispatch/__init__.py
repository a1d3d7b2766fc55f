"""Dispatch of official vehicles: orders from request to rating, and the books beside them."""

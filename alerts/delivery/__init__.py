"""The way of a message out: the outbox, and the threads that empty it."""

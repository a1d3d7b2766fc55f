"""Exchange with other platforms: what is offered, in which shape, pushed, pulled and taken in."""

"""One module a board; each offers ``board(language, timezone)``."""

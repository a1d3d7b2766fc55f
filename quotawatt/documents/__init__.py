"""Documents that people print, seal and file: one model, written as Word and as a printable page."""

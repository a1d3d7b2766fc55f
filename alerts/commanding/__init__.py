"""Commands to devices: offered by a case, asked for, confirmed by a second person, sent, answered, undone."""

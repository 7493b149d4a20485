"""One module a command: parse, call the rooms, render. Rooms are imported when a command runs."""

"""An agreement as SQL for somebody's own engine: named steps, laid out to be read."""

"""What happened, as clients tell it: received, durable, once, never changed."""

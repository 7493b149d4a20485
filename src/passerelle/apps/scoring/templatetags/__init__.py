"""Tags of the agreement pages."""

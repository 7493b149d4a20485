"""The pages on which people look leads and companies up."""

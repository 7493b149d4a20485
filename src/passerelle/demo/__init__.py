"""A seeded simulator of one B2B company, with the hidden truth beside what is seen."""

"""What the service remembers: a Django app a concept, each importing only those below it."""

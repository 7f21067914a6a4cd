"""Next month's export: a run that takes over what is known and scores what is new."""

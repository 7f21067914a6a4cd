"""Files of verdicts and sets, read in a process that may use little."""

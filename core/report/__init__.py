"""The report of a run: one page to print, for those who decide what is done about it."""

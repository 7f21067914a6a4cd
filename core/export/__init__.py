"""What can be taken along: lists, spreadsheets, contact sheets."""

"""Exports: lists, spreadsheets, contact sheets."""

"""Reading what people send: encodings, names, files, tables."""

"""Writes the sample into the database, table by table, many rows at once."""

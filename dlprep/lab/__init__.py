"""The lab: runs a demonstration, records what it measured, renders the record."""

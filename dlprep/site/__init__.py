"""Writes the pages of the site from the bank, the measured reports and the docstrings."""

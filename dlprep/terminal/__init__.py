"""The quiz in a terminal: rich screens, plain lines, readable mathematics."""

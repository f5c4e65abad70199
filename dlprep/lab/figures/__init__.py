"""What draws a figure: words and tables, characters for a terminal, SVG for a page."""

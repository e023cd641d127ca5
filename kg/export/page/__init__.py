"""The page's data and parts: what `kg.export.html` puts together into one file."""

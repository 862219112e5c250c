"""Files in: bytes to text, text to data with places. Knows no model of ours but blocks, styles and diagnostics."""

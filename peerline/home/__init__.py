"""Home pages and navigation."""

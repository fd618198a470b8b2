"""Open pages of signed-in accounts, told within a second of what happens elsewhere."""

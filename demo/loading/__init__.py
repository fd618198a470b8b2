"""How the demo world gets into the database: rows made in memory, written at once."""

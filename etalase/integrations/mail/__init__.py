"""Mail: an outbox in the database, handed over to a mail server, each mail once for the fact that asked for it."""

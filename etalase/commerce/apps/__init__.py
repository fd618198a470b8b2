"""Apps: programs of others that act for a shop; only with its owner's leave, only within what was agreed, until it ends."""

"""Deadlines: every running clock as a row that both sides see; at zero its consequence is carried out once."""

"""Orders: one shop's part of a purchase. An order moves only along its table of states, and never twice the same way."""

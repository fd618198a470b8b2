"""The sandbox payment provider: a peer with its own hosted page that moves no real money."""

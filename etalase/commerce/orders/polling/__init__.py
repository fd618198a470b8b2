"""Polling: a shop's orders in pages that miss none and repeat none while orders change, and the numbers other programs give them."""

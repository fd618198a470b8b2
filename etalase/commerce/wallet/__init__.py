"""Wallets: money that a person keeps here, tops up, pays with and withdraws; the ledger holds it."""

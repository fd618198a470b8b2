"""What the ledger refuses."""


class WalletShort(Exception):
    """There is not so much in the wallet."""

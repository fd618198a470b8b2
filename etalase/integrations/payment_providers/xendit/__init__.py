"""Xendit: virtual accounts, QRIS and e-wallets by payment requests, cards and minimarkets on its invoice page."""

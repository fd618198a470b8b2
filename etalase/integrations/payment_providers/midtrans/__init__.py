"""Midtrans: QRIS, virtual accounts, GoPay, ShopeePay and minimarkets by its Core API, cards on its Snap page."""

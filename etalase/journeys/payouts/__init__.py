"""Payouts: sellers' available money goes to a verified bank account, in batches that the operator approves."""

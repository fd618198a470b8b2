"""Transfers to the operator's bank account: what buyers show, and what the bank's statement says came."""

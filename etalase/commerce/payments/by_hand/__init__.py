"""Refunds that no provider sends: the buyer names a bank account, the operator pays and writes down the reference."""

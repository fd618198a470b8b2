"""The trade itself, one package a subject; left may use right: shipping, orders, payments, ledger, promotions, inventory, catalog, accounts."""

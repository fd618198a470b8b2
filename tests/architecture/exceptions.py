"""Statements that may do what others may not, each with its reason."""

SWEEP = "one sweeper fires the clocks of all shops; each shop's node runs its own when there is more than one"
DESK = "the time machine and the operator look at the clocks of all shops at once"
RELAY = "the relay reads every fact of this database in the order of commits"
PAYOUTS = "the operator pays the sellers of all shops together"
SETTLED = "a worker settles the orders of all shops that are due"
AUDIT = "the audit proves the books of all shops together"
POST = "the worker sends what waits for all shops; each shop's node sends its own when there is more than one"
MAKER = "the maker of an app sees what it was told of all shops"
WITHOUT_SHOP = {
    "commerce/ledger:lock_wallets": "wallets are their owners', and are locked for a batch of checkouts together",
    "commerce/orders:refused_at_the_door": "what buyers left at their doors, whichever shop sent it",
    "commerce/apps:forget_old_repeats": "the worker forgets old answers of all shops",
    "commerce/shipping:parcels_to_ask": "the worker asks carriers about the parcels of all shops",
    "foundation/deadlines:claim_due": SWEEP,
    "foundation/deadlines:lock_near": SWEEP,
    "foundation/deadlines:count_waiting": SWEEP,
    "foundation/deadlines:next_due": DESK,
    "foundation/deadlines:overdue": DESK,
    "foundation/deadlines:late_orders": DESK,
    "foundation/deadlines:fired_since": DESK,
    "foundation/deadlines:count_fired_since": DESK,
    "foundation/deadlines:running_by_kind": DESK,
    "foundation/facts:facts_to_relay": RELAY,
    "foundation/facts:restored_facts": RELAY,
    "foundation/facts:restart_position": RELAY,
    "foundation/facts:pass_over_recorded": RELAY,
    "foundation/facts:oldest_waiting": RELAY,
    "journeys/payouts:accounts_to_verify": PAYOUTS,
    "journeys/payouts:batches": PAYOUTS,
    "journeys/payouts:close_batch": PAYOUTS,
    "journeys/payouts:payouts_of_batch": PAYOUTS,
    "journeys/payouts:propose_payouts": PAYOUTS,
    "journeys/settlement:shops_due": SETTLED,
    "journeys/settlement:latest_adjustments": "the operator sees what was given and taken over all shops",
    "journeys/settlement:forget_paid_debts": "one look at the sellers of all shops who owe something",
    "journeys/settlement:note_new_debts": "one look at the sellers of all shops who owe something",
    "journeys/auditing:books_that_disagree": AUDIT,
    "journeys/auditing:shops_after": AUDIT,
    "reactions/webhooks:has_due": POST,
    "reactions/webhooks:claim_messages": POST,
    "reactions/webhooks:due_at_once": POST,
    "reactions/webhooks:forget_old": POST,
    "reactions/webhooks:addresses_of_app": MAKER,
    "reactions/webhooks:messages_of_app": MAKER,
    "journeys/claims:disputes": "the operator's desk shows the claims of all shops",
    "journeys/returns:statistics_of_shops": "the operator sees which shops give buyers trouble",
    "journeys/returns:escalated": "the operator decides returns of all shops",
    "foundation/time_machine:last_moved_at": "the clock is the platform's; its facts belong to shop 0",
}
"""Statements on shop tables that are given neither a shop nor a buyer (a buyer's lists go over shops)."""

WITHOUT_LIMIT = {
    "commerce/catalog:pictures_of_product": "a product has nine pictures at most",
    "commerce/catalog:variants_of_product": "a product has a hundred variants at most",
    "commerce/inventory:stock_of_product": "a product has a hundred variants at most",
    "commerce/ledger:balances_of_order": "a sum for each account of the ledger",
    "commerce/orders:counts_of_buyer": "a sum for each of eight states",
    "commerce/orders:counts_of_shop": "a sum for each of eight states",
}
"""Lists that are bounded otherwise than by a LIMIT or by the keys they are given."""

MACHINE_TIME = {
    "etalase/foundation/clock.py": "it is the clock",
    "etalase/web/realtime/hub.py": "ids carry the machine's time, whatever the demo's clock shows",
}
"""Files that ask the machine for the time."""

READ_WHOLE: dict[str, tuple[set[str], str]] = {
    "commerce/payments:failed_refunds": ({"refunds"}, "an index of those that failed, as far as a page"),
    "commerce/payments:refunds_by_hand": ({"refunds"}, "an index of those that a hand pays, as far as a page"),
    "journeys/returns:escalated": ({"returns"}, "an index of those that wait for the operator, as far as a page"),
    "commerce/payments/transfers:new_lines": (
        {"statement_lines"},
        "an index of lines without effect, as far as a page",
    ),
    "commerce/shipping:parcels_to_ask": ({"parcels"}, "an index of those under way, as far as a batch"),
    "foundation/deadlines:late_orders": ({"deadlines"}, "an index of running clocks, as far as a page"),
    "foundation/deadlines:running_by_kind": ({"deadlines"}, "an index of running clocks, no further than is counted"),
    "foundation/facts:pass_over_recorded": ({"facts"}, "the end of an index, once"),
    "journeys/auditing:books_that_disagree": (
        {"ledger_entries", "captures", "payments", "refunds"},
        "the books as a whole at one moment: it adds up and keeps nothing; once a night",
    ),
}
"""Statements that read a table or an index from its beginning: which, and why it ends."""

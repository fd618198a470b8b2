"""Rows of every table the demo world fills, collected in memory and copied in the order of their foreign keys."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final
from uuid import UUID

import psycopg
from psycopg import sql
from psycopg.types.json import Jsonb

from etalase.foundation.policies.queries import statements as policies
from etalase.foundation.policies.rules import set_id
from etalase.foundation.sql import json_rows

COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "accounts": ("id", "name", "email", "phone", "password_hash", "locale", "zone", "is_operator", "avatar_key", "created_at"),
    "addresses": ("buyer_id", "id", "label", "recipient", "phone", "province", "city", "district", "postal_code", "street",
                  "landmark", "is_default", "created_at"),
    "shops": ("shop_id", "slug", "name", "description", "description_en", "province", "city", "zone", "logo_key", "banner_key",
              "confirm_mode", "opens_at", "closes_at", "carriers", "joined_at"),
    "shop_members": ("shop_id", "account_id", "role", "joined_at"),
    "apps": ("id", "key", "owner_id", "name", "secret_salt", "redirect_urls", "scopes", "created_at", "secret_changed_at"),
    "authorizations": ("id", "app_id", "account_id", "scopes", "granted_at"),
    "authorized_shops": ("authorization_id", "shop_id", "app_id", "cipher", "granted_at"),
    "app_tokens": ("id", "authorization_id", "access_hash", "access_expires_at", "refresh_hash", "refresh_expires_at",
                   "created_at"),
    "categories": ("id", "parent_id", "slug", "name_id", "name_en", "icon", "position"),
    "products": ("shop_id", "id", "category_id", "title", "description", "state", "handling_days", "sold_units", "created_at",
                 "updated_at"),
    "product_media": ("shop_id", "id", "product_id", "position", "file_key", "width", "height", "alt"),
    "variants": ("shop_id", "id", "product_id", "position", "options", "name", "seller_sku", "price_minor", "weight_grams",
                 "media_id"),
    "stock": ("shop_id", "variant_id", "on_hand", "committed"),
    "stock_movements": ("shop_id", "id", "variant_id", "reason", "on_hand_change", "committed_change", "order_id", "note",
                        "actor_id", "at"),
    "cart_lines": ("buyer_id", "shop_id", "variant_id", "quantity", "price_seen_minor", "is_selected", "added_at"),
    "purchases": ("buyer_id", "id", "placement_key", "payment_method", "currency", "total_minor", "placed_at"),
    "purchase_orders": ("buyer_id", "purchase_id", "shop_id", "order_id", "total_minor"),
    "orders": ("shop_id", "id", "buyer_id", "purchase_id", "state", "payment_method", "is_cod", "currency", "items_minor",
               "shipping_minor", "insurance_minor", "total_minor", "refunded_minor", "units", "shop_name", "buyer_name", "address", "delivery",
               "policy_set_id", "buyer_note", "seller_note", "search", "placed_at", "paid_at", "confirmed_at", "arranged_at",
               "collected_at", "delivered_at", "completed_at", "cancelled_at", "cancelled_by", "cancel_reason",
               "address_changed_at", "extended_at", "reminded_at", "hidden_at", "updated_at"),
    "shop_order_counts": ("shop_id", "state", "slot", "orders"),
    "order_lines": ("shop_id", "id", "order_id", "product_id", "variant_id", "title", "variant_name", "seller_sku", "image_key",
                    "unit_price_minor", "quantity", "cancelled_quantity", "returned_quantity",
                    "weight_grams"),
    "cancellations": ("shop_id", "id", "order_id", "state", "asked_by", "actor_id", "reason", "note", "restock", "refund_minor",
                      "requested_at", "decided_at", "decided_by", "answer"),
    "cancellation_lines": ("shop_id", "cancellation_id", "order_line_id", "quantity"),
    "cases": ("shop_id", "id", "order_id", "buyer_id", "kind", "state", "opened_at", "closed_at"),
    "case_messages": ("shop_id", "id", "case_id", "author", "author_id", "text", "at"),
    "returns": ("shop_id", "id", "order_id", "buyer_id", "kind", "state", "reason", "amount_minor", "answer", "carrier",
                "tracking_number", "sent_back_at", "received_at", "restock", "new_carrier", "new_number", "escalated_by",
                "outcome", "refund_minor", "requested_at", "updated_at", "ended_at"),
    "return_lines": ("shop_id", "return_id", "order_line_id", "quantity", "received"),
    "parcels": ("shop_id", "id", "state", "method", "carrier", "service", "tracking_number", "booking", "insured",
                "delay_note", "delayed_at", "last_event_at", "last_status", "arranged_at", "collected_at", "delivered_at",
                "received_by", "eta_from", "eta_until", "purpose", "case_id"),
    "parcel_orders": ("shop_id", "parcel_id", "order_id"),
    "parcel_lines": ("shop_id", "parcel_id", "order_line_id", "quantity"),
    "parcel_numbers": ("carrier", "number", "shop_id", "parcel_id", "is_current", "entered_by", "entered_at", "replaced_at"),
    "tracking_events": ("shop_id", "id", "parcel_id", "vendor", "event_id", "status", "raw_code", "description", "place", "zone",
                        "occurred_at", "recorded_at"),
    "payments": ("buyer_id", "id", "purchase_id", "provider", "method", "state", "amount_minor", "currency",
                 "provider_reference", "instructions", "expires_at", "started_at", "paid_at", "failure", "is_top_up"),
    "transfer_proofs": ("buyer_id", "id", "payment_id", "file_key", "state", "sent_at"),
    "captures": ("buyer_id", "payment_id", "attempt", "amount_minor", "currency", "at", "use"),
    "refunds": ("buyer_id", "id", "payment_id", "shop_id", "order_id", "cancellation_id", "case_id", "reason", "state", "amount_minor",
                "currency", "provider_reference", "approved_at", "sent_at", "done_at", "expected_from", "expected_until",
                "attempts", "failure"),
    "claims": ("shop_id", "id", "order_id", "buyer_id", "parcel_id", "kind", "opened_by", "state", "reason", "checks",
               "amount_minor", "has_answer", "decision", "decision_reason", "decision_text", "decided_by", "decided_at",
               "opened_at", "updated_at"),
    "ledger_entries": ("shop_id", "id", "posting_id", "account", "owner_id", "currency", "amount_minor", "cause", "order_id",
                       "reference_id", "at"),
    "ledger_totals": ("shop_id", "account", "owner_id", "currency", "slot", "amount_minor"),
    "settlements": ("shop_id", "order_id", "state", "currency", "due_at", "pending_minor", "base_minor", "commission_minor",
                    "fee_minor", "tax_minor", "shipping_minor", "net_minor", "policies", "settled_at"),
    "settlement_lines": ("shop_id", "order_id", "order_line_id", "base_minor", "rate", "version", "commission_minor"),
    "seller_bank_accounts": ("shop_id", "id", "state", "bank", "number", "holder", "entered_by", "entered_at", "decided_by",
                             "decided_at", "usable_from"),
    "payout_batches": ("id", "state", "proposed_by", "proposed_at", "approved_by", "approved_at", "ended_at"),
    "payouts": ("shop_id", "id", "batch_id", "state", "currency", "amount_minor", "bank", "number", "holder", "proposed_at",
                "approved_at", "paid_at", "ended_at"),
    "wallet_bank_accounts": ("buyer_id", "id", "state", "bank", "number", "holder", "entered_at", "verified_at", "usable_from"),
    "withdrawals": ("buyer_id", "id", "request_key", "state", "currency", "amount_minor", "fee_minor", "bank", "number", "holder",
                    "requested_at", "due_at"),
    "deadlines": ("shop_id", "id", "kind", "subject_kind", "subject_id", "order_id", "started_at", "due_at", "policy_key",
                  "policy_version", "state", "paused_since", "extended_times", "ended_at", "warn_at"),
    "facts": ("shop_id", "id", "name", "subject_kind", "subject_id", "order_id", "buyer_id", "actor_kind", "actor_id", "at",
              "data", "recorded_xid"),
    "notifications": ("account_id", "id", "audience", "shop_id", "order_id", "fact_id", "kind", "values", "created_at",
                      "read_at"),
}  # fmt: skip
"""Tables in the order in which they can be filled."""

WITH_ARRAYS: Final = frozenset({"shops", "apps", "authorizations"})
"""Tables in which a list is an array of texts, not JSON."""

Row = tuple[Any, ...]


class Rows:
    """What is to be written, by table."""

    def __init__(self) -> None:
        self.by_table: dict[str, list[Row]] = defaultdict(list)

    def add(self, table: str, **values: Any) -> None:
        """One more row; every column of COLUMNS has to be named."""
        columns = COLUMNS[table]
        if len(values) != len(columns):
            raise KeyError(f"{table}: {sorted(set(columns) ^ set(values))}")
        self.by_table[table].append(
            tuple(
                Jsonb(v) if isinstance(v, dict | list) and table not in WITH_ARRAYS else v
                for v in (values[c] for c in columns)
            )
        )

    def write(self, connection: psycopg.Connection[Any], *, progress: Callable[[float], None]) -> None:
        """Copy everything inside the caller's transaction; `progress` hears how much is done, from 0 to 1."""
        whole, done = sum(len(rows) for rows in self.by_table.values()) or 1, 0
        for table, columns in COLUMNS.items():
            with connection.cursor() as cursor, cursor.copy(copy_into(table, columns)) as copy:
                for row in self.by_table.get(table, ()):
                    copy.write_row(row)
            done += len(self.by_table.get(table, ()))
            progress(done / whole)


def keep_sets(connection: psycopg.Connection[Any], copies: Iterable[Mapping[str, Any]]) -> list[UUID]:
    """Write sets of policies down, those that are there already left as they are; their ids."""
    sets = {set_id(copy): copy for copy in copies}
    connection.execute(
        policies["keep_sets"].text, {"sets": json_rows({"id": one, "policies": copy} for one, copy in sets.items())}
    )
    return list(sets)


def copy_into(table: str, columns: tuple[str, ...]) -> sql.Composed:
    """The COPY statement of a table."""
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    return sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), names)

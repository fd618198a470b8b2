"""docs/open_api_fields.md: every field that the public Python client knows of an answer, and whether we send it."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import attrs
from tiktok_shop_api.generated import models
from tiktok_shop_api.generated._meta import OPERATIONS

from etalase.web.open_api.describing import all_calls, fields_of
from etalase.web.open_api.registry import ApiCall, Fills

ENVELOPE: Final = {"code", "message", "request_id"}
EMPTY: Final[Mapping[str, str]] = {
    "address_line3": "addresses have a street and a landmark",
    "address_line4": "addresses have a street and a landmark",
    "buyer_service_fee": "buyers pay no such fee",
    "can_van_collection": "couriers come by themselves",
    "cod_fee": "cash on delivery costs buyers nothing",
    "handling_fee": "buyers pay no such fee",
    "has_draft": "changes are at once what buyers see",
    "image_url": "pictures of variants stand in the order",
    "is_dangerous_good": "no product says so",
    "is_exchange_order": "goods are not exchanged by orders",
    "is_gift": "there are no gifts",
    "is_not_for_sale": "every product is for sale",
    "is_replacement_order": "replacements are parcels of the same order",
    "is_sample_order": "there are no samples",
    "item_insurance_fee": "goods are insured on their way alone",
    "last_name": "names are one field",
    "platform_discount": "the platform gives no discounts",
    "product_tax": "prices are what buyers pay",
    "refund_tax": "prices are what buyers pay",
    "room_id": "nothing is sold live yet",
    "shipping_fee_cofunded_discount": "shipping is not discounted yet",
    "shipping_fee_deduction_platform": "shipping is not discounted yet",
    "shipping_fee_deduction_platform_voucher": "shipping is not discounted yet",
    "shipping_fee_deduction_seller": "shipping is not discounted yet",
    "shipping_fee_platform_discount": "shipping is not discounted yet",
    "shipping_fee_seller_discount": "shipping is not discounted yet",
    "shipping_fee_tax": "prices are what buyers pay",
    "small_order_fee": "buyers pay no such fee",
    "subtotal_deduction_platform": "the platform gives no discounts",
    "subtotal_deduction_seller": "discounts of the seller are vouchers",
    "subtotal_tax_amount": "prices are what buyers pay",
    "tax": "prices are what buyers pay",
    "tax_amount": "prices are what buyers pay",
    "tax_rate": "prices are what buyers pay",
    "voucher_deduction_platform": "the platform gives no discounts",
}
"""Fields that are sent and always hold nothing ("", "0", false): why, by their last name. A test holds it true."""
INTRODUCTION: Final = (
    "Every field that the public Python client (`tiktok-shop-api`) knows of the answers of calls that are there. **filled** comes "
    "from the shop's own data where there is any, **empty** is sent and says nothing by its meaning (the reason stands beside it), "
    "and *not applicable* are fields that are left out, for there is nothing here they could tell: programs of other countries, "
    "promotions, taxes. Calls that answer nothing, and those that are refused (see [the table of calls](open_api.md)), have no fields."
)


@dataclass(frozen=True, slots=True)
class Field:
    """A field of an answer: orders[].line_items[].id."""

    path: str
    kind: str
    reason: str = ""


def parts(table: Callable[..., str]) -> list[str]:
    """The parts of the page; `table` writes a head and rows."""
    found = [INTRODUCTION]
    for call in all_calls():
        fields = fields_of_call(call)
        if not fields:
            continue
        sent = [one for one in fields if one.kind != "not applicable"]
        left_out = [f"`{one.path}`" for one in fields if one.kind == "not applicable"]
        found += [f"## {call.method} {call.path}", table(["field", "is", "because"], map(_row, sent))]
        if left_out:
            found.append(f"*Not applicable* ({len(left_out)}): {', '.join(left_out)}")
    return found


def _row(one: Field) -> tuple[str, ...]:
    return f"`{one.path}`", one.kind, one.reason


def fields_of_call(call: ApiCall) -> list[Field]:
    """The fields of a call's answer that the client knows, in its order; none where it knows no such call."""
    model = model_of(call)
    if model is None or call.fills is Fills.REFUSED:
        return []
    ours = {path for path, _kind in fields_of("answer", call)}
    return [_field(path, ours, call) for path in dict.fromkeys(paths_of(model))]


def _field(path: str, ours: set[str], call: ApiCall) -> Field:
    if path not in ours:
        return Field(path, "not applicable")
    if call.fills is Fills.EMPTY:
        return Field(path, "empty", call.note)
    reason = EMPTY.get(path.rpartition(".")[2].removesuffix("[]"))
    return Field(path, "empty", reason) if reason else Field(path, "filled")


def model_of(call: ApiCall) -> Any:
    """The client's model of what a call answers; none where it has none."""
    operation = _operations().get((call.method, re.sub(r"\{\w+\}", "{}", f"{call.domain}/{call.rest}")))
    if operation is None:
        return None
    name = f"{operation[0].upper()}{operation[1:]}ResponseData"
    return getattr(models, name, None)


@cache
def _operations() -> dict[tuple[str, str], str]:
    """Operations of the client by method and path, whatever the version and the names of the path's values."""
    found = {}
    for one in OPERATIONS:
        domain, _version, rest = one["path"].lstrip("/").split("/", 2)
        found[one["method"].upper(), re.sub(r"\{\w+\}", "{}", f"{domain}/{rest}")] = one["operationId"]
    return found


def paths_of(model: Any, prefix: str = "", seen: tuple[Any, ...] = ()) -> Iterator[str]:
    """The fields of a model class and of those inside, as dotted names."""
    for one in attrs.fields(model):
        if one.name == "additional_properties":
            continue
        kind = str(one.type)
        is_list = kind.startswith("list[")
        path = f"{prefix}{one.name.removesuffix('_')}{'[]' if is_list else ''}"
        yield path
        inner = next((cls for cls in map(_class_of, re.findall(r"[A-Z]\w+", kind)) if cls is not None), None)
        if inner is not None and inner not in seen:
            yield from paths_of(inner, f"{path}.", (*seen, inner))


def _class_of(name: str) -> Any:
    found = getattr(models, name, None)
    return found if found is not None and attrs.has(found) else None

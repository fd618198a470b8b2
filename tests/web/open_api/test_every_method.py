"""Every method of the public client that stands in our table of calls: driven by a test of its family, and answered as it parses.

The client's own classes are walked, so that a call that is added to the table is missed here until a test drives it.
"""

import ast
import inspect
import io
import re
from collections.abc import Iterator
from datetime import date
from enum import Enum
from pathlib import Path
from typing import Any, Final

import attrs
import httpx
import pytest
from fastapi import FastAPI
from tiktok_shop_api import AsyncTikTokShop, TikTokShopError
from tiktok_shop_api.generated import models
from tiktok_shop_api.generated._meta import OPERATIONS
from tiktok_shop_api.generated.types import File

from etalase.foundation.sql import Db
from etalase.web.open_api.describing import all_calls
from etalase.web.open_api.refusals import MEANING, NOT_OFFERED_HERE, OUR_MISTAKE
from etalase.web.open_api.registry import ApiCall, Fills
from tests.builders.open_api import make_connector
from tests.builders.stall import make_stall
from tools.open_api_fields import model_of

OURS_ALONE: Final = "sandbox"
"""The client knows nothing of the sandbox's calls."""
WRITTEN: Final = {"str": "77", "int": 7, "bool": True, "float": 7.0, "datetime.date": date(2026, 11, 23)}
CLASS: Final = re.compile(r"[A-Z]\w+")


def snake(name: str) -> str:
    """getOrderList as Python writes it."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()


def methods() -> Iterator[tuple[ApiCall, str, str]]:
    """Our calls with the client's group and method for each."""
    known = {_key(one["method"], one["path"]): one for one in OPERATIONS}
    for call in all_calls():
        if call.domain == OURS_ALONE:
            continue
        found = known[_key(call.method, call.path)]
        yield call, snake(found["group"]), snake(found["operationId"])


def _key(method: str, path: str) -> tuple[str, str]:
    domain, _, rest = path.lstrip("/").split("/", 2)
    return method.upper(), re.sub(r"\{\w+\}", "{}", f"{domain}/{rest}")


def driven() -> set[str]:
    """The names of all methods that a test beside this one awaits."""
    return {
        node.value.func.attr
        for path in Path(__file__).parent.glob("test_*.py")
        if path.name != Path(__file__).name
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Await) and isinstance(node.value, ast.Call) and isinstance(node.value.func, ast.Attribute)
    }  # fmt: skip


def test_a_test_drives_every_method_that_is_served() -> None:
    called = driven()
    assert [name for call, _, name in methods() if call.fills is not Fills.REFUSED and name not in called] == []


async def test_every_method_gets_an_answer_that_parses_or_a_documented_code(
    db: Db, app: FastAPI, client: httpx.AsyncClient, origin: str
) -> None:
    stall = await make_stall(db)
    order = await stall.arranged()
    ids = {"order_id": str(order.id), "package_id": str(order.id), "product_id": str(stall.product.id)}
    one = await make_connector(db, app, client, stall.shop)
    wrong = []
    async with AsyncTikTokShop(one.key, one.secret, access_token=one.token, base_url=origin) as bare:
        program = bare.with_shop(shop_cipher=one.cipher)
        for call, group, name in methods():
            method = getattr(getattr(program, group), name)
            try:
                await method(**arguments(method, ids))
                code = 0
            except TikTokShopError as refused:
                code = refused.code or -1  # -1 is the client's own: the answer is not as its models want it
            expected = [NOT_OFFERED_HERE] if call.fills is Fills.REFUSED else [0, *MEANING]
            if code not in expected or code == OUR_MISTAKE:
                wrong.append((name, code))
    assert wrong == []


def arguments(method: Any, ids: dict[str, str]) -> dict[str, Any]:
    """What the method must be given: ids that are there, and something of the right type for the rest."""
    told = {}
    for name, one in inspect.signature(method).parameters.items():
        if one.default is inspect.Parameter.empty:
            told[name] = ids.get(name) or something(str(one.annotation))
    return told


def something(kind: str) -> Any:
    """A value of this type, with what it must hold and no more."""
    kind = kind.partition(" | ")[0]
    if kind.startswith("list["):
        return [something(kind[5:-1])]
    if kind in WRITTEN:
        return WRITTEN[kind]
    if kind == "File":
        return File(payload=io.BytesIO(b"nothing"), file_name="a.png", mime_type="image/png")
    cls = getattr(models, CLASS.findall(kind)[0])
    if issubclass(cls, Enum):
        return next(iter(cls))
    fields = [one for one in attrs.fields(cls) if one.init and one.default is attrs.NOTHING]
    return cls(**{one.name: something(str(one.type)) for one in fields})


@pytest.mark.parametrize("call", [call for call in all_calls() if call.example], ids=lambda call: call.name)
def test_the_examples_of_the_reference_are_what_the_client_reads(call: ApiCall) -> None:
    model = model_of(call)
    if model is None:
        assert call.domain == OURS_ALONE
        return
    read = model.from_dict(dict(call.example)).to_dict()
    assert set(read) == set(call.example)

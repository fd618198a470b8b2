"""What can be asked of cases."""

from collections.abc import Sequence
from datetime import datetime

from etalase.commerce.evidence.rules import Case, CaseFile, Message, NewFile, Said, SavedAnswer, thread
from etalase.foundation.ids import new_id
from etalase.foundation.sql import Tx, statements_beside

statements = statements_beside(__file__)


async def insert_case(
    tx: Tx, *, shop_id: int, case_id: int, order_id: int, buyer_id: int, kind: str, at: datetime
) -> None:
    """Write a new, open case."""
    await tx.run(
        statements["insert_case"], shop_id=shop_id, id=case_id, order_id=order_id, buyer_id=buyer_id, kind=kind, at=at
    )


async def close_case(tx: Tx, *, shop_id: int, case_id: int, at: datetime) -> bool:
    """Close it; false if it was closed."""
    return await tx.run(statements["close_case"], shop_id=shop_id, case_id=case_id, at=at) == 1


async def lock_case(tx: Tx, *, shop_id: int, case_id: int) -> Case | None:
    """The case, locked until the transaction ends."""
    return await tx.maybe(statements["lock_case"], Case, shop_id=shop_id, case_id=case_id)


async def case_of_shop(tx: Tx, *, shop_id: int, case_id: int) -> Case | None:
    """The case, if it is this shop's."""
    return await tx.maybe(statements["case_of_shop"], Case, shop_id=shop_id, case_id=case_id)


async def case_of_buyer(tx: Tx, *, buyer_id: int, order_id: int, case_id: int) -> Case | None:
    """The case, if it is about this order of this buyer."""
    return await tx.maybe(
        statements["case_of_buyer"], Case, buyer_id=buyer_id, order_id=order_id, case_id=case_id
    )  # fmt: skip


async def cases_of_order(tx: Tx, *, shop_id: int, order_id: int) -> list[Case]:
    """Every case about the order, newest first."""
    return await tx.all(statements["cases_of_order"], Case, shop_id=shop_id, order_id=order_id)


async def open_cases(tx: Tx, *, shop_id: int, order_id: int) -> int:
    """How many cases about the order are open."""
    return await tx.value(statements["open_cases"], int, shop_id=shop_id, order_id=order_id) or 0


async def has_open_case(tx: Tx, *, shop_id: int, order_id: int) -> bool:
    """Whether buyer and seller still disagree about the order: its money stays where it is, and it does not complete by itself."""
    return await open_cases(tx, shop_id=shop_id, order_id=order_id) > 0


async def insert_message(
    tx: Tx, case: Case, *, author: str, author_id: int | None, text: str, files: Sequence[NewFile], at: datetime
) -> int:
    """Write a message with its files; returns its id."""
    message_id = new_id()
    await tx.run(
        statements["insert_message"], shop_id=case.shop_id, id=message_id, case_id=case.id, author=author,
        author_id=author_id, text=text, at=at,
    )  # fmt: skip
    if files:
        await tx.run(
            statements["insert_files"],
            shop_id=case.shop_id,
            case_id=case.id,
            message_id=message_id,
            ids=[new_id() for _ in files],
            file_keys=[file.file_key for file in files],
            media_types=[file.media_type for file in files],
            sha256s=[file.sha256 for file in files],
            at=at,
        )
    return message_id


async def messages_of_case(tx: Tx, *, shop_id: int, case_id: int) -> list[Message]:
    """What was said, in order."""
    return await tx.all(statements["messages_of_case"], Message, shop_id=shop_id, case_id=case_id)


async def files_of_case(tx: Tx, *, shop_id: int, case_id: int) -> list[CaseFile]:
    """What was shown, in order."""
    return await tx.all(statements["files_of_case"], CaseFile, shop_id=shop_id, case_id=case_id)


async def thread_of_case(tx: Tx, *, shop_id: int, case_id: int) -> list[Said]:
    """The whole conversation: messages with their files; two statements."""
    return thread(
        await messages_of_case(tx, shop_id=shop_id, case_id=case_id),
        await files_of_case(tx, shop_id=shop_id, case_id=case_id),
    )


async def count_messages(tx: Tx, *, shop_id: int, case_id: int) -> int:
    """How many messages the case holds."""
    return await tx.value(statements["count_messages"], int, shop_id=shop_id, case_id=case_id) or 0


async def opened_by_shop(tx: Tx, *, shop_id: int, case_ids: Sequence[int]) -> set[int]:
    """Which of these cases the shop began itself, with words of its own."""
    return set(await tx.values(statements["opened_by_shop"], int, shop_id=shop_id, case_ids=list(case_ids)))


async def save_answer(tx: Tx, *, shop_id: int, title: str, words: str, saved_by: int | None, at: datetime) -> int:
    """Keep an answer under its title, in place of one that had it; returns its id."""
    kept = await tx.one(
        statements["save_answer"], SavedAnswer, shop_id=shop_id, id=new_id(), title=title, words=words,
        saved_by=saved_by, at=at,
    )  # fmt: skip
    return kept.id


async def saved_answers(tx: Tx, *, shop_id: int) -> list[SavedAnswer]:
    """What a shop keeps to answer with, by title; PLATFORM for the operator's desk."""
    return await tx.all(statements["saved_answers"], SavedAnswer, shop_id=shop_id)


async def forget_answer(tx: Tx, *, shop_id: int, answer_id: int) -> bool:
    """Take a kept answer away; false if the shop has none of this id."""
    return await tx.run(statements["forget_answer"], shop_id=shop_id, id=answer_id) == 1

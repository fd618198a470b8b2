"""Answers that a shop, or the operator's desk, keeps to use again."""

from etalase.commerce.evidence import queries, rules
from etalase.commerce.evidence.errors import AnswerNotFound, AnswerNotValid
from etalase.commerce.evidence.facts import AnswerForgotten, AnswerSaved
from etalase.foundation import clock
from etalase.foundation.facts import Actor, record
from etalase.foundation.sql import Db


async def save(db: Db, *, shop_id: int, title: str, words: str, by: Actor) -> int:
    """Keep an answer; one with the same title is replaced. Returns its id, raises AnswerNotValid with what is wrong.

    `shop_id` is PLATFORM for the operator's desk.
    """
    title, words, at = " ".join(title.split()), words.strip(), clock.now()
    if problem := rules.answer_problem(title, words):
        raise AnswerNotValid(problem)
    async with db.for_shop(shop_id).transaction() as tx:
        titles = {answer.title for answer in await queries.saved_answers(tx, shop_id=shop_id)}
        if title not in titles and len(titles) >= rules.ANSWERS_MAX:
            raise AnswerNotValid("many")
        answer_id = await queries.save_answer(tx, shop_id=shop_id, title=title, words=words, saved_by=by.id, at=at)
        await record(tx, AnswerSaved(shop_id=shop_id, subject_id=answer_id), by=by, at=at)
    return answer_id


async def forget(db: Db, *, shop_id: int, answer_id: int, by: Actor) -> None:
    """Take a kept answer away; raises AnswerNotFound."""
    async with db.for_shop(shop_id).transaction() as tx:
        if not await queries.forget_answer(tx, shop_id=shop_id, answer_id=answer_id):
            raise AnswerNotFound(answer_id)
        await record(tx, AnswerForgotten(shop_id=shop_id, subject_id=answer_id), by=by, at=clock.now())

"""The clocks that wait for the seller are the same in the rules, in the statements and in the index."""

from pathlib import Path

from etalase.commerce.orders.lists.queries import statements
from etalase.commerce.orders.rules import SELLER_CLOCKS

MIGRATION = Path(__file__).parents[2] / "migrations" / "0032_saved_answers.sql"


def test_they_are_spelled_alike_everywhere() -> None:
    said = "IN (" + ", ".join(f"'{kind}'" for kind in SELLER_CLOCKS) + ")"
    assert statements["cards_to_act_on"].text.count(said) == 2
    assert statements["count_to_act_on"].text.count(said) == 1
    assert statements["end_of_window"].text.count(said) == 1
    assert MIGRATION.read_text(encoding="utf-8").count(said) == 1

"""Claims of the story: a delivered parcel that its buyer says never came, as far as it has come by now."""

from datetime import datetime, timedelta

from demo.loading.orders import OrderStory
from etalase.foundation.facts import Actor
from etalase.foundation.facts.model import SYSTEM
from etalase.journeys.claims import facts, rules
from etalase.journeys.claims.rules import ClaimState

CHECKS = {"address": "right", "neighbors": "asked", "receiver": "known_not_given"}
BUYER_WORDS = "Status sudah terkirim, tapi paketnya tidak ada. Satpam dan tetangga juga tidak menerima."
SELLER_WORDS = "Menurut kurir paket sudah diserahkan di alamat. Kami lampirkan nomor resinya, mohon dicek lagi."
OPERATOR_WORDS = "Kurir hanya mencatat nama pemesan, tanpa foto serah terima dan tanpa tanda tangan."
SWEPT_AFTER = timedelta(seconds=2)


class ClaimStory:
    """A claim as it stands at this moment of the story."""

    def __init__(self, order: OrderStory, at: datetime) -> None:
        self.order, self.telling, self.at = order, order.telling, at
        self.id = self.telling.ids.at(at)
        self.state, self.decision, self.decided_at = ClaimState.ASKED, False, None  # type: ClaimState, bool, datetime | None
        self.has_answer, self.updated_at = False, at
        self.words = [("buyer", order.buyer.id, BUYER_WORDS, at)]
        order.clocks.pause("deliver.autocomplete", at=at)
        order.tell(
            facts.ClaimOpened, by=Actor.buyer(order.buyer.id), at=at, subject_id=self.id, kind="not_received",
            opened_by="buyer", claimed_minor=order.kept_minor,
        )  # fmt: skip
        self._start(at)

    def refuse(self, at: datetime) -> None:
        """The seller refuses, and customer service takes over."""
        seller = self.order.seller
        self.has_answer = True
        self.words.append(("seller", seller.id or 0, SELLER_WORDS, at))
        self._go(ClaimState.EVIDENCE, at)
        until = self._start(at)
        self.order.tell(facts.ClaimEscalated, by=seller, at=at, subject_id=self.id, by_clock=False, until=until)

    def review(self) -> None:
        """Both sides had their time."""
        at = self.order.clocks.due_at("claim.evidence") + SWEPT_AFTER
        self.order.clocks.fire("claim.evidence", at=at)
        self._go(ClaimState.REVIEW, at)
        self.order.tell(facts.ClaimInReview, by=SYSTEM, at=at, subject_id=self.id, until=self._start(at))

    def decide(self, at: datetime, *, operator_id: int) -> None:
        """The operator decides for the buyer; the seller may appeal."""
        self.decision, self.decided_at, self.decided_by = True, at, operator_id
        self.words.append(("operator", operator_id, OPERATOR_WORDS, at))
        self._go(ClaimState.DECIDED, at)
        self.order.tell(
            facts.ClaimDecided, by=Actor.operator(operator_id), at=at, subject_id=self.id, kind="not_received",
            opened_by="buyer", decision="grant", decision_reason="no_proof",
            decision_text=rules.REASON_TEXTS["no_proof"], by_clock=False, until=self._start(at),
        )  # fmt: skip

    def _go(self, state: ClaimState, at: datetime) -> None:
        self.order.clocks.stop(rules.WAITS[self.state].clock, at=at)
        self.state, self.updated_at = state, at

    def _start(self, at: datetime) -> str:
        clock = rules.clock_of(
            self.state, self.order.book, shop_id=self.order.shop.shop_id, order_id=self.order.id, claim_id=self.id, at=at
        )  # fmt: skip
        if clock is None:
            return ""
        self.order.clocks.start(clock, at=at)
        return clock.due_at.isoformat()

    def close(self) -> None:
        """Write the claim, its case and what was said."""
        order, rows, shop_id = self.order, self.telling.rows, self.order.shop.shop_id
        rows.add(
            "cases", shop_id=shop_id, id=self.id, order_id=order.id, buyer_id=order.buyer.id, kind="claim", state="open",
            opened_at=self.at, closed_at=None,
        )  # fmt: skip
        for author, author_id, text, at in self.words:
            rows.add(
                "case_messages", shop_id=shop_id, id=self.telling.ids.at(at), case_id=self.id, author=author,
                author_id=author_id, text=text, at=at,
            )  # fmt: skip
        rows.add(
            "claims", shop_id=shop_id, id=self.id, order_id=order.id, buyer_id=order.buyer.id,
            parcel_id=order.parcels[0].id, kind="not_received", opened_by="buyer", state=self.state,
            reason="not_received", checks=CHECKS, amount_minor=order.kept_minor, has_answer=self.has_answer,
            decision="grant" if self.decision else None, decision_reason="no_proof" if self.decision else "",
            decision_text=OPERATOR_WORDS if self.decision else "", decided_by=self.decided_by if self.decision else None,
            decided_at=self.decided_at, opened_at=self.at, updated_at=self.updated_at,
        )  # fmt: skip

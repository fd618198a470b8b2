"""The provider that is no program: instructions for the buyer, and a hand that pays refunds."""

from etalase.integrations.payment_providers.bank_transfer.matching import CODE, code_of
from etalase.integrations.payment_providers.protocol import (
    Instructions,
    PaymentRefused,
    PaymentReport,
    RefundStarted,
    Started,
    StartPayment,
    StartRefund,
    ids_of,
)

METHODS = frozenset({"bank_transfer"})
CURRENCIES = frozenset({"IDR"})


class BankTransfer:
    """A PaymentProvider whose notifications are the lines of a bank statement."""

    code = CODE

    async def start(self, payment: StartPayment) -> Started:
        """The code that the transfer carries; the accounts are the installation's and are shown beside it."""
        if payment.currency not in CURRENCIES:
            raise PaymentRefused("currency_not_offered", payment.currency)
        code = code_of(ids_of(payment.merchant_reference)[1])
        return Started(code, "", Instructions("transfer", code))

    async def status(self, provider_reference: str) -> tuple[PaymentReport, ...]:  # noqa: ARG002 - as the protocol has it
        """There is nobody to ask."""
        return ()

    async def cancel(self, provider_reference: str) -> None:
        """Nothing to close: who transfers all the same is paid late."""

    async def refund(self, refund: StartRefund) -> RefundStarted:  # noqa: ARG002 - as the protocol has it
        """No transfer goes back by itself: the buyer names an account, the operator pays."""
        raise PaymentRefused("bank_account_needed")

    async def aclose(self) -> None:
        """Nothing to let go of."""

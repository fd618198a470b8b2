"""Returns in words: states, what is asked for, what either side does next, and what stands in the way."""

from etalase.commerce.evidence.errors import CaseClosed, NothingSaid, TooMuchSaid
from etalase.commerce.inventory.errors import StockShort
from etalase.commerce.shipping.errors import DuplicateNumber, NumberMissing, ParcelMovedOn
from etalase.foundation.i18n import N_
from etalase.integrations.carriers.registry import NumberNotValid
from etalase.journeys.returns.errors import (
    EvidenceMissing,
    OfferNotAllowed,
    ParcelAlreadyThere,
    ReasonUnknown,
    ReturnMovedOn,
    TooManyDisputes,
    WordsMissing,
)
from etalase.journeys.returns.rules import Kind, ReturnState
from etalase.web.return_parcels import WayNotOffered

S = ReturnState
STATE_LABELS: dict[str, str] = {
    S.REQUESTED: N_("Waits for the seller"),
    S.OFFERED: N_("Offer made"),
    S.REJECTED: N_("Rejected"),
    S.AWAITING_RETURN: N_("To be sent back"),
    S.RETURNING: N_("On its way back"),
    S.RECEIVED: N_("Being checked"),
    S.REPLACING: N_("To be replaced"),
    S.REPLACED: N_("Replacement on its way"),
    S.ESCALATED: N_("With Etalase"),
    S.DECIDED: N_("Decided"),
    S.APPEALED: N_("Appealed"),
    S.REFUNDED: N_("Refunded"),
    S.SETTLED: N_("Settled"),
    S.CLOSED: N_("Closed"),
    S.WITHDRAWN: N_("Taken back"),
}
TONES: dict[str, str] = {
    S.REQUESTED: "soon",
    S.OFFERED: "brand",
    S.REJECTED: "bad",
    S.AWAITING_RETURN: "soon",
    S.RECEIVED: "soon",
    S.REPLACING: "soon",
    S.REFUNDED: "good",
    S.SETTLED: "good",
    S.CLOSED: "neutral",
    S.WITHDRAWN: "neutral",
}
"""All others are calm."""
KIND_LABELS: dict[str, str] = {
    Kind.REFUND_ONLY: N_("Refund only"),
    Kind.RETURN_AND_REFUND: N_("Return and refund"),
    Kind.EXCHANGE: N_("Exchange"),
    Kind.RESHIP: N_("Send it again"),
    "cancellation": N_("Cancellation"),
    "not_received": N_("Not received"),
}
KIND_HINTS: dict[Kind, str] = {
    Kind.REFUND_ONLY: N_("You keep what you got, and the money comes back."),
    Kind.RETURN_AND_REFUND: N_("You send it back, the seller checks it, and the money comes back."),
    Kind.EXCHANGE: N_("You send it back and get the same product again."),
    Kind.RESHIP: N_("You get the same product again and send nothing back."),
}
BUYER_NEXT: dict[ReturnState, str] = {
    S.REQUESTED: N_("The seller is looking at your request."),
    S.OFFERED: N_("The seller offers you a part of the price if you keep the product."),
    S.REJECTED: N_("The seller rejected your request. You can contest it or ask Etalase."),
    S.AWAITING_RETURN: N_("Send the product back: with a label from here, or with a number of your own."),
    S.RETURNING: N_("The product is on its way back to the seller."),
    S.RECEIVED: N_("The seller is checking what came back."),
    S.REPLACING: N_("The seller is preparing the replacement."),
    S.REPLACED: N_("The replacement is on its way to you."),
    S.ESCALATED: N_("Etalase looks at what both sides say and show."),
    S.DECIDED: N_("Etalase has decided. Whoever lost may appeal once."),
    S.APPEALED: N_("Etalase looks at it once more."),
    S.REFUNDED: N_("Your money goes back to where it came from."),
    S.SETTLED: N_("The replacement counts as received."),
    S.CLOSED: N_("The request is closed."),
    S.WITHDRAWN: N_("You took the request back."),
}
SELLER_NEXT: dict[ReturnState, str] = {
    S.REQUESTED: N_("Check the reason and the evidence, then approve, offer a part, or reject with a reason."),
    S.OFFERED: N_("The buyer is looking at your offer."),
    S.REJECTED: N_("The buyer may contest the rejection."),
    S.AWAITING_RETURN: N_("The buyer has to send the product back."),
    S.RETURNING: N_("The product is on its way to you. Check it when it arrives."),
    S.RECEIVED: N_("Check what came back."),
    S.REPLACING: N_("Send the replacement before the clock runs out."),
    S.REPLACED: N_("The replacement is on its way to the buyer."),
    S.ESCALATED: N_("Etalase looks at what both sides say and show."),
    S.DECIDED: N_("Etalase has decided. Whoever lost may appeal once."),
    S.APPEALED: N_("Etalase looks at it once more."),
    S.REFUNDED: N_("The buyer's money goes back."),
    S.SETTLED: N_("The replacement counts as received."),
    S.CLOSED: N_("The request is closed."),
    S.WITHDRAWN: N_("The buyer took the request back."),
}
DECISIONS: dict[str, str] = {
    "refund": N_("The buyer gets what was asked for."),
    "part": N_("The buyer keeps the product and gets a part of the price."),
    "none": N_("The buyer gets nothing back."),
}
REFUSALS: dict[type[Exception], str] = {
    ReturnMovedOn: N_("Nothing was changed: somebody was faster. This is how the request stands now."),
    WordsMissing: N_("Write a few words, or enter the number, first."),
    EvidenceMissing: N_("Show it with a picture or a video."),
    ReasonUnknown: N_("Choose a reason."),
    OfferNotAllowed: N_("An offer may be between 10 and 90 percent of the price, three times at most."),
    TooManyDisputes: N_("A rejection can't be contested again. Etalase can still decide."),
    NothingSaid: N_("Write something or choose a file."),
    TooMuchSaid: N_("At most 9 pictures and one video for each message."),
    CaseClosed: N_("This request is over; nothing can be added."),
    StockShort: N_("There is not enough stock for the replacement. Add stock, or give the money back."),
    ParcelAlreadyThere: N_("A parcel is arranged already. Undo it to choose another way."),
    ParcelMovedOn: N_("The carrier has the parcel already."),
    WayNotOffered: N_("Choose a carrier and a way of handing over."),
    NumberMissing: N_("Enter the tracking number, or choose pick-up or drop-off."),
    NumberNotValid: N_("This does not look like a number of the chosen carrier."),
    DuplicateNumber: N_("Another parcel has this tracking number. Tick the box if it is right all the same."),
}
"""What a verb that was refused says."""
REFUSED = tuple(REFUSALS)


def refusal(error: Exception) -> str:
    """The words (a msgid) for a refused verb."""
    return REFUSALS[type(error)]

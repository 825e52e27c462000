"""What a seller may answer to a request.

Source: TikTok Shop API reference, "Returns and cancellations". That the reasons depend
on the kind of request alone is made up.
"""

from tiktok_pipelines.simulator.register import Json

_OF_EACH = {
    "you_have_reached_an_agreement_with_the_buyer": (
        "You have reached an agreement with the buyer"
    ),
}
_OF_CANCELLATIONS = {
    "product_has_been_packed": "Product has been packed",
    "package_was_handed_over": "The package was handed over to the carrier",
}
_OF_RETURNS = {
    "buyer_did_not_provide_evidence": "The buyer did not provide evidence",
    "product_was_used": "The product was used or washed",
    "product_matches_its_description": "The product matches its description",
}


def reasons_for_cancellations() -> list[Json]:
    """What a seller may refuse a cancellation with."""
    return _reasons(_OF_EACH | _OF_CANCELLATIONS)


def reasons_for_returns() -> list[Json]:
    """What a seller may refuse a refund, a return or a replacement with."""
    return _reasons(_OF_EACH | _OF_RETURNS)


def _reasons(texts: dict[str, str]) -> list[Json]:
    return [
        {"name": f"seller_reject_apply_{name}", "text": text}
        for name, text in texts.items()
    ]

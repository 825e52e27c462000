"""What TikTok keeps. Source: TikTok Shop API reference, "Fulfilled by TikTok"."""

from tiktok_pipelines.simulator.asking import Paging, among, read_body
from tiktok_pipelines.simulator.calls import Admission, Call, Endpoint
from tiktok_pipelines.simulator.life import Wanted
from tiktok_pipelines.simulator.paths import FBT_INVENTORY
from tiktok_pipelines.simulator.refusals import Refusal

_PAGING = Paging(100)


def _search(call: Call, admission: Admission) -> bytes:
    """What shops that do not use it are refused with is assumed."""
    body, shop = read_body(call.body), admission.shop
    wanted = Wanted(
        among=among(
            goods_ids=body.texts("goods_ids"),
            fbt_warehouse_ids=body.texts("fbt_warehouse_ids"),
            sku_ids=body.texts("sku_ids"),
        )
    )
    query = _PAGING.read(call.params, wanted)
    if shop.is_domestic:
        message = "The shop does not use Fulfilled by TikTok."
        raise Refusal(19010003, message, http_status=200)
    return shop.fbt.search(query, admission.now)


FBT_CALLS = (
    Endpoint(
        "POST",
        FBT_INVENTORY,
        "seller.fbt.info",
        _search,
        records=lambda shop: shop.fbt,
    ),
)

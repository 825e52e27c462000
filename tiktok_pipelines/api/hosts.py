"""Where TikTok Shop lives: the defaults of every host, all of them configurable.

Source: docs/tiktok-shop-api.md, "Hosts".
"""

from collections.abc import Mapping

API_BASE_URL = "https://open-api.tiktokglobalshop.com"
AUTH_BASE_URL = "https://auth.tiktok-shops.com"
CONSENT_URL_US = "https://services.us.tiktokshop.com/open/authorize"
CONSENT_URL_ROW = "https://services.tiktokshop.com/open/authorize"

# Apps for the US and for the rest of the world are registered apart, and sellers
# consent on different hosts; the API itself has one host for all markets.
CONSENT_URLS: Mapping[str, str] = {"us": CONSENT_URL_US, "row": CONSENT_URL_ROW}


def consent_url(region: str) -> str:
    """The default consent page of ``us`` or ``row``, in any case.

    Raises:
        ValueError: the region is neither.
    """
    try:
        return CONSENT_URLS[region.lower()]
    except KeyError:
        raise ValueError(f"region must be us or row, not {region!r}") from None

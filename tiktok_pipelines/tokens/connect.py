"""From a seller's consent to stored tokens and shops, in one commit."""

from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import SecretStr

from tiktok_pipelines.api.auth import AuthClient, TokenGrant
from tiktok_pipelines.api.client import AuthorizedShop, TikTokShopClient
from tiktok_pipelines.clock import Clock
from tiktok_pipelines.errors import NeedsConsent
from tiktok_pipelines.tokens.store import TokenStore


@dataclass(frozen=True, slots=True)
class _Granted:
    """The token just received, for the one call made before it is stored."""

    grant: TokenGrant

    def current(self) -> SecretStr:
        return self.grant.access_token

    def replace(self, refused: SecretStr) -> SecretStr:
        del refused
        raise NeedsConsent("TikTok refuses the token it has just given: connect again")


@dataclass(frozen=True, slots=True)
class Connector:
    """Exchanges codes; ``api_version`` is noted for shops without one of their own."""

    store: TokenStore
    auth: AuthClient
    client: TikTokShopClient
    clock: Clock
    app_key: str
    api_version: str

    def connect(self, code: str) -> Sequence[AuthorizedShop]:
        """Exchange a code, store the tokens and every shop of the seller.

        Raises:
            NeedsConsent: the code is used, expired or wrong.
        """
        grant = self.auth.exchange(code)
        shops = self.client.authorized_shops(_Granted(grant))
        now = self.clock.now()
        with self.store.database.begin() as connection:
            seller = self.store.save_grant(
                connection, grant, app_key=self.app_key, now=now
            )
            self.store.save_shops(
                connection, seller, shops, api_version=self.api_version, now=now
            )
        return shops

"""From a seller's consent to stored tokens and shops."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from pydantic import SecretStr
from sqlalchemy import Connection

from tiktok_pipelines.api.auth import AuthClient, TokenGrant
from tiktok_pipelines.api.client import AuthorizedShop, TikTokShopClient
from tiktok_pipelines.clock import Clock
from tiktok_pipelines.errors import ApiError, NeedsConsent
from tiktok_pipelines.tokens.store import TokenStore


@dataclass(frozen=True, slots=True)
class Connected:
    """What a consent let in; iterates over its shops.

    Attributes:
        no_longer_named: ids of the seller's stored shops that this consent leaves
            out: their rows stay, with status ``error`` and what to do.
    """

    seller: str
    shops: Sequence[AuthorizedShop]
    no_longer_named: Sequence[str] = ()

    def __iter__(self) -> Iterator[AuthorizedShop]:
        return iter(self.shops)

    def __len__(self) -> int:
        return len(self.shops)


@dataclass(frozen=True, slots=True)
class _Granted:
    """The token just received, for the one call that reads its shops."""

    grant: TokenGrant

    def current(self) -> SecretStr:
        return self.grant.access_token

    def replace(self, refused: SecretStr) -> SecretStr:
        del refused
        raise NeedsConsent("TikTok refuses the token it has just given")

    def give_up(self, refused: SecretStr, message: str) -> None:
        """Nothing to note: ``replace`` has raised before."""


@dataclass(frozen=True, slots=True)
class Connector:
    """Exchanges codes; ``api_version`` is noted for shops without one of their own."""

    store: TokenStore
    auth: AuthClient
    client: TikTokShopClient
    clock: Clock
    app_key: str
    api_version: str

    def connect(self, code: str) -> Connected:
        """Exchange a code; store the tokens, then every shop of the seller.

        The code is used up by then, so the tokens are committed before anything else
        can fail; only if TikTok names no seller must the shops be read first.

        Raises:
            NeedsConsent: the code is used, expired or wrong, or no shops could be
                read; the message tells whether the tokens are stored.
            ApiError: the code was not exchanged, for a reason that is not its fault.
            StorageError: the database takes no tokens; the code is not used up.
        """
        self.store.prove_writable("")  # the code is good once
        grant = self.auth.exchange(code)
        seller = grant.open_id or grant.seller_name
        if seller:
            self._store_tokens(seller, grant)
            shops = self._shops_of(grant, f"the tokens of seller {seller} are stored")
        else:
            shops = self._shops_of(grant, "the tokens name no seller and are lost")
            seller = self._stand_in(shops)
            self._store_tokens(seller, grant)
        return self._store_shops(seller, shops)

    def _store_tokens(self, seller: str, grant: TokenGrant) -> None:
        """Commit both tokens, while nobody refreshes the old ones."""
        save = partial(
            self.store.save_grant,
            seller=seller,
            grant=grant,
            app_key=self.app_key,
            now=self.clock.now(),
        )
        with self.store.refreshing(seller):
            self.store.database.transact(save)

    def _shops_of(self, grant: TokenGrant, state: str) -> Sequence[AuthorizedShop]:
        try:
            return self.client.authorized_shops(_Granted(grant))
        except (ApiError, NeedsConsent) as error:
            raise NeedsConsent(
                f"{state}, but the seller's shops could not be read: {error}; after"
                " that get a new code, as each is good once: tiktok-pipelines shops"
                " connect"
            ) from error

    def _stand_in(self, shops: Sequence[AuthorizedShop]) -> str:
        """A name for a seller without one: as stored before, or by the first shop."""
        if not shops:
            raise NeedsConsent(
                "the consent names neither a seller nor a shop: let an account that"
                " owns shops agree, tiktok-pipelines shops connect"
            )
        sellers = {shop.shop_id: shop.seller for shop in self.store.shops()}
        ids = sorted(shop.id for shop in shops)
        known = (sellers[shop_id] for shop_id in ids if shop_id in sellers)
        return next(known, f"shop-{ids[0]}")

    def _store_shops(self, seller: str, shops: Sequence[AuthorizedShop]) -> Connected:
        now = self.clock.now()

        def save(connection: Connection) -> Sequence[str]:
            self.store.save_shops(
                connection, seller, shops, api_version=self.api_version, now=now
            )
            return self.store.mark_left_out(
                connection, seller, [shop.id for shop in shops], now=now
            )

        return Connected(seller, shops, self.store.database.transact(save))

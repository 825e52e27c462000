"""What the families of calls share: pages of searches, ids cut into calls."""

from collections.abc import Callable, Iterator, Sequence
from typing import Generic, TypeVar

from tiktok_pipelines.api.endpoints.access import ShopAccess
from tiktok_pipelines.api.endpoints.endpoint import Endpoint
from tiktok_pipelines.api.endpoints.search import Search
from tiktok_pipelines.api.pages import Page, follow
from tiktok_pipelines.errors import NotServed

S = TypeVar("S", bound=Search)


class Family(Generic[S]):
    """The calls of one family about one shop; threads may share it."""

    def __init__(self, access: ShopAccess) -> None:
        self._access = access
        self._not_served: set[str] = set()

    def search(self, query: S, *, page_token: str = "") -> Page:
        """One page of what is searched for.

        Where the shop is refused the newest version, its older one answers, for as
        long as this object lives: the pages of one search are of one version.

        Raises:
            PageTokenRefused: the token is no longer taken.
            NotServed: neither version is served.
        """
        return self._served(
            query.endpoint,
            lambda endpoint: self._page(endpoint, query, page_token),
            is_begun=bool(page_token),
        )

    def pages(self, query: S) -> Iterator[Page]:
        """All pages of a search, guarded against going in circles.

        Raises:
            PageTokenRefused: the pages lead nowhere; start the search again.
        """
        return follow(lambda token: self.search(query, page_token=token))

    def _served(
        self,
        endpoint: Endpoint,
        ask: Callable[[Endpoint], Page],
        *,
        is_begun: bool = False,
    ) -> Page:
        """The answer in the newest version that is served; see ``search``."""
        older = endpoint.older
        if older is None:
            return ask(endpoint)
        if endpoint.name not in self._not_served:
            try:
                return ask(endpoint)
            except NotServed:
                if is_begun:
                    raise
        page = ask(older)
        self._not_served.add(endpoint.name)
        return page

    def _page(self, endpoint: Endpoint, query: S, page_token: str) -> Page:
        return self._access.read(endpoint, **query.given(page_token))


def in_calls(
    access: ShopAccess, endpoint: Endpoint, /, **ids: Sequence[str]
) -> Iterator[Page]:
    """What a call knows of the ids, as many calls as it takes, in their order."""
    for name, listed in ids.items():
        most = endpoint.max_ids[name]
        for first in range(0, len(listed), most):
            yield access.read(endpoint, **{name: listed[first : first + most]})

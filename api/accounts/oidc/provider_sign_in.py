"""Signing in by way of the provider, which the audit log keeps whatever comes of it."""

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass

import structlog
from pydantic import JsonValue

from api.accounts.actor import SYSTEM
from api.accounts.audit_log import AuditLog
from api.accounts.oidc.begun_sign_in import BegunSignIn, BegunSignIns
from api.accounts.oidc.group_roles import GroupRoles, read_group_roles
from api.accounts.oidc.oidc_settings import OidcSettings
from api.accounts.oidc.proved_person import ProvedPerson
from api.accounts.oidc.provider import Provider
from api.accounts.oidc.provider_users import ProviderUsers, SignedInPerson
from api.accounts.oidc.sign_in_failure import ProviderSignInError, SignInFailure
from api.accounts.secret_key import SecretKey
from api.accounts.user import User
from api.database.database import Database

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class SentAway:
    """Somebody who begins to sign in.

    Attributes:
        address: Where their browser goes.
        kept: What it keeps until it comes back.
    """

    address: str
    kept: str


@dataclass(frozen=True, slots=True)
class ProviderAnswer:
    """What a browser brings back from the provider.

    Attributes:
        state: Which sign-in it is about; empty if it does not say.
        code: What is redeemed; empty if the provider refused.
        error: Why it refused; empty if it did not.
        issuer: Who says so (RFC 9207); empty if it does not say.
        kept: What the browser kept since it was sent away, or None.
        address: Network address that it comes from.
    """

    state: str
    code: str
    error: str
    issuer: str
    kept: str | None
    address: str


@dataclass(frozen=True, slots=True)
class Arrived:
    """Somebody who has signed in.

    Attributes:
        user: Who they are.
        target: Local path that they wanted to go to.
    """

    user: User
    target: str


class ProviderSignIn:
    """Sends people to the provider and lets in whom it vouches for.

    Args:
        settings: What was set of it.
        provider: Whom it asks.
        begun: Seals what browsers keep.
        users: The accounts.
        groups: What the provider's groups give.
        audit: Who signed in, and who did not.
    """

    def __init__(
        self,
        settings: OidcSettings,
        provider: Provider,
        begun: BegunSignIns,
        users: ProviderUsers,
        groups: GroupRoles,
        audit: AuditLog,
    ) -> None:
        self._settings = settings
        self._provider = provider
        self._begun = begun
        self._users = users
        self._groups = groups
        self._audit = audit

    async def begin(self, target: str, home: str) -> SentAway:
        """Say where somebody goes who wants to sign in.

        Args:
            target: Local path to go to afterwards.
            home: Where to go instead if that is too long to be kept.

        Raises:
            ProviderSignInError: The provider cannot be reached.
        """
        begun = BegunSignIn.to(target, home)
        try:
            return SentAway(await self._provider.address(begun), self._begun.seal(begun))
        except ProviderSignInError as error:
            log.warning("provider_sign_in_failed", failure=error.failure.value, reason=str(error))
            raise

    async def finish(self, answer: ProviderAnswer) -> Arrived:
        """Let in whoever comes back.

        Raises:
            ProviderSignInError: The provider does not vouch for them, or they may not come in.
        """
        try:
            begun = self._begun.open(answer.kept, answer.state)
            person = await self._person(answer, begun)
            signed_in = await self._users.sign_in(person, self._groups)
        except ProviderSignInError as error:
            log.warning("provider_sign_in_failed", failure=error.failure.value, reason=str(error))
            said = {"by": self._settings.issuer, "reason": error.failure.value}
            await self._audit.record(None, answer.address, "log_in_refused", error.login, said)
            raise
        await self._keep(signed_in, answer.address)
        return Arrived(signed_in.user, begun.target)

    async def _person(self, answer: ProviderAnswer, begun: BegunSignIn) -> ProvedPerson:
        if answer.issuer and answer.issuer != self._settings.issuer:
            raise ProviderSignInError(SignInFailure.REFUSED, "another provider has answered")
        if answer.error or not answer.code:
            raise ProviderSignInError(
                SignInFailure.REFUSED, f"the provider refuses: {answer.error[:200] or 'no code'}"
            )
        claims = await self._provider.redeem(answer.code, begun)
        return ProvedPerson.of(claims, self._settings)

    async def _keep(self, signed_in: SignedInPerson, address: str) -> None:
        user, by = signed_in.user, self._settings.issuer
        if signed_in.deed is not None:
            said: dict[str, JsonValue] = {
                "by": by,
                "roles": [*sorted(user.roles)],
                "unit_id": user.unit_id,
            }
            await self._audit.record(SYSTEM, address, signed_in.deed.value, user.login, said)
        await self._audit.record(user.actor, address, "log_in", user.login, {"by": by})


@contextlib.asynccontextmanager
async def provider_sign_in(
    settings: OidcSettings, database: Database, secret: SecretKey, audit: AuditLog
) -> AsyncIterator[ProviderSignIn | None]:
    """Give signing in by way of the provider, or None if none is set.

    Raises:
        GroupsFileError: The file that says what groups give cannot be used.
    """
    if settings.issuer is None:
        yield None
        return
    groups = read_group_roles(settings.groups)
    provider = Provider(settings)
    try:
        begun, users = BegunSignIns(secret), ProviderUsers(database)
        yield ProviderSignIn(settings, provider, begun, users, groups, audit)
    finally:
        await provider.close()

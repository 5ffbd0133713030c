"""Signing in, users, and the audit log."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form, Path, Query, Request, Response

from api.accounts.authenticator import SESSION_COOKIE
from api.accounts.passwords import PasswordError
from api.accounts.role import Role
from api.accounts.sign_in import LoginAttempt, sign_in
from api.accounts.token_store import ACCESS_LIFETIME, UsedTokenError
from api.accounts.user import User
from api.accounts.user_store import (
    LastAdministratorError,
    LoginError,
    NewUser,
    Place,
    UserChanges,
    UserError,
)
from api.contract.accounts import (
    AuditEntry,
    AuditPage,
    Login,
    Me,
    Tokens,
    UserAccount,
    UserChange,
    UserList,
    UserToMake,
)
from api.http.client_address import address_of
from api.http.problems import ProblemError, invalid, not_found, read_document
from api.routes import examples
from api.routes.access import KnownActor, Shared
from api.routes.answers import BODY_PROBLEMS, INVALID, MISSING, example, json_body, problem
from api.routes.bodies import JsonBody

router = APIRouter(prefix="/v1", tags=["accounts"])

_LARGEST_NUMBER = 2**63 - 1
_WRONG_LOGIN = problem(
    HTTPStatus.BAD_REQUEST,
    "The login is wrong, or the token has ended.",
    "login or password is wrong, or the account is closed",
)
_LAST = problem(
    HTTPStatus.CONFLICT,
    "Nobody would be left who looks after users.",
    "'admin' is the last administrator of this node who may sign in; make another one first",
)


@router.post(
    "/tokens",
    summary="Sign in, or get the next pair of tokens",
    responses={200: example(examples.TOKENS), **_WRONG_LOGIN, **INVALID},
)
async def post_tokens(  # noqa: PLR0913, PLR0917 - one parameter per field of the form
    services: Shared,
    request: Request,
    response: Response,
    grant_type: Annotated[str, Form(pattern="^(password|refresh_token)$")],
    username: Annotated[str | None, Form(max_length=64)] = None,
    password: Annotated[str | None, Form(max_length=256)] = None,
    refresh_token: Annotated[str | None, Form(max_length=200)] = None,
) -> Tokens:
    """Give tokens by OAuth2's password or refresh grant (RFC 6749, sections 4.3 and 6)."""
    response.headers["Cache-Control"] = "no-store"
    address = address_of(request)
    try:
        if grant_type == "password":
            if username is None or password is None:
                raise invalid("username", "and password belong to the password grant", username)
            attempt = LoginAttempt(username, password, address)
            pair = await services.tokens.issue(
                await sign_in(services.users, services.audit, attempt)
            )
        else:
            if refresh_token is None:
                raise invalid("refresh_token", "belongs to the refresh_token grant")
            pair = await services.tokens.refresh(refresh_token)
    except UsedTokenError as error:
        await services.audit.record(None, address, "refresh_refused", error.login)
        raise ProblemError(HTTPStatus.BAD_REQUEST, str(error)) from None
    except LoginError as error:
        raise ProblemError(HTTPStatus.BAD_REQUEST, str(error)) from None
    return Tokens(
        access_token=pair.access,
        expires_in=int(ACCESS_LIFETIME.total_seconds()),
        refresh_token=pair.refresh,
    )


@router.get("/me", summary="Who asks", responses={200: example(examples.ME)})
async def get_me(actor: KnownActor) -> Me:
    """Say whom a key, token or cookie belongs to, and what they may."""
    return Me(
        name=actor.name,
        kind=actor.kind.value,
        roles=sorted(actor.roles),
        scopes=sorted(actor.scopes),
        unit_id=actor.unit_id,
    )


@router.delete(
    "/me/session",
    summary="Sign out of the console",
    status_code=HTTPStatus.NO_CONTENT,
    response_class=Response,
)
async def delete_session(services: Shared, request: Request, actor: KnownActor) -> Response:
    """End the session of the cookie that the request brings."""
    token = request.cookies.get(SESSION_COOKIE)
    if token is not None:
        await services.sessions.end(token)
        await services.audit.record(actor, address_of(request), "log_out", actor.name)
    answer = Response(status_code=HTTPStatus.NO_CONTENT)
    answer.delete_cookie(SESSION_COOKIE)
    return answer


@router.get("/users", summary="All users", responses={200: example(examples.USERS)})
async def list_users(services: Shared) -> UserList:
    """Give all users by login."""
    return UserList(users=[_account(user) for user in await services.users.all()])


@router.post(
    "/users",
    summary="Make a user",
    status_code=HTTPStatus.CREATED,
    responses={201: example(examples.USER), **BODY_PROBLEMS, **INVALID},
    openapi_extra=json_body("UserToMake", examples.USER_TO_MAKE),
)
async def post_user(
    services: Shared, request: Request, actor: KnownActor, body: JsonBody
) -> UserAccount:
    """Make a user who may sign in from now on."""
    given = read_document(UserToMake, body)
    roles = frozenset(Role(role) for role in given.roles)
    new = NewUser(given.login, given.name, given.password.get_secret_value(), roles, given.unit_id)
    try:
        user = await services.users.create(new)
    except UserError as error:
        raise invalid("login", str(error), given.login) from None
    except PasswordError as error:
        raise invalid("password", str(error)) from None
    await services.audit.record(
        actor, address_of(request), "make_user", user.login, {"roles": [*sorted(user.roles)]}
    )
    return _account(user)


@router.patch(
    "/users/{login}",
    summary="Change a user",
    responses={200: example(examples.USER), **BODY_PROBLEMS, **MISSING, **_LAST, **INVALID},
    openapi_extra=json_body("UserChange", {"enabled": False}),
)
async def patch_user(
    services: Shared,
    request: Request,
    actor: KnownActor,
    login: Annotated[Login, Path()],
    body: JsonBody,
) -> UserAccount:
    """Give a user other roles, another place or password, or close the account.

    Whatever changes signs them out everywhere; access tokens end within ten minutes.
    """
    given = read_document(UserChange, body)
    changes = UserChanges(
        roles=None if given.roles is None else frozenset(Role(role) for role in given.roles),
        place=Place(given.unit_id) if "unit_id" in given.model_fields_set else None,
        password=None if given.password is None else given.password.get_secret_value(),
        enabled=given.enabled,
    )
    try:
        user = await services.users.change(login, changes)
    except UserError:
        raise not_found("login", login) from None
    except LastAdministratorError as error:
        raise ProblemError(HTTPStatus.CONFLICT, str(error)) from None
    except PasswordError as error:
        raise invalid("password", str(error)) from None
    await services.audit.record(actor, address_of(request), "change_user", login, changes.shown)
    return _account(user)


@router.get(
    "/audit",
    summary="The audit log, newest first",
    responses={200: example(examples.AUDIT_PAGE), **INVALID},
)
async def list_audit(
    services: Shared,
    limit: Annotated[int, Query(ge=1, le=1000, description="Records per page.")] = 100,
    cursor: Annotated[
        int | None,
        Query(ge=1, le=_LARGEST_NUMBER, description="The next_cursor of the page before."),
    ] = None,
) -> AuditPage:
    """Give who did what, when and from where; `citypatrol audit verify` checks the chain."""
    rows = await services.audit.newest(limit + 1, cursor)
    records = [
        AuditEntry.model_validate({**row._mapping, "hash": row.hash.hex()}) for row in rows[:limit]
    ]
    return AuditPage(records=records, next_cursor=records[-1].number if len(rows) > limit else None)


def _account(user: User) -> UserAccount:
    return UserAccount(
        login=user.login,
        name=user.name,
        roles=sorted(role.value for role in user.roles),
        unit_id=user.unit_id,
        enabled=user.enabled,
        created_at=user.created_at,
        last_login_at=user.last_login_at,
    )

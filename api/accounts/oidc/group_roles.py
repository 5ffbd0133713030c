"""What the provider's groups give: roles here, and a unit."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from api.accounts.oidc.sign_in_failure import ProviderSignInError, SignInFailure
from api.accounts.role import Role
from api.contract.accounts import UnitId
from streams.kit.errors import CityPatrolError
from streams.kit.validation import problems_text


class GroupsFileError(CityPatrolError):
    """The file that says what groups give cannot be used."""


@dataclass(frozen=True, slots=True)
class Granted:
    """What somebody's groups give them.

    Attributes:
        roles: What they do; one at least.
        unit_id: Where they belong, or None for the whole district.
    """

    roles: frozenset[Role]
    unit_id: str | None


class GroupGrant(BaseModel):
    """What one group gives.

    Attributes:
        group: What the provider calls it.
        roles: What its members do.
        unit: Where they belong; None is the whole district.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    group: Annotated[str, Field(min_length=1, max_length=500)]
    roles: Annotated[frozenset[Role], Field(min_length=1)]
    unit: UnitId | None = None


_GRANTS = TypeAdapter(tuple[GroupGrant, ...])


class GroupRoles:
    """The file, read.

    Args:
        grants: What each group gives.
    """

    def __init__(self, grants: Iterable[GroupGrant] = ()) -> None:
        self._grants = tuple(grants)

    def of(self, groups: frozenset[str]) -> Granted | None:
        """Return what groups give together, or None if they give nothing.

        Raises:
            ProviderSignInError: They belong to several units, and each would see too much of the
                others'.
        """
        given = [grant for grant in self._grants if grant.group in groups]
        if not given:
            return None
        units = {grant.unit for grant in given}
        if len(units) > 1:
            names = ", ".join(sorted(unit or "the whole district" for unit in units))
            raise ProviderSignInError(
                SignInFailure.NO_ROLE,
                f"the groups {', '.join(grant.group for grant in given)} belong to several units: "
                f"{names}; leave those that are for one",
            )
        return Granted(frozenset[Role]().union(*(grant.roles for grant in given)), given[0].unit)


def read_group_roles(path: Path | None) -> GroupRoles:
    """Read the file; without one no group gives anything.

    Raises:
        GroupsFileError: It cannot be read, or says what cannot be meant.
    """
    if path is None:
        return GroupRoles()
    try:
        return GroupRoles(_GRANTS.validate_python(yaml.safe_load(path.read_text("utf-8"))))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise GroupsFileError(f"groups file {path}: {error}") from None
    except ValidationError as error:
        raise GroupsFileError(f"groups file {path}: {problems_text(error)}") from None

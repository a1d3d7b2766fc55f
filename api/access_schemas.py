"""Shapes of what the routes of accounts, roles, tokens and sessions take and answer. Instants are UTC."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from quotawatt.access.principal import Tree
from quotawatt.access.roles import Permission, Role

_NAME = Field(max_length=64, examples=["wang.fang"])
_ORGANISATION = Field(
    default="", max_length=64, description="Top of the subtree; empty: the whole installation"
)
TreeField = Annotated[Tree, Field(description="By which parent the subtree is meant")]


class _Given(BaseModel):
    model_config = ConfigDict(extra="forbid")


class UserItem(BaseModel):
    """An account. ``last_sign_in_at`` null: never."""

    name: str
    display_name: str
    blocked: bool
    must_change_password: bool
    has_password: bool
    created_at: datetime
    created_by: str
    last_sign_in_at: datetime | None


class UserList(BaseModel):
    """Accounts by name."""

    total: int
    items: list[UserItem]


class NewUser(_Given):
    """An account to make, without any right."""

    name: str = _NAME
    display_name: str = Field(default="", max_length=128)
    password: SecretStr | None = Field(
        default=None,
        description="To be changed at the first sign-in; null: through the identity provider only",
    )


class UserChange(_Given):
    """What is to change of an account; null: it stays."""

    display_name: str | None = Field(default=None, max_length=128)
    blocked: bool | None = None


class NewPassword(_Given):
    """A password for somebody else, who must change it."""

    password: SecretStr


class PasswordChange(_Given):
    """One's own password: the present one and the new one."""

    old: SecretStr
    new: SecretStr


class GrantItem(BaseModel):
    """A role of an account over a subtree."""

    id: int
    user: str
    role: Role
    organisation: str
    tree: Tree
    granted_at: datetime
    granted_by: str


class GrantList(BaseModel):
    """Grants by account."""

    total: int
    items: list[GrantItem]


class NewGrant(_Given):
    """A role to give."""

    user: str = _NAME
    role: Role
    organisation: str = _ORGANISATION
    tree: TreeField = "region"


class TokenItem(BaseModel):
    """A token without its secret. Null: not revoked, never used."""

    id: int
    user: str
    name: str
    permissions: list[Permission]
    organisation: str
    tree: Tree
    created_at: datetime
    created_by: str
    expires_at: datetime
    revoked_at: datetime | None
    last_used_at: datetime | None


class TokenList(BaseModel):
    """Tokens by account."""

    total: int
    items: list[TokenItem]


class NewToken(_Given):
    """A token to make. It can do what its owner can, of these permissions, within this subtree."""

    name: str = Field(max_length=64, examples=["grafana"])
    user: str | None = Field(
        default=None,
        max_length=64,
        description="Whose; null: one's own. Others': command line only",
    )
    permissions: list[Permission] = Field(default=[Permission.RESULTS_READ], min_length=1)
    organisation: str = _ORGANISATION
    tree: TreeField = "region"
    days: int = Field(default=90, ge=1, le=366, description="So long it lives")


class MadeToken(TokenItem):
    """A token with its secret: this once it is shown."""

    token: str


class SessionItem(BaseModel):
    """A signed-in browser. An empty ``user``: signed in with the installation's token."""

    id: int
    user: str
    opened_at: datetime
    last_seen_at: datetime
    expires_at: datetime
    address: str


class SessionList(BaseModel):
    """Open sessions, the newest first."""

    total: int
    items: list[SessionItem]


class GrantShown(BaseModel):
    """A role over a subtree."""

    role: Role
    organisation: str
    tree: Tree


class Me(BaseModel):
    """Who asks. ``permissions`` are those that they have over anything."""

    name: str
    user: str
    unrestricted: bool
    must_change_password: bool
    grants: list[GrantShown]
    permissions: list[Permission]

"""Who may do what: one table. What is not in it, nobody may do."""

from __future__ import annotations

from enum import Enum

from clearcut.store.tokens import Role


class Permission(str, Enum):
    """One thing that a route lets somebody do."""

    RECOGNISE = "recognise replicas in files"
    CHECK = "ask for decisions"
    READ_REGISTRY = "read contracts and names"
    CHANGE_REGISTRY = "change the registry"
    APPROVE_WAIVER = "approve waivers"
    REGISTER_CUT = "register cuts"
    READ_CUTS = "read registered cuts"
    ASK = "ask for a clearance"
    READ_REQUESTS = "read clearance requests"
    ANSWER = "answer clearance requests"
    READ_METRICS = "read metrics"


_EVERYBODY = frozenset(Role)

ALLOWED: dict[Permission, frozenset[Role]] = {
    Permission.RECOGNISE: _EVERYBODY,
    Permission.CHECK: _EVERYBODY,
    Permission.READ_REGISTRY: frozenset({Role.OFFICER, Role.AUDITOR, Role.ADMIN}),
    Permission.CHANGE_REGISTRY: frozenset({Role.OFFICER, Role.ADMIN}),
    Permission.APPROVE_WAIVER: frozenset({Role.OFFICER, Role.ADMIN}),
    Permission.REGISTER_CUT: frozenset({Role.TD, Role.OFFICER, Role.ADMIN}),
    # Screen time per licence is no contract: an artist sees it in every report.
    Permission.READ_CUTS: _EVERYBODY,
    Permission.ASK: frozenset({Role.ARTIST, Role.TD, Role.OFFICER, Role.ADMIN}),
    Permission.READ_REQUESTS: _EVERYBODY,
    Permission.ANSWER: frozenset({Role.OFFICER, Role.ADMIN}),
    # Counts and times: nobody is named in them.
    Permission.READ_METRICS: _EVERYBODY,
}


def may(role: Role, permission: Permission) -> bool:
    """Whether the role has the permission."""
    return role in ALLOWED.get(permission, frozenset())

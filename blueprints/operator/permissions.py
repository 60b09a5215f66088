"""What operators may do. Nobody in a chain can hold any of it."""

from shopbell.auth import Permission, Permissions
from shopbell.text import N_

EVERYBODY = frozenset({"operator", "observer"})
OPERATORS = frozenset({"operator"})

PERMISSIONS = Permissions(
    {
        "operator.read": Permission(N_("See the chains, their state and their use"), EVERYBODY, chain_wide=True),
        "operator.health": Permission(N_("See how the installation is doing"), EVERYBODY, chain_wide=True),
        "operator.records": Permission(N_("See what operators did"), EVERYBODY, chain_wide=True),
        "operator.account": Permission(N_("Change one's own password, phone and sessions"), EVERYBODY, chain_wide=True),
        "operator.change": Permission(N_("Switch chains off and on, name them and their hosts"), OPERATORS, True),
        "operator.create": Permission(N_("Make new chains"), OPERATORS, chain_wide=True),
        "operator.limits": Permission(N_("Set what chains may use"), OPERATORS, chain_wide=True),
        "operator.work": Permission(N_("Have failed work tried again"), OPERATORS, chain_wide=True),
    }
)

"""Why the matching would not do as asked."""

from samband.kernel.refusal import Conflict, Invalid


class NotARule(Invalid):
    """A rule has a name, a probability from 90 % to below 100 %, and something that must agree."""

    code = "not_a_matching_rule"


class RuleNameTaken(Conflict):
    """Another rule has this name."""

    code = "matching_rule_name_taken"


class MatchingUnderWay(Conflict):
    """Everybody is being compared at this moment."""

    code = "matching_under_way"

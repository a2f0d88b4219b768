"""What messaging refuses."""

from samband.kernel.refusal import Conflict


class NoRightToSend(Conflict):
    """There is no right to write to that address for that purpose."""

    code = "no_right_to_send"

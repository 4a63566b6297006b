"""How many tickets a score gives in a lottery, and the lot that counts."""

from forum.panels.selection_canonical import lot
from forum.panels.selection_request import Mode, Request, RequestedCandidate


def count_tickets(request: Request, score_cp: int) -> int:
    """Return how many tickets somebody with this score has: those of the highest band that it reaches.

    Below the lowest band there are none. In every mode but the weighted lottery everybody has one.
    """
    if request.mode != Mode.WEIGHTED_LOTTERY:
        return 1
    reached = [tickets for least_cp, tickets in request.tickets if least_cp <= score_cp]
    return reached[-1] if reached else 0


def best_lot(request: Request, candidate: RequestedCandidate) -> int:
    """Return the lowest of a candidate's lots; a fixed member without a ticket has one all the same."""
    tickets = max(1, count_tickets(request, candidate.score))
    return min(lot(request.seed, candidate.id, ticket) for ticket in range(tickets))

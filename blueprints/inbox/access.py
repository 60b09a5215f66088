"""Whose conversations a person may see."""

from __future__ import annotations

from uuid import UUID

from blueprints.inbox import queries
from blueprints.inbox.errors import UnknownConversation
from blueprints.inbox.queries import ConversationView
from shopbell.http import current_session, permitted_at, permitted_branches


def seen(conversation_id: UUID) -> ConversationView:
    """Raises UnknownConversation, also for another branch's; what is no branch's is for those who see all of them."""
    found = queries.conversation(current_session(), conversation_id)
    mine = permitted_at(found.branch_id) if found.branch_id else permitted_branches() is None
    if not mine:
        raise UnknownConversation
    return found

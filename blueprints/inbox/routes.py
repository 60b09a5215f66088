"""The inbox for programs and for the branch console."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask.views import MethodView

from blueprints.inbox import queries, service
from blueprints.inbox.access import seen
from blueprints.inbox.schemas import AnswerIn, ConversationOut, InboxOut, InboxQuery, OneConversationOut, StateIn
from blueprints.inbox.service import Member
from shopbell.http import current_principal, current_session, idempotent, permit, permitted_branches, shows_people
from shopbell.http.bodies import Blueprint

API = Blueprint("inbox_api", __name__, description="What customers write back")


@API.route("/inbox")
class Inbox(MethodView):
    @permit("inbox.answer")
    @shows_people
    @API.arguments(InboxQuery, location="query")
    @API.response(200, InboxOut)
    def get(self, query: dict[str, Any]) -> dict[str, Any]:
        """Conversations in one state, the latest first"""
        session, within = current_session(), permitted_branches()
        found = queries.conversations(session, query["state"], within, query["before"], query["limit"])
        end = found[-1].id if len(found) == query["limit"] else None
        return {"items": found, "unread": queries.unread(session, within), "next": end}


@API.route("/inbox/<uuid:conversation_id>")
class OneConversation(MethodView):
    @permit("inbox.answer")
    @shows_people
    @API.response(200, OneConversationOut)
    def get(self, conversation_id: UUID) -> dict[str, Any]:
        """A conversation with what was said last"""
        found = seen(conversation_id)
        return {**vars(found), "entries": queries.entries(current_session(), found.id)}


@API.route("/inbox/<uuid:conversation_id>/answers")
class Answers(MethodView):
    @permit("inbox.answer")
    @idempotent
    @API.arguments(AnswerIn)
    @API.response(201, OneConversationOut)
    def post(self, said: dict[str, Any], conversation_id: UUID) -> dict[str, Any]:
        """Answer by SMS; send an Idempotency-Key to make repeating safe"""
        session, person = current_session(), current_principal()
        seen(conversation_id)
        service.answer(session, conversation_id, said["words"], Member(person.id, person.name))
        return {**vars(seen(conversation_id)), "entries": queries.entries(session, conversation_id)}


@API.route("/inbox/<uuid:conversation_id>/state")
class State(MethodView):
    @permit("inbox.answer")
    @API.arguments(StateIn)
    @API.response(200, ConversationOut)
    def put(self, wanted: dict[str, Any], conversation_id: UUID) -> Any:
        """Close a conversation, or open it again"""
        seen(conversation_id)
        service.close(current_session(), conversation_id, opened=wanted["state"] == "open")
        return seen(conversation_id)

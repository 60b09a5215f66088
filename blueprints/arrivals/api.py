"""What other features may ask about who is here, who waits and for how long.

`plan(session, branch_id) -> dict` is the branch's queue right now, ready for JSON; instants are epoch milliseconds,
ids are text, minutes are whole minutes from now:

    {
      "at": 1764054000000,                 when it was reckoned
      "waiting": [                         in the order in which they are expected to be served
        {
          "kind": "walk_in",               or "booking": somebody with an appointment who has arrived
          "id": "…",                       of the walk-in or of the appointment
          "number": 12,                    the ticket; null for an appointment
          "name": "Linh",
          "service": "…",                  null while nobody has asked
          "status": "waiting",             waiting, called (walk-ins) or arrived (appointments)
          "since": 1764053100000,          when they came
          "due": null,                     an appointment's time
          "position": 1,                   counted from 1, appointments and walk-ins together
          "low": 5, "high": 15,            the wait from now; both null when nobody can serve them today any more
          "with": "…",                     the person who will probably serve them; null when nobody can
          "promised": [10, 20],            what they were told when they came; null when nothing was
          "late": false,                   they have waited longer than they were promised
          "called": null                   when they were called
        }
      ],
      "expected": [                        appointments whose time has come and whose customer has not
        {"id": "…", "name": "…", "service": "…", "with": "…", "due": 1764053400000,
         "minutes": 6,                     since then
         "gave_up": false}                 true once the grace is over: the desk may note a no-show
      ],
      "free": ["…"],                       people on shift who have nobody and nothing to do right now
      "newcomer": {"low": 10, "high": 25}  of somebody who came now for the shortest service; nulls: not today
    }

What the desk does, each in the caller's transaction; all raise UnknownBooking for an id that is not there:

- `receive(session, Arrival) -> Promise(walk_in_id, number, low, high)`: somebody came without an appointment.
  Harmless to repeat. Use it in place of `booking.api.add_walk_in`: it also stores what they are told.
- `call_next(session, branch_id, person_id=None, *, skip=()) -> Called(kind, id, name, number, person_id)`: whoever is
  next by the plan, for one person or for whoever is free. A walk-in becomes `called`; an appointment stays
  `arrived` until the visit begins. Raises NobodyWaits. Repeated for the same person it gives the same answer, until the
  called one is seated, sent back or gone. `skip` names ids that are not to be called.
- `call(session, walk_in_id, person_id=None) -> Called`: calls this one.
- `call_back(session, walk_in_id)`: called and did not come: waits again, at their old place. Harmless to repeat.
- `booking.api.seat_walk_in` and `leave_walk_in` take waiting and called walk-ins alike.
"""

// What an operation does to the board: pure, the server's rules without its checks for clashes.
// A state is { booking: {id: B}, walkin: {id: W} }; what does not change stays the same object.
// `context` is { services: Map(id -> service), local(instant) -> {day, minute} }.

const RANK = { held: 0, booked: 0, confirmed: 1, arrived: 2, in_service: 3, done: 4 };

export const isLive = booking => booking.status !== 'cancelled' && booking.status !== 'no_show';

/** Not begun yet: it can still be moved and cancelled. */
export const isAhead = booking => ['booked', 'confirmed', 'arrived'].includes(booking.status);

/** Whether `to` lies before `from`. Whoever came is later than a no-show; a visit that has begun cannot be one. */
export function isBackwards(from, to) {
  if (to === 'no_show') return RANK[from] > RANK.arrived;
  if (from === 'no_show') return RANK[to] < RANK.arrived;
  return RANK[to] < RANK[from];
}

/** The status one step back, for the undo button when nobody remembers what it was before. */
export const stepBack = status =>
  ({ arrived: 'booked', in_service: 'arrived', done: 'in_service', no_show: 'booked' })[status];

function fresh(id, service, context, more) {
  const known = context.services.get(service);
  const minutes = known?.minutes ?? 30;
  return {
    id,
    ref: '',
    minutes,
    busy: [[0, minutes]],
    service,
    service_name: known?.name ?? '',
    customer: null,
    note: '',
    clash: null,
    slot_version: null,
    pending: true,
    ...more,
  };
}

const arrived = (id, { name, phone, service }, at) => ({
  id,
  name,
  phone,
  service,
  at,
  status: 'waiting',
  person: null,
  booking: null,
  pending: true,
});

/** null: the server has not seen this booking yet. */
const nextVersion = version => (version === null ? null : version + 1);

const doers = {
  'booking.create': (state, p, op, context) =>
    state.booking[p.id]
      ? null
      : {
          booking: fresh(p.id, p.service, context, {
            day: p.day,
            person: p.person,
            start: p.start,
            status: 'booked',
            source: 'desk',
            note: p.note ?? '',
            customer: { id: null, name: p.customer.name, phone: p.customer.phone },
          }),
        },
  'booking.move': (state, p) =>
    change(state.booking[p.id], booking => ({
      person: p.person,
      day: p.day,
      start: p.start,
      clash: null,
      slot_version: nextVersion(booking.slot_version),
    })),
  'booking.status': (state, p) =>
    change(state.booking[p.id], booking =>
      !p.undo && isBackwards(booking.status, p.status) ? null : { status: p.status },
    ),
  'booking.cancel': (state, p) => change(state.booking[p.id], () => ({ status: 'cancelled', clash: null })),
  'booking.note': (state, p) => change(state.booking[p.id], () => ({ note: p.note })),
  'walkin.add': (state, p, op) => (state.walkin[p.id] ? null : { walkin: arrived(p.id, p, op.at) }),
  'walkin.seat': (state, p, op, context) => {
    const walkin = state.walkin[p.id];
    if (!walkin || walkin.status !== 'waiting') return null;
    const { day, minute } = context.local(op.at);
    return {
      walkin: { ...walkin, status: 'serving', person: p.person, booking: p.booking_id, pending: true },
      booking: fresh(p.booking_id, p.service, context, {
        day,
        person: p.person,
        start: minute,
        status: 'in_service',
        source: 'walk_in',
        customer: { id: null, name: walkin.name, phone: walkin.phone },
      }),
    };
  },
  'walkin.left': (state, p) => {
    const walkin = state.walkin[p.id];
    return walkin ? { walkin: { ...walkin, status: 'left', pending: true } } : null;
  },
  'clash.resolve': (state, p, op) => resolve(state.booking[p.id], p, op),
};

function change(booking, how) {
  const what = booking && how(booking);
  return what ? { booking: { ...booking, ...what, pending: true } } : null;
}

function resolve(booking, p, op) {
  if (!booking) return null;
  if (p.how === 'keep') return change(booking, () => ({ clash: null }));
  if (p.how === 'cancel') return change(booking, () => ({ clash: null, status: 'cancelled' }));
  if (p.how === 'move') {
    return change(booking, () => ({
      clash: null,
      person: p.person,
      day: p.day,
      start: p.start,
      slot_version: nextVersion(booking.slot_version),
    }));
  }
  const { name = '', phone = '' } = booking.customer ?? {};
  return {
    // "queue": the server gives the walk-in its own id later
    ...change(booking, () => ({ clash: null, status: 'cancelled' })),
    walkin: { ...arrived(`queued-${booking.id}`, { name, phone, service: booking.service }, op.at), unborn: true },
  };
}

export function reduce(state, op, context) {
  const made = doers[op.type]?.(state, op.p, op, context);
  if (!made) return state;
  const put = (kind, item) => (item ? { ...state[kind], [item.id]: item } : state[kind]);
  return { ...state, booking: put('booking', made.booking), walkin: put('walkin', made.walkin) };
}

/** Put the server's changes on the confirmed base. */
export function merge(base, changes) {
  const next = { ...base, booking: { ...base.booking }, walkin: { ...base.walkin } };
  for (const { kind, id, data } of changes) {
    if (!next[kind]) continue;
    if (data) next[kind][id] = sameOr(next[kind][id], data);
    else delete next[kind][id];
  }
  return next;
}

/** Replace one day of the base by the server's board of that day. Only the days in `keep` stay on the device. */
export function replaceDay(base, board, keep) {
  const { day, opens, closes, people, cursor } = board;
  const days = { ...base.days, [day]: sameOr(base.days[day], { day, opens, closes, people }) },
    cursors = { ...base.cursors, [day]: cursor };
  for (const other of Object.keys(days)) {
    if (keep.includes(other)) continue;
    delete days[other];
    delete cursors[other];
  }

  const booking = {};
  for (const item of Object.values(base.booking)) {
    if (item.day !== day && (days[item.day] || item.clash)) booking[item.id] = item;
  }
  for (const item of board.bookings) booking[item.id] = sameOr(base.booking[item.id], item);
  if (day !== board.today) return { ...base, days, cursors, booking };
  const walkin = Object.fromEntries(board.walkins.map(item => [item.id, sameOr(base.walkin[item.id], item)]));
  return { ...base, days, cursors, booking, walkin };
}

const sameOr = (old, item) => (old && JSON.stringify(old) === JSON.stringify(item) ? old : item);

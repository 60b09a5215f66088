// What an operation does to the board: pure, the server's rules without its checks for clashes.
// A state is { booking: {id: B}, walkin: {id: W} }; what does not change stays the same object.
// `context` is { services: Map(id -> service), local(instant) -> {day, minute} }.

const RANK = { held: 0, requested: 0, booked: 0, confirmed: 1, arrived: 2, in_service: 3, done: 4 };

export const isLive = booking => booking.status !== 'cancelled' && booking.status !== 'no_show';

/** Not begun yet: it can still be moved and cancelled. What the server has yet to give an id cannot. */
export const isAhead = booking =>
  !booking.unborn && ['requested', 'booked', 'confirmed', 'arrived'].includes(booking.status);

/** It can be made longer or shorter until it is over. */
export const canStretch = booking => isAhead(booking) || booking.status === 'in_service';

/** Appointments of one visit, in order of time; of one that is alone, itself. */
export const visitOf = (bookings, booking) =>
  booking.visit
    ? Object.values(bookings)
        .filter(other => other.visit === booking.visit && isLive(other))
        .sort((a, b) => a.start - b.start || (a.id === a.visit ? -1 : 1))
    : [booking];

/** Whether `to` lies before `from`. Whoever came is later than a no-show; a visit that has begun cannot be one. */
export function isBackwards(from, to) {
  if (to === 'no_show') return RANK[from] > RANK.arrived;
  if (from === 'no_show') return RANK[to] < RANK.arrived;
  return RANK[to] < RANK[from];
}

/** The status one step back, for the undo button when nobody remembers what it was before. */
export const stepBack = status =>
  ({ arrived: 'booked', in_service: 'arrived', done: 'in_service', no_show: 'booked' })[status];

/** Minutes of a service with the options chosen. */
export function minutesOf(service, options = []) {
  const chosen = service?.options?.filter(option => options.includes(option.id)) ?? [];
  return chosen.reduce((sum, option) => sum + option.minutes, service?.minutes ?? 30);
}

function fresh(id, { service = null, options = [], minutes }, context, more) {
  const known = context.services.get(service);
  const length = minutes ?? minutesOf(known, options);
  return {
    id,
    ref: '',
    minutes: length,
    extra: 0,
    busy: [[0, length]],
    service,
    options,
    chosen: known?.options?.filter(option => options.includes(option.id)).map(option => option.name),
    service_name: known?.name ?? '',
    customer: null,
    note: '',
    clash: null,
    slot_version: null,
    pending: true,
    ...more,
  };
}

/** A visit of several services: the first has the device's id, the server names the others later. */
function created(p, context) {
  const customer = { id: null, name: p.customer.name, phone: p.customer.phone };
  const more = { day: p.day, status: 'booked', source: 'desk', note: p.note ?? '', customer };
  const guests = p.guests?.length ? p.guests : [{ items: [p] }];
  const alone = guests.length === 1 && guests[0].items.length === 1;
  return guests.flatMap((guest, g) => {
    let start = p.start;
    return guest.items.map((item, i) => {
      const unborn = g + i > 0;
      const place = { person: item.person, start, guest: guest.name, visit: alone ? null : p.id, unborn };
      const made = fresh(unborn ? `${p.id}-${g}-${i}` : p.id, item, context, { ...more, ...place });
      start += made.minutes;
      return made;
    });
  });
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
  'booking.create': (state, p, op, context) => (state.booking[p.id] ? null : { booking: created(p, context) }),
  'booking.move': (state, p) => moved(state.booking, p),
  'booking.extend': (state, p) =>
    change(state.booking[p.id], booking => {
      const more = p.extra - booking.extra;
      const busy = booking.busy.map(([offset, long], n) => [offset, long + (booking.busy[n + 1] ? 0 : more)]);
      return { extra: p.extra, minutes: booking.minutes + more, busy };
    }),
  'booking.approve': (state, p) =>
    change(state.booking[p.id], booking => (booking.status === 'requested' ? { status: 'booked' } : null)),
  'booking.block': (state, { id, person, day, start, minutes, note }, op, context) =>
    state.booking[id]
      ? null
      : { booking: fresh(id, { minutes }, context, { person, day, start, note, status: 'blocked', source: 'desk' }) },
  'booking.unblock': (state, p) => change(state.booking[p.id], () => ({ status: 'cancelled' })),
  'booking.status': (state, p) =>
    change(state.booking[p.id], booking =>
      !p.undo && isBackwards(booking.status, p.status) ? null : { status: p.status },
    ),
  'booking.cancel': (state, p) => all(state.booking, p, () => ({ status: 'cancelled', clash: null })),
  'booking.note': (state, p) => change(state.booking[p.id], () => ({ note: p.note })),
  'walkin.add': (state, p, op) => (state.walkin[p.id] ? null : { walkin: arrived(p.id, p, op.at) }),
  'walkin.seat': (state, p, op, context) => {
    const walkin = state.walkin[p.id];
    if (!isWaiting(walkin)) return null;
    const { day, minute } = context.local(op.at);
    return {
      walkin: { ...walkin, status: 'serving', person: p.person, booking: p.booking_id, pending: true },
      booking: fresh(p.booking_id, p, context, {
        day,
        person: p.person,
        start: minute,
        status: 'in_service',
        source: 'walk_in',
        customer: { id: null, name: walkin.name, phone: walkin.phone },
      }),
    };
  },
  'walkin.left': (state, p) => queued(state, p, { status: 'left' }),
  'walkin.call': (state, p, op) => queued(state, p, { status: 'called', called_at: op.at, person: p.person }),
  'walkin.back': (state, p) => queued(state, p, { status: 'waiting', called_at: null }),
  'queue.next': (state, p, op) => queued(state, p, { status: 'called', called_at: op.at, person: p.person }),
  'clash.resolve': (state, p, op) => resolve(state.booking[p.id], p, op),
};

export const isWaiting = walkin => ['waiting', 'called'].includes(walkin?.status);

const queued = (state, { id }, what) =>
  isWaiting(state.walkin[id]) ? { walkin: { ...state.walkin[id], ...what, pending: true } } : null;

function change(booking, how) {
  const what = booking && how(booking);
  return what ? { booking: { ...booking, ...what, pending: true } } : null;
}

/** The whole visit of an appointment, or it alone. */
function all(bookings, { id, alone }, how) {
  const booking = bookings[id];
  if (!booking) return null;
  const which = alone ? [booking] : visitOf(bookings, booking);
  return { booking: which.map(one => change(one, how).booking) };
}

function moved(bookings, p) {
  const by = p.start - bookings[p.id]?.start;
  return all(bookings, p, booking => ({
    ...(booking.id === p.id && { person: p.person, clash: null }),
    day: p.day,
    start: booking.start + by,
    slot_version: nextVersion(booking.slot_version),
  }));
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
  const put = (kind, items) =>
    items ? { ...state[kind], ...Object.fromEntries([items].flat().map(item => [item.id, item])) } : state[kind];
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

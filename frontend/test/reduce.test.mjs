import assert from 'node:assert/strict';
import { test } from 'node:test';
import { merge, reduce, replaceDay } from '../src/console/reduce.js';
import { local } from '../src/console/time.js';

const ZONE = 'Asia/Ho_Chi_Minh';
const NINE = Date.parse('2026-11-23T09:00:00+07:00');
const context = {
  services: new Map([['eye', { id: 'eye', name: 'Eye test', minutes: 30 }]]),
  local: at => local(at, ZONE),
};
const booking = more => ({
  id: 'b1',
  day: '2026-11-23',
  person: 'p1',
  start: 600,
  minutes: 30,
  busy: [[0, 30]],
  service: 'eye',
  service_name: 'Eye test',
  customer: { id: 'c1', name: 'Julia', phone: '+84903112233' },
  status: 'booked',
  source: 'web',
  note: '',
  clash: null,
  slot_version: 3,
  ...more,
});
const walkin = more => ({
  id: 'w1',
  name: 'Mr. Đức',
  phone: '',
  service: 'eye',
  at: NINE,
  status: 'waiting',
  person: null,
  booking: null,
  ...more,
});
const state = (b = booking(), w = walkin()) => ({ booking: { [b.id]: b }, walkin: { [w.id]: w } });
const op = (type, p) => ({ op_id: 'o', type, p, at: NINE });
const after = (type, p, from = state()) => reduce(from, op(type, p), context);

test('a new booking takes its length from the service and waits to be sent', () => {
  const p = {
    id: 'b2',
    service: 'eye',
    person: null,
    day: '2026-11-23',
    start: 615,
    customer: { name: 'Hoa', phone: '0903' },
  };
  const made = after('booking.create', p).booking.b2;
  assert.deepEqual(
    [made.minutes, made.status, made.pending, made.person, made.slot_version],
    [30, 'booked', true, null, null],
  );
});

test('a booking the server already has is not made again', () => {
  const from = state();
  assert.equal(after('booking.create', { id: 'b1', service: 'eye', customer: {} }, from), from);
});

test('moving twice before sending counts the slot version along with the server', () => {
  const once = after('booking.move', { id: 'b1', person: 'p2', day: '2026-11-23', start: 660 });
  const twice = after('booking.move', { id: 'b1', person: 'p2', day: '2026-11-23', start: 690 }, once);
  assert.deepEqual([once.booking.b1.slot_version, twice.booking.b1.slot_version, twice.booking.b1.start], [4, 5, 690]);
});

test('moving a booking the server has not seen keeps its version unknown', () => {
  const from = state(booking({ slot_version: null }));
  assert.equal(
    after('booking.move', { id: 'b1', person: 'p1', day: '2026-11-23', start: 700 }, from).booking.b1.slot_version,
    null,
  );
});

test('a later step wins over an earlier one unless it is an undo', () => {
  const from = state(booking({ status: 'in_service' }));
  assert.equal(after('booking.status', { id: 'b1', status: 'arrived' }, from), from);
  assert.equal(after('booking.status', { id: 'b1', status: 'arrived', undo: true }, from).booking.b1.status, 'arrived');
  assert.equal(after('booking.status', { id: 'b1', status: 'done' }, from).booking.b1.status, 'done');
});

test('a no-show is undone by whoever comes after all, and nobody in service becomes one', () => {
  const missed = state(booking({ status: 'no_show' }));
  assert.equal(after('booking.status', { id: 'b1', status: 'arrived' }, missed).booking.b1.status, 'arrived');
  assert.equal(after('booking.status', { id: 'b1', status: 'booked' }, missed), missed);
  const served = state(booking({ status: 'in_service' }));
  assert.equal(after('booking.status', { id: 'b1', status: 'no_show' }, served), served);
  const waiting = state(booking({ status: 'arrived' }));
  assert.equal(after('booking.status', { id: 'b1', status: 'no_show' }, waiting).booking.b1.status, 'no_show');
});

test('an operation on something this device does not know changes nothing', () => {
  const from = state();
  for (const type of [
    'booking.move',
    'booking.status',
    'booking.cancel',
    'booking.note',
    'walkin.seat',
    'walkin.left',
    'clash.resolve',
    'later.kind',
  ]) {
    assert.equal(after(type, { id: 'unknown' }, from), from);
  }
});

test('seating a walk-in makes a booking in service at that minute of the branch', () => {
  const next = after('walkin.seat', { id: 'w1', booking_id: 'b9', person: 'p2', service: 'eye' });
  assert.equal(next.walkin.w1.status, 'serving');
  const { day, start, status, source, customer } = next.booking.b9;
  assert.deepEqual(
    [day, start, status, source, customer.name],
    ['2026-11-23', 540, 'in_service', 'walk_in', 'Mr. Đức'],
  );
});

test('a walk-in is seated once', () => {
  const once = after('walkin.seat', { id: 'w1', booking_id: 'b9', person: 'p2', service: 'eye' });
  assert.equal(after('walkin.seat', { id: 'w1', booking_id: 'b10', person: 'p1', service: 'eye' }, once), once);
});

test('every way to decide a clash clears it', () => {
  const from = state(booking({ clash: { why: 'slot_taken', suggest: [] } }));
  const moved = after('clash.resolve', { id: 'b1', how: 'move', person: 'p2', day: '2026-11-24', start: 720 }, from)
    .booking.b1;
  assert.deepEqual([moved.clash, moved.person, moved.day, moved.start], [null, 'p2', '2026-11-24', 720]);
  assert.equal(after('clash.resolve', { id: 'b1', how: 'keep' }, from).booking.b1.status, 'booked');
  assert.equal(after('clash.resolve', { id: 'b1', how: 'cancel' }, from).booking.b1.status, 'cancelled');
  const queued = after('clash.resolve', { id: 'b1', how: 'queue' }, from);
  assert.deepEqual([queued.booking.b1.status, queued.walkin['queued-b1'].name], ['cancelled', 'Julia']);
});

test('what does not change keeps its identity and nothing is changed in place', () => {
  const from = Object.freeze({
    booking: Object.freeze({ b1: Object.freeze(booking()), b2: Object.freeze(booking({ id: 'b2' })) }),
    walkin: Object.freeze({}),
  });
  const next = after('booking.note', { id: 'b1', note: 'Brings old glasses' }, from);
  assert.equal(next.booking.b2, from.booking.b2);
  assert.equal(next.booking.b1.note, 'Brings old glasses');
  assert.equal(from.booking.b1.note, '');
});

test('changes of the server are put on the base, null removes', () => {
  const base = { days: {}, ...state() };
  const next = merge(base, [
    { kind: 'booking', id: 'b1', data: null },
    { kind: 'booking', id: 'b7', data: booking({ id: 'b7' }) },
    { kind: 'news', id: 'x', data: {} },
  ]);
  assert.deepEqual(Object.keys(next.booking), ['b7']);
  assert.deepEqual(Object.keys(base.booking), ['b1']);
});

test('the queue belongs to today: looking at another day leaves it alone', () => {
  const base = { days: {}, cursors: {}, ...state() };
  const board = {
    day: '2026-11-22',
    today: '2026-11-23',
    opens: null,
    closes: null,
    people: [],
    cursor: '9',
    walkins: [walkin({ id: 'w0' })],
    bookings: [],
  };
  assert.deepEqual(Object.keys(replaceDay(base, board, ['2026-11-22', '2026-11-23']).walkin), ['w1']);
});

test('a change that says nothing new keeps the object, so nothing redraws', () => {
  const base = { days: {}, ...state() };
  assert.equal(merge(base, [{ kind: 'booking', id: 'b1', data: booking() }]).booking.b1, base.booking.b1);
});

test('a fetched day replaces that day only, and days not kept leave the device except their clashes', () => {
  const base = {
    days: { '2026-11-22': {}, '2026-11-23': {} },
    cursors: { '2026-11-22': '7' },
    walkin: {},
    booking: {
      old: booking({ id: 'old', day: '2026-11-22' }),
      hot: booking({ id: 'hot', day: '2026-11-22', clash: { why: 'slot_taken' } }),
      gone: booking({ id: 'gone' }),
      same: booking({ id: 'same' }),
      next: booking({ id: 'next', day: '2026-11-24' }),
    },
  };
  const board = {
    day: '2026-11-23',
    today: '2026-11-23',
    opens: 540,
    closes: 1080,
    people: [],
    cursor: '9',
    walkins: [walkin()],
    bookings: [booking({ id: 'same' })],
  };
  const result = replaceDay({ ...base, days: { ...base.days, '2026-11-24': {} } }, board, ['2026-11-23', '2026-11-24']);
  assert.deepEqual(Object.keys(result.booking).sort(), ['hot', 'next', 'same']);
  assert.equal(result.booking.same, base.booking.same);
  assert.deepEqual(Object.keys(result.days).sort(), ['2026-11-23', '2026-11-24']);
  assert.deepEqual(result.cursors, { '2026-11-23': '9' });
  assert.deepEqual(Object.keys(result.walkin), ['w1']);
});

test('longer and shorter change the last work, and the same twice changes nothing more', () => {
  const colour = booking({
    minutes: 90,
    extra: 0,
    busy: [
      [0, 30],
      [60, 30],
    ],
  });
  const longer = after('booking.extend', { id: 'b1', extra: 10 }, state(colour));
  assert.deepEqual([longer.booking.b1.minutes, longer.booking.b1.busy.at(-1)], [100, [60, 40]]);
  const again = after('booking.extend', { id: 'b1', extra: 10 }, longer);
  assert.equal(again.booking.b1.minutes, 100);
  assert.equal(after('booking.extend', { id: 'b1', extra: -5 }, again).booking.b1.minutes, 85);
});

test('a visit moves and is cancelled as one, unless it is said otherwise', () => {
  const two = { b1: booking({ visit: 'b1' }), b2: booking({ id: 'b2', start: 630, person: 'p2', visit: 'b1' }) };
  const from = { booking: two, walkin: {} };
  const to = { id: 'b2', person: 'p3', day: '2026-11-23', start: 690 };
  const moved = after('booking.move', to, from).booking;
  assert.deepEqual([moved.b1.start, moved.b1.person, moved.b2.start, moved.b2.person], [660, 'p1', 690, 'p3']);
  const alone = after('booking.move', { ...to, alone: true }, from).booking;
  assert.deepEqual([alone.b1.start, alone.b2.start], [600, 690]);
  const gone = after('booking.cancel', { id: 'b2', reason: 'customer' }, from).booking;
  assert.deepEqual([gone.b1.status, gone.b2.status], ['cancelled', 'cancelled']);
  assert.equal(after('booking.cancel', { id: 'b2', alone: true }, from).booking.b1.status, 'booked');
});

test('a new visit shows all its services before the server has named them', () => {
  const p = {
    id: 'n1',
    day: '2026-11-23',
    start: 600,
    customer: { name: 'Ann', phone: '1' },
    guests: [
      {
        name: '',
        items: [
          { service: 'eye', options: [] },
          { service: 'eye', options: [] },
        ],
      },
      { name: 'Ben', items: [{ service: 'eye', options: [] }] },
    ],
  };
  const made = Object.values(after('booking.create', p).booking).filter(one => one.visit === 'n1');
  assert.deepEqual(made.map(one => one.start).sort(), [600, 600, 630]);
  assert.equal(made.filter(one => one.unborn).length, 2);
  assert.equal(made.find(one => one.guest === 'Ben').start, 600);
});

test('options make it longer', () => {
  const options = [{ id: 'long', name: 'Long hair', minutes: 15 }];
  const services = new Map([['eye', { id: 'eye', name: 'Eye test', minutes: 30, options }]]);
  const p = { id: 'n1', service: 'eye', options: ['long'], day: '2026-11-23', start: 600, customer: { name: 'A' } };
  const made = reduce(state(), op('booking.create', p), { ...context, services }).booking.n1;
  assert.deepEqual([made.minutes, made.chosen], [45, ['Long hair']]);
});

test('blocked time comes and goes, a request is approved', () => {
  const p = { id: 'x', person: 'p1', day: '2026-11-23', start: 600, minutes: 45, note: 'Meeting' };
  const blocked = after('booking.block', p);
  assert.deepEqual(
    [blocked.booking.x.status, blocked.booking.x.busy, blocked.booking.x.note],
    ['blocked', [[0, 45]], 'Meeting'],
  );
  assert.equal(after('booking.unblock', { id: 'x' }, blocked).booking.x.status, 'cancelled');
  const asked = state(booking({ status: 'requested' }));
  assert.equal(after('booking.approve', { id: 'b1' }, asked).booking.b1.status, 'booked');
  assert.equal(after('booking.approve', { id: 'b1' }).booking.b1.status, 'booked');
});

test('somebody is called, sent back, and called again', () => {
  const called = after('queue.next', { id: 'w1', person: 'p1' });
  assert.deepEqual([called.walkin.w1.status, called.walkin.w1.called_at], ['called', NINE]);
  const back = after('walkin.back', { id: 'w1' }, called);
  assert.deepEqual([back.walkin.w1.status, back.walkin.w1.called_at], ['waiting', null]);
  assert.equal(after('walkin.left', { id: 'w1' }, called).walkin.w1.status, 'left');
  assert.equal(
    after('walkin.seat', { id: 'w1', booking_id: 'v', person: 'p1', service: 'eye' }, called).booking.v.status,
    'in_service',
  );
  const gone = state(booking(), walkin({ status: 'left' }));
  assert.equal(after('queue.next', { id: 'w1' }, gone), gone);
});

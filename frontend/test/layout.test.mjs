import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  drawnHours,
  fits,
  freeTimes,
  freeUntil,
  gaps,
  helpsOf,
  lanes,
  lateBy,
  taken,
  visitLetters,
  working,
} from '../src/console/layout.js';

const linh = {
  id: 'p1',
  name: 'Linh',
  shifts: [
    [540, 780],
    [810, 1080],
  ],
};
const minh = { id: 'p2', name: 'Minh', shifts: [[480, 720]] };
const frame = { opens: 540, closes: 1080, people: [linh, minh] };
const b = (id, start, minutes, more) => ({
  id,
  person: 'p1',
  start,
  minutes,
  busy: [[0, minutes]],
  status: 'booked',
  clash: null,
  ...more,
});

test('hours drawn cover opening hours, shifts and bookings, in whole hours', () => {
  assert.deepEqual(drawnHours(frame, [b('x', 1070, 45)]), { from: 480, to: 1140 });
  assert.deepEqual(drawnHours({ opens: null, closes: null, people: [] }, []), { from: 540, to: 1080 });
});

test('people work only within opening hours, and nobody on a closed day', () => {
  assert.deepEqual(working(frame, minh), [[540, 720]]);
  assert.deepEqual(working({ ...frame, opens: null, closes: null }, linh), []);
});

test('gaps are what is left', () => {
  assert.deepEqual(
    gaps(
      [
        [540, 780],
        [810, 1080],
      ],
      480,
      1140,
    ),
    [
      [480, 540],
      [780, 810],
      [1080, 1140],
    ],
  );
  assert.deepEqual(gaps([], 0, 10), [[0, 10]]);
});

test('only overlapping bookings share the width', () => {
  const places = lanes([b('a', 600, 60), b('b', 615, 30), b('c', 645, 30), b('d', 660, 30), b('e', 700, 30)]);
  assert.deepEqual(
    [...places].map(([id, place]) => [id, place.lane, place.of]),
    [
      ['a', 0, 2],
      ['b', 1, 2],
      ['c', 1, 2],
      ['d', 0, 2],
      ['e', 0, 1],
    ],
  );
});

test('a pause in one booking is room for another', () => {
  const colour = b('colour', 600, 120, {
    busy: [
      [0, 40],
      [90, 30],
    ],
  });
  assert.equal(fits(frame, [colour], linh, 645, [[0, 45]]), true);
  assert.equal(fits(frame, [colour], linh, 630, [[0, 45]]), false);
  assert.equal(fits(frame, [colour], linh, 660, [[0, 45]]), false);
});

test('breaks, cancelled, clashing and own bookings', () => {
  assert.equal(fits(frame, [], linh, 765, [[0, 30]]), false);
  assert.equal(fits(frame, [b('x', 600, 30, { status: 'no_show' })], linh, 600, [[0, 30]]), true);
  assert.equal(fits(frame, [b('x', 600, 30, { clash: {} })], linh, 600, [[0, 30]]), true);
  assert.equal(fits(frame, [b('x', 600, 30)], linh, 615, [[0, 30]], 'x'), true);
});

test('free times of anyone name everybody who is free', () => {
  const list = freeTimes(frame, [b('x', 540, 30)], { person: null, busy: [[0, 30]], after: 540 });
  assert.deepEqual(list[0], { start: 540, people: ['p2'] });
  assert.deepEqual(list.find(time => time.start === 570).people, ['p1', 'p2']);
  assert.equal(list.at(-1).start, 1050);
});

test('only people with the skills for a service are free for it', () => {
  const [first, ...others] = frame.people;
  const skilled = { ...frame, people: [{ ...first, can: ['cut'] }, ...others.map(p => ({ ...p, can: [] }))] };
  const wish = { person: null, service: 'cut', busy: [[0, 30]], after: 570 };
  assert.deepEqual(freeTimes(skilled, [], wish)[0].people, [first.id]);
  assert.deepEqual(freeTimes(skilled, [], { ...wish, service: 'colour' }), []);
});

test('free until the next booking or the end of the shift', () => {
  assert.equal(freeUntil(frame, [b('x', 660, 30)], linh, 600), 660);
  assert.equal(freeUntil(frame, [], linh, 600), 780);
  assert.equal(freeUntil(frame, [b('x', 590, 30)], linh, 600), null);
  assert.equal(freeUntil(frame, [], linh, 790), null);
});

test('what fits into a pause stands upon it, what does not beside it', () => {
  const busy = [
    [0, 30],
    [60, 30],
  ];
  const colour = b('colour', 600, 90, { busy });
  const inside = lanes([colour, b('cut', 630, 30)]);
  assert.deepEqual(inside.get('colour'), { lane: 0, of: 1 });
  assert.deepEqual(inside.get('cut'), { lane: 0, of: 1, within: true });
  assert.deepEqual(lanes([colour, b('cut', 635, 30)]).get('cut'), { lane: 1, of: 2 });
  assert.deepEqual(lanes([colour, b('next', 690, 30)]).get('next'), { lane: 0, of: 1 });
});

test('who helps is busy with it, and shown in their column by the same object each time', () => {
  const exam = b('exam', 600, 40, { busy: [[10, 30]], helps: [{ person: 'p2', busy: [[0, 10]] }] });
  assert.deepEqual(taken([exam], 'p2'), [[600, 610]]);
  assert.deepEqual(taken([exam], 'p1'), [[610, 640]]);
  const [part] = helpsOf(exam);
  assert.deepEqual([part.person, part.start, part.minutes, part.of], ['p2', 600, 10, exam]);
  assert.equal(helpsOf(exam), helpsOf(exam));
  assert.deepEqual(helpsOf({ ...exam, status: 'cancelled' }), []);
  assert.equal(fits(frame, [exam], minh, 600, [[0, 10]]), false);
  assert.equal(fits(frame, [exam], minh, 610, [[0, 10]]), true);
});

test('a visit that is moved does not stand in its own way', () => {
  const visit = [b('cut', 600, 30, { visit: 'v' }), b('dry', 630, 30, { visit: 'v' })];
  assert.deepEqual(taken(visit, 'p1', 'v'), []);
  assert.deepEqual(taken(visit, 'p1', 'cut'), [[630, 660]]);
});

test('visits of several get letters in order of time, one alone gets none', () => {
  const day = [
    b('a', 700, 30, { visit: 'late' }),
    b('b', 730, 30, { visit: 'late' }),
    b('c', 600, 30, { visit: 'one' }),
  ];
  assert.deepEqual([...visitLetters([...day, b('d', 540, 30, { visit: null })])], [['late', 'A']]);
});

test('late is who has not come when the grace is over', () => {
  const now = { day: '2026-11-23', minute: 616 };
  const due = b('x', 600, 30, { day: '2026-11-23', grace: 15 });
  assert.equal(lateBy(due, now), 16);
  assert.equal(lateBy(due, { ...now, minute: 615 }), 0);
  assert.equal(lateBy({ ...due, status: 'arrived' }, now), 0);
  assert.equal(lateBy({ ...due, day: '2026-11-22' }, now), 0);
});

import assert from 'node:assert/strict';
import fs from 'node:fs';
import { test } from 'node:test';
import { _, ngettext, useCatalogue } from '../src/console/i18n.js';
import { addDays, daysBetween, hm, local, minuteIn } from '../src/console/time.js';

test('texts come from the catalogue, English stands in for what is missing', () => {
  useCatalogue({ Move: 'Dời', '%(num)s waiting': '%(num)s đang chờ', '%(num)s booking': ['%(num)s 个预约'] });
  assert.equal(_('Move'), 'Dời');
  assert.equal(_('%(name)s left', { name: 'Hoa' }), 'Hoa left');
  assert.equal(ngettext('%(num)s waiting', '%(num)s waiting', 3), '3 đang chờ');
  assert.equal(ngettext('%(num)s booking', '%(num)s bookings', 2), '2 个预约');
  useCatalogue({});
  assert.equal(ngettext('%(num)s booking', '%(num)s bookings', 1), '1 booking');
  assert.equal(ngettext('%(num)s booking', '%(num)s bookings', 2), '2 bookings');
});

test('days and minutes are the branch’s own, also where clocks change', () => {
  assert.deepEqual(local(Date.parse('2026-11-22T17:30:00Z'), 'Asia/Ho_Chi_Minh'), { day: '2026-11-23', minute: 30 });
  assert.deepEqual(local(Date.parse('2026-10-25T01:30:00Z'), 'Europe/Berlin'), { day: '2026-10-25', minute: 150 });
  assert.equal(addDays('2027-02-28', 1), '2027-03-01');
  assert.equal(daysBetween('2026-12-31', '2027-01-01'), 1);
  assert.equal(minuteIn('2026-11-23T14:45:00+07:00'), 885);
  assert.equal(hm(545), '09:05');
});

test('both dark blocks of the tokens hold the same values', () => {
  const css = fs.readFileSync(new URL('../src/css/tokens.css', import.meta.url), 'utf8');
  const values = start =>
    css
      .slice(css.indexOf(start) + start.length)
      .split('}')[0]
      .split(';')
      .map(line => line.trim())
      .filter(Boolean);
  const system = values(':root:not([data-theme=light]) {'),
    chosen = values('[data-theme=dark] {');
  assert.ok(system.length > 30);
  assert.deepEqual(system, chosen);
});

test('no text hides inside a template literal, where extraction cannot see it', () => {
  const folder = new URL('../src/console/', import.meta.url);
  for (const file of fs.readdirSync(folder)) {
    const source = fs.readFileSync(new URL(file, folder), 'utf8');
    assert.doesNotMatch(source, /\$\{[^}`]*\b(_|ngettext)\(/, file);
  }
});

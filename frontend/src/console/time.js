// Days are "YYYY-MM-DD" and times minutes of the branch's local day; an instant is epoch milliseconds.
export const hm = minute =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;

const formats = new Map();

/** The branch's local day and minute at an instant. */
export function local(instant, zone) {
  if (!formats.has(zone)) {
    formats.set(
      zone,
      new Intl.DateTimeFormat('en-CA', {
        timeZone: zone,
        hourCycle: 'h23',
        year: 'numeric',
        month: '2-digit',
        day: '2-digit',
        hour: '2-digit',
        minute: '2-digit',
      }),
    );
  }
  const parts = Object.fromEntries(
    formats
      .get(zone)
      .formatToParts(instant)
      .map(part => [part.type, part.value]),
  );
  return { day: `${parts.year}-${parts.month}-${parts.day}`, minute: Number(parts.hour) * 60 + Number(parts.minute) };
}

export function addDays(day, count) {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + count);
  return date.toISOString().slice(0, 10);
}

export const daysBetween = (from, to) => (Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000;

/** Minute of the local day written in an RFC 3339 instant that carries the branch's own offset. */
export const minuteIn = rfc3339 => Number(rfc3339.slice(11, 13)) * 60 + Number(rfc3339.slice(14, 16));

const ORDER = { en: 'en-GB' }; // plain English is nobody's in particular: day before month

export const dayName = (day, locale, options = { weekday: 'short', day: 'numeric', month: 'short' }) =>
  new Intl.DateTimeFormat(ORDER[locale] ?? locale, { ...options, timeZone: 'UTC' }).format(
    new Date(`${day}T00:00:00Z`),
  );

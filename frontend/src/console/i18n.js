// Texts. Source strings are English; config.json brings {msgid: text}, for plurals {singular: text or [forms]}.
let catalogue = {};

export function useCatalogue(messages) {
  catalogue = messages ?? {};
}

const fill = (text, values) => text.replace(/%\((\w+)\)s/g, (whole, name) => values?.[name] ?? whole);

export function _(id, values) {
  const text = catalogue[id];
  return fill((Array.isArray(text) ? text[0] : text) || id, values);
}

/** `%(num)s` stands for the number. Chinese and Vietnamese have one form, English two. */
export function ngettext(one, many, number, values) {
  const known = [catalogue[one] ?? []].flat();
  const form = number === 1 ? 0 : Math.min(1, known.length - 1);
  return fill(known[form] || (number === 1 ? one : many), { num: number, ...values });
}

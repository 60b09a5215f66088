// The services of a new visit: for whom, with which options, with whom.
import { _ } from './i18n.js';
import * as store from './store.js';
import { DayOptions, PersonOptions, ServiceOptions } from './times.jsx';
import { Field, Icon } from './ui.jsx';

export const blank = person => ({ service: '', options: [], person, guest: '' });

/** One service, or the guests of a visit: services that name the same guest follow one another. */
export function wishOf(items) {
  const [first] = items;
  if (items.length === 1 && !first.guest.trim()) {
    return { service: first.service, options: first.options, person: first.person };
  }
  const names = [...new Set(items.map(item => item.guest.trim()))];
  const guests = names.map(name => ({
    name,
    items: items
      .filter(item => item.guest.trim() === name)
      .map(({ service, options, person }) => ({ service, options, person })),
  }));
  return { guests };
}

/** The services of the visit, one under the other, and the day. */
export function What({ draft, set, errors }) {
  const { items } = draft;
  const change = (at, changes) => set({ items: items.map((item, n) => (n === at ? { ...item, ...changes } : item)) });
  const add = () => set({ items: [...items, { ...blank(items.at(-1).person), guest: items.at(-1).guest }] });
  return (
    <>
      {items.map((item, n) => (
        <Item
          key={n}
          n={n}
          item={item}
          several={items.length > 1}
          error={!item.service && errors.service}
          change={changes => change(n, changes)}
          remove={() => set({ items: items.filter((_other, at) => at !== n) })}
        />
      ))}
      <button type="button" class="btn ghost add" onClick={add}>
        <Icon name="plus" />
        {_('Another service or guest')}
      </button>
      <Field id="new-day" label={_('Day')}>
        {tie => (
          <select {...tie} value={draft.day} onChange={e => set({ day: e.currentTarget.value })}>
            <DayOptions chosen={draft.day} />
          </select>
        )}
      </Field>
    </>
  );
}

function Item({ n, item, several, error, change, remove }) {
  const tail = n ? `-${n}` : '',
    service = store.services.value.get(item.service);
  return (
    <div class={several ? 'stack item' : 'stack'}>
      <Field id={`new-service${tail}`} label={_('Service')} error={error}>
        {tie => (
          <select
            {...tie}
            name="service"
            value={item.service}
            onChange={e => change({ service: e.currentTarget.value, options: [] })}
          >
            <option value="">{_('Choose a service')}</option>
            <ServiceOptions />
          </select>
        )}
      </Field>
      {service?.options?.length > 0 && (
        <Options id={`new-options${tail}`} options={service.options} chosen={item.options} change={change} />
      )}
      <div class="two">
        <Field id={`new-person${tail}`} label={_('With')}>
          {tie => (
            <select
              {...tie}
              value={item.person ?? ''}
              onChange={e => change({ person: e.currentTarget.value || null })}
            >
              <option value="">{_('Anyone')}</option>
              <PersonOptions />
            </select>
          )}
        </Field>
        {several && (
          <Field id={`new-guest${tail}`} label={_('Guest')} optional>
            {tie => (
              <input
                {...tie}
                autoComplete="off"
                placeholder={_('Whoever books')}
                value={item.guest}
                onInput={e => change({ guest: e.currentTarget.value })}
              />
            )}
          </Field>
        )}
      </div>
      {n > 0 && (
        <button type="button" class="btn ghost" onClick={remove}>
          <Icon name="trash" />
          {_('Remove')}
          <span class="vh"> {service?.name}</span>
        </button>
      )}
    </div>
  );
}

/** One of the variants, and any of the add-ons. */
function Options({ id, options, chosen, change }) {
  const variants = options.filter(option => option.kind === 'variant'),
    addons = options.filter(option => option.kind !== 'variant');
  const picked = variants.find(option => chosen.includes(option.id)) ?? variants[0];
  const others = chosen.filter(one => addons.some(option => option.id === one));
  const more = minutes => (minutes > 0 ? `+${minutes}` : minutes);
  const text = ({ name, minutes, price }) =>
    [name, minutes && _('%(minutes)s min', { minutes: more(minutes) }), price].filter(Boolean).join(' · ');
  return (
    <>
      {variants.length > 0 && (
        <Field id={id} label={_('Variant')}>
          {tie => (
            <select {...tie} value={picked.id} onChange={e => change({ options: [e.currentTarget.value, ...others] })}>
              {variants.map(option => (
                <option key={option.id} value={option.id}>
                  {text(option)}
                </option>
              ))}
            </select>
          )}
        </Field>
      )}
      {addons.map(option => (
        <label class="check" key={option.id}>
          <input
            type="checkbox"
            checked={chosen.includes(option.id)}
            onChange={e =>
              change({
                options: e.currentTarget.checked ? [...chosen, option.id] : chosen.filter(one => one !== option.id),
              })
            }
          />
          <span>{text(option)}</span>
        </label>
      ))}
    </>
  );
}

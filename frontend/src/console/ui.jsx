// Small parts every screen uses.
import { useEffect, useRef } from 'preact/hooks';
import { _ } from './i18n.js';
import { dialog, personName, toast } from './store.js';
import { hm } from './time.js';

export const Icon = ({ name }) => (
  <svg class="ic" aria-hidden="true">
    <use href={`${__ICONS__}#${name}`} />
  </svg>
);

const STATUS = {
  held: ['', 'hourglass', () => _('Held')],
  blocked: ['', 'lock', () => _('Blocked')],
  requested: ['info', 'message', () => _('To approve')],
  booked: ['', 'clock', () => _('Booked')],
  confirmed: ['info', 'check', () => _('Confirmed')],
  arrived: ['warn', 'door-enter', () => _('Arrived')],
  in_service: ['ok', 'user', () => _('In service')],
  done: ['plain', 'circle-check', () => _('Done')],
  no_show: ['bad', 'user-off', () => _('No-show')],
  cancelled: ['', 'x', () => _('Cancelled')],
};
export const statusName = status => STATUS[status][2]();
export const statusIcon = status => STATUS[status][1];
export const Badge = ({ status }) => (
  <span class={`badge ${STATUS[status][0]}`}>
    <Icon name={statusIcon(status)} />
    {statusName(status)}
  </span>
);

/** Who comes: the guest of a party, or whoever booked; what a blocked time is for. */
export function customerName(booking) {
  if (booking.status === 'blocked') return booking.note || _('Blocked');
  if (booking.guest) return booking.guest;
  if (booking.customer?.name) return booking.customer.name;
  return booking.status === 'held' ? _('Being booked online') : _('Walk-in');
}

/** The customer's number, to be called; as people here write it, once the server has seen it. */
export const Phone = ({ of: { customer } }) =>
  customer?.phone ? (
    <a class="btn" href={`tel:${customer.phone}`}>
      <Icon name="phone" />
      {_('Call %(phone)s', { phone: customer.phone_text ?? customer.phone })}
    </a>
  ) : null;

/** One of several answers, on a line of its own. */
export const Choice = ({ icon, kind = '', onClick, children }) => (
  <button type="button" class={`btn ${kind}`} onClick={onClick}>
    <Icon name={icon} />
    <span>{children}</span>
  </button>
);

/** What belongs to one visit; with a `current` one, each of the others opens. */
export const Members = ({ all, current }) => (
  <ul class="members">
    {all.map(one => {
      const body = (
        <>
          <time>{hm(one.start)}</time>
          <span class="grow">
            {customerName(one)}
            <span class="muted">
              {[one.service_name, personName(one.person)].filter(Boolean).map(part => ` · ${part}`)}
            </span>
          </span>
        </>
      );
      const open = () => {
        dialog.value = { kind: 'booking', id: one.id };
      };
      return (
        <li key={one.id} aria-current={one.id === current ? 'true' : undefined}>
          {current && one.id !== current && !one.unborn ? (
            <button type="button" class="btn ghost" onClick={open}>
              {body}
            </button>
          ) : (
            <span>{body}</span>
          )}
        </li>
      );
    })}
  </ul>
);

export const NotSent = ({ item }) => item.pending && [' · ', _('not sent yet')];

export const close = () => {
  dialog.value = null;
};

/** What was just done. An open dialog shows it itself: all else is out of reach then. */
export function Toasts() {
  const { value: shown } = toast;
  useEffect(() => {
    if (!shown) return undefined;
    const timer = setTimeout(() => {
      toast.value = null;
    }, 7000);
    return () => clearTimeout(timer);
  }, [shown]);
  const button = (label, then) => (
    <button
      type="button"
      onClick={() => {
        toast.value = null;
        then();
      }}
    >
      {label}
    </button>
  );
  const open = () => {
    dialog.value = { kind: shown.open };
  };
  return (
    <div class="toasts" role="status">
      {shown && (
        <div class="toast">
          <span>{shown.text}</span>
          {shown.undo && button(_('Undo'), shown.undo)}
          {shown.ask && button(`${shown.label}…`, shown.ask)}
          {shown.open && button(shown.label, open)}
        </div>
      )}
    </div>
  );
}

/** A modal dialog; `drawer` at the right edge. The browser keeps the focus inside and gives it back. */
export function Dialog({ title, icon, drawer, children }) {
  const ref = useRef();
  useEffect(() => {
    const came = document.activeElement;
    ref.current.showModal();
    return () => came?.isConnected && came.focus?.();
  }, []);
  return (
    <dialog
      ref={ref}
      class={drawer ? 'drawer' : ''}
      aria-labelledby="dialog-title"
      onClose={close}
      onClick={event => event.target === ref.current && ref.current.close()}
    >
      <div class="dialog-head">
        {icon && <Icon name={icon} />}
        <h2 id="dialog-title">{title}</h2>
        <button type="button" class="btn ghost icon" onClick={() => ref.current.close()}>
          <span class="vh">{_('Close')}</span>
          <Icon name="x" />
        </button>
      </div>
      <div class="dialog-body">{children}</div>
      <Toasts />
    </dialog>
  );
}

/** Label, control and error as one. `control` gets the attributes that tie them together. */
export function Field({ id, label, hint, error, optional, children }) {
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ') || undefined;
  return (
    <div class={error ? 'field error' : 'field'}>
      <label for={id}>
        {label}
        {optional && <span class="muted"> ({_('optional')})</span>}
      </label>
      {hint && (
        <span class="hint" id={`${id}-hint`}>
          {hint}
        </span>
      )}
      {children({ id, class: 'input', 'aria-describedby': described, 'aria-invalid': error ? true : undefined })}
      {error && (
        <span class="err" id={`${id}-error`}>
          <Icon name="alert-triangle" />
          {error}
        </span>
      )}
    </div>
  );
}

// What a chain has its customers agree to: whoever enters them says that they were told of it.
import { config } from './store.js';

/** A box only where there is something to tell; `tell` is given the ids of the texts, or undefined. */
export function Told({ tell }) {
  const { told } = config.value;
  return (
    told && (
      <label class="check">
        <input type="checkbox" onChange={event => tell(event.currentTarget.checked ? told.ids : undefined)} />
        <span>{told.text}</span>
      </label>
    )
  );
}

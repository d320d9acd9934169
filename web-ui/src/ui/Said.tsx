import { useModel } from '../api/model';

/** A sentence of the hub. It names systems and records by their ids; people see them by their names. */
export function Said({ text }: { text: string }) {
  return useModel().spoken(text);
}

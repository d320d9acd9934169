/** The hub dates its answers to the second, and they take a while to arrive: less than this is no difference. */
const TOLERANCE = 3000;

let ahead = 0;

/** Learns from the date of an answer how far the clock of the hub is ahead of the one here; without one nothing changes. */
export function follow(date: string | null, here = Date.now()) {
  const by = Date.parse(date ?? '') - here;
  if (!Number.isNaN(by)) ahead = Math.abs(by) < TOLERANCE ? 0 : by;
}

/** What time it is for the hub, whose times the pages show: the clock of this machine may be wrong. */
export const hubNow = () => Date.now() + ahead;

import { Button } from '@mantine/core';
import { useLive } from '../live/Live';
import type { EventName } from '../live/messages';
import { RefreshCwIcon } from './icons';

/** Offers to load a list again when something changed since: rows never jump by themselves. */
export function Reload({ event, loadedAt, reload, busy }: { event: EventName; loadedAt: number; reload: () => void; busy: boolean }) {
  const changed = useLive().changed[event] ?? 0;
  if (changed <= loadedAt) return null;
  return (
    <Button size="xs" variant="default" leftSection={<RefreshCwIcon size={13} />} onClick={reload} loading={busy} mb="xs">
      Changed meanwhile: load again
    </Button>
  );
}

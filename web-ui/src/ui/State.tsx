import { Group, Text } from '@mantine/core';
import type { ComponentType } from 'react';
import { CircleCheckIcon, CircleXIcon, ClockIcon, GitMergeIcon, InfoIcon, LoaderCircleIcon, LockIcon, PauseIcon, TriangleAlertIcon } from './icons';
import { words } from './format';

const LOOKS: Record<string, [tone: string, icon: ComponentType<{ size?: number }>]> = {
  RUNNING: ['info', LoaderCircleIcon],
  STARTING: ['info', LoaderCircleIcon],
  RECOVERING: ['info', LoaderCircleIcon],
  SENDING: ['info', LoaderCircleIcon],
  DUE: ['info', ClockIcon],
  VERIFYING: ['warn', ClockIcon],
  HELD: ['warn', LockIcon],
  PAUSED: ['warn', PauseIcon],
  PARKED: ['bad', CircleXIcon],
  FAILED: ['bad', CircleXIcon],
  CANCELLED: ['dim', CircleXIcon],
  FAILING: ['bad', CircleXIcon],
  OFFLINE: ['bad', CircleXIcon],
  DONE: ['good', CircleCheckIcon],
  SETTLED: ['good', CircleCheckIcon],
  OK: ['good', CircleCheckIcon],
  LIVE: ['good', CircleCheckIcon],
  ACTIVE: ['good', CircleCheckIcon],
  IDLE: ['good', CircleCheckIcon],
  OPEN: ['warn', TriangleAlertIcon],
  WAITING: ['info', ClockIcon],
  SEEN: ['info', ClockIcon],
  SENT: ['info', LoaderCircleIcon],
  RESTORING: ['info', LoaderCircleIcon],
  ASKED: ['warn', TriangleAlertIcon],
  TASK: ['warn', TriangleAlertIcon],
  EXECUTING: ['info', LoaderCircleIcon],
  PLANNED: ['info', ClockIcon],
  CONFIRMED: ['good', CircleCheckIcon],
  COMPENSATED: ['good', CircleCheckIcon],
  KEPT: ['good', CircleCheckIcon],
  DISCONNECTED: ['warn', InfoIcon],
  SEVERED: ['warn', LockIcon],
  FOLDED: ['dim', GitMergeIcon],
  RETURNING: ['info', LoaderCircleIcon],
  DELETED: ['dim', CircleXIcon],
  RETIRED: ['dim', GitMergeIcon],
  ERASED: ['dim', LockIcon],
  REMOVED: ['info', ClockIcon],
  TOLD: ['info', ClockIcon],
  BY_HAND: ['warn', TriangleAlertIcon],
  ATTESTED: ['good', CircleCheckIcon],
};

/** A state by icon, word and colour, never by colour alone. */
export function State({ state, label }: { state: string; label?: string }) {
  const [tone, Icon] = LOOKS[state.toUpperCase()] ?? ['dim', InfoIcon];
  return (
    <Group gap={5} wrap="nowrap" display="inline-flex" c={`var(--k-${tone})`} component="span">
      <Icon size={14} />
      <Text span size="sm" fw={600} c="inherit" style={{ whiteSpace: label && label.length > 24 ? 'normal' : 'nowrap' }}>
        {label ?? words(state)}
      </Text>
    </Group>
  );
}

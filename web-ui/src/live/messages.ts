/** Names of the hub's events that the pages listen to; any other is ignored. */
export const NAMES = ['golden.changed', 'review.changed', 'run.progress', 'system.state', 'outbound.changed', 'schema.changed', 'erasure.changed', 'resync'] as const;

export type EventName = (typeof NAMES)[number];

export type Message = { connected: boolean; at: number } | { name: EventName; data: Record<string, unknown> };

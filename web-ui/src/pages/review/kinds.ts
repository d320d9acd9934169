/** Questions that have a queue of their own beside that of likely duplicates. */
export const OTHER_QUEUES = ['DISPUTED', 'DELETED', 'LOOP', 'WOULD_MERGE', 'HELD_MERGE', 'MERGE_BRAKE'] as const;

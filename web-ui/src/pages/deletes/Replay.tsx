import { Alert, Stack, Text } from '@mantine/core';
import type { DeletesPreview } from '../../api/deletes';
import type { Model } from '../../api/model';
import { DataTable } from '../../ui/DataTable';
import { When } from '../../ui/When';
import { count, counted } from '../../ui/format';
import { TriangleAlertIcon } from '../../ui/icons';
import { origin, wouldBe } from './words';

/** What the deletions of the last days would have led to under a draft. */
export function Replay({ preview: { replay }, model }: { preview: DeletesPreview; model: Model }) {
  const changed = replay.changes.reduce((sum, change) => sum + change.steps, 0);
  return (
    <Stack gap="xs" mt="md" role="status">
      <Text size="sm">
        {replay.deletions === 0 ? (
          'Nothing was deleted in the last 30 days, so there is nothing to replay.'
        ) : (
          <>
            Replayed: {counted(replay.deletions, 'deletion')} of the last 30 days{!replay.complete && ' (only the newest)'}, about {counted(replay.steps, 'record')} of other systems.{' '}
            <strong>{changed === 0 ? 'None of them would be treated otherwise.' : `${counted(changed, 'record')} would be treated otherwise.`}</strong>
          </>
        )}{' '}
        Nothing was changed.
      </Text>
      {replay.brakes.map((trip) => (
        <Alert key={trip.system} variant="default" icon={<TriangleAlertIcon />} title={`The brake would have stopped ${counted(trip.deletes, 'delete')} for ${model.system(trip.system)}`} styles={{ root: { borderColor: 'var(--k-warn)' }, icon: { color: 'var(--k-warn)' } }}>
          <Text size="sm">
            They came together from <When at={trip.at} as="minute" />; it lets {count(trip.limit)} through. A steward would have been asked.
          </Text>
        </Alert>
      ))}
      {replay.changes.length > 0 && (
        <DataTable
          label="What would have been treated otherwise"
          rows={replay.changes}
          id={(change) => `${change.from} ${change.to} ${change.before} ${change.after}`}
          columns={[
            { header: 'Deleted in', cell: (change) => origin(change.from, model) },
            { header: 'Record in', cell: (change) => model.system(change.to) },
            { header: 'Now', cell: (change) => wouldBe(change.before) },
            { header: 'Would be', cell: (change) => <strong>{wouldBe(change.after)}</strong> },
            { header: 'Records', end: true, cell: (change) => count(change.steps) },
          ]}
        />
      )}
    </Stack>
  );
}

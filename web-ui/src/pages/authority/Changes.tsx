import { Alert, Progress, Stack, Text, Title } from '@mantine/core';
import type { Model } from '../../api/model';
import type { AuthorityPreview } from '../../api/queries';
import { Said } from '../../ui/Said';
import { DataTable } from '../../ui/DataTable';
import { Link } from '../../ui/Link';
import { count, counted, recordKey, ruleWords } from '../../ui/format';

/** What a draft would change: the values that would be others, and what would be written because of it. */
export function Changes({ preview, model }: { preview: AuthorityPreview; model: Model }) {
  const name = (key: string | undefined) => (key ? `${model.system(recordKey(key).system)} ${recordKey(key).externalId}` : 'a steward');
  if (preview.state === 'RUNNING')
    return (
      <div role="status">
        <Progress value={preview.total ? (100 * preview.done) / preview.total : 100} aria-label="Preview" mt="md" mb={4} />
        <Text size="xs" c="dimmed">
          {count(preview.done)} of {counted(preview.total, 'golden record')} read
        </Text>
      </div>
    );
  if (preview.state === 'FAILED' || !preview.result)
    return (
      <Alert role="alert" variant="default" mt="md" title="There is no preview">
        <Said text={preview.problem ?? ''} />
      </Alert>
    );
  const { result } = preview;
  const type = preview.entityType;
  return (
    <Stack gap="sm" mt="md" role="status">
      <Text size="sm">
        <strong>{counted(result.values, 'value')} would change</strong> in {counted(result.changedGoldens, 'golden record')} of {count(result.goldens)};{' '}
        <strong>{counted(result.writes, 'record')} would be written</strong>
        {result.writes > 0 && (
          <>
            :{' '}
            {Object.entries(result.writesBySystem)
              .map(([system, writes]) => `${model.system(system)} ${count(writes)}`)
              .join(', ')}
          </>
        )}
        . {result.sources > 0 && <>{counted(result.sources, 'value')} would stay and come from another record. </>}
        {result.dropped > 0 && <>{counted(result.dropped, 'write')} that is due now would not go out. </>}
        Nothing was changed.
      </Text>
      {result.changes.length > 0 && (
        <div>
          <Title order={3} size="h6">
            Values{result.values > result.changes.length && ` (${result.changes.length} of ${count(result.values)})`}
          </Title>
          <DataTable
            label="Values that would change"
            rows={result.changes}
            id={(change) => `${change.golden} ${change.attribute}`}
            columns={[
              {
                header: 'Golden record',
                cell: (change) => (
                  <Link to="/goldens/$id" params={{ id: change.golden }}>
                    {change.label || change.golden}
                  </Link>
                ),
              },
              { header: 'Attribute', cell: (change) => model.attribute(type, change.attribute) },
              { header: 'Now', cell: (change) => (change.before ? `${change.before} (${name(change.beforeFrom)})` : <em>none</em>) },
              {
                header: 'Would be',
                cell: (change) => (change.after ? `${change.after} (${name(change.afterFrom)}, ${ruleWords(change.decidedBy ?? '')})` : <em>none</em>),
              },
            ]}
          />
        </div>
      )}
      {result.writeSample.length > 0 && (
        <div>
          <Title order={3} size="h6">
            Writes{result.writes > result.writeSample.length && ` (${result.writeSample.length} of ${count(result.writes)})`}
          </Title>
          <ul style={{ margin: 0, paddingInlineStart: 18 }}>
            {result.writeSample.map(({ golden, write }) => (
              <Text key={`${write.system} ${write.target ?? golden}`} component="li" size="sm" style={{ overflowWrap: 'anywhere' }}>
                {write.target ? name(write.target) : `${model.system(write.system)}, new record${write.waits ? ' that waits for an open question' : ''}`}:{' '}
                {Object.entries(write.values)
                  .map(([attribute, value]) => `${model.attribute(type, attribute)} ${value || 'cleared'}`)
                  .join(', ')}
              </Text>
            ))}
          </ul>
        </div>
      )}
    </Stack>
  );
}

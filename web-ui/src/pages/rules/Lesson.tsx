import { Alert, Button, Stack, Text, Title } from '@mantine/core';
import { useState } from 'react';
import type { RulesLesson } from '../../api/queries';
import { DataTable } from '../../ui/DataTable';
import { Said } from '../../ui/Said';
import { bits, count, counted } from '../../ui/format';
import { Reading } from './Reading';

const FIRST = 8;

/** What the records and the verdicts of stewards taught, and how sure that is. */
export function Lesson({ lesson }: { lesson: RulesLesson }) {
  const [all, setAll] = useState(false);
  if (lesson.state === 'RUNNING') return <Reading label="Learning" done={lesson.done} total={lesson.total} />;
  if (!lesson.result)
    return (
      <Alert role="alert" variant="default" mt="md" title="Nothing was learned">
        <Said text={lesson.problem ?? ''} />
      </Alert>
    );
  const { result } = lesson;
  const moved = all ? result.moved : result.moved.slice(0, FIRST);
  return (
    <Stack gap="xs" mt="md" role="status">
      <Text size="sm">
        <strong>The draft has weights that {counted(result.records, 'record')} taught</strong>
        {result.verdicts > 0 && `, and ${counted(result.verdicts, 'verdict')} of stewards (${count(result.same)} for the same)`}. It comes to{' '}
        {result.duplicates.toFixed(2)} duplicates a record. Nothing is published: preview it, and look at what would change.
      </Text>
      <Text size="sm" c="dimmed">
        {counted(result.patterns, 'pattern')} of pairs that share a value, {counted(result.randomPairs, 'pair')} at random;{' '}
        {result.settled ? `the weights came to rest after ${counted(result.rounds, 'round')}.` : `the weights did not come to rest in ${counted(result.rounds, 'round')}: trust them less.`}
      </Text>
      {result.moved.length === 0 && <Text size="sm">No weight is far from the shipped one.</Text>}
      {result.moved.length > 0 && (
        <>
          <Title order={3} size="h6">
            Weights that moved most, in bits
          </Title>
          <DataTable
            label="Weights that moved most"
            rows={moved}
            id={(one) => `${one.comparison} ${one.level}`}
            columns={[
              { header: 'Comparison', cell: (one) => one.comparison },
              { header: 'Found', cell: (one) => one.level },
              { header: 'Shipped', end: true, cell: (one) => bits(one.before) || '0' },
              { header: 'Learned', end: true, cell: (one) => bits(one.after) || '0' },
            ]}
          />
          {result.moved.length > FIRST && !all && (
            <Button size="xs" variant="subtle" onClick={() => setAll(true)} style={{ alignSelf: 'flex-start' }}>
              Show all {count(result.moved.length)}
            </Button>
          )}
        </>
      )}
    </Stack>
  );
}

import { Button, Card, Group, Stack, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { useModel } from '../../api/model';
import { useBlockKey, useGenericKeys } from '../../api/queries';
import { Link } from '../../ui/Link';
import { Loaded } from '../../ui/States';
import { When } from '../../ui/When';
import { counted, recordKey } from '../../ui/format';

/** Values that so many records hold that they bring nobody together any more, and the merges they had a part in. */
export function GenericKeys({ type }: { type: string }) {
  const keys = useGenericKeys(type);
  const [shown, setShown] = useState<string>();
  return (
    <Card padding="sm">
      <Title order={2} size="h5">
        Values that count no more
      </Title>
      <Text size="sm" c="dimmed" mb="xs">
        So many records hold them that they bring nobody together. What only they had merged came apart.
      </Text>
      <Loaded query={keys as never} rows={2}>
        {(items: { value: string; records: number }[]) => (
          <>
            {items.length === 0 && <Text size="sm">None so far.</Text>}
            <Stack gap={4} component="ul" m={0} p={0} style={{ listStyle: 'none' }}>
              {items.map((key) => (
                <li key={key.value}>
                  <Group gap="xs" wrap="nowrap" justify="space-between">
                    <span className="mono" style={{ overflowWrap: 'anywhere', fontSize: 12 }}>
                      {key.value}
                    </span>
                    <Button
                      size="compact-xs"
                      variant="default"
                      style={{ flex: 'none' }}
                      aria-expanded={shown === key.value}
                      aria-label={`Merges of ${key.value}`}
                      onClick={() => setShown(shown === key.value ? undefined : key.value)}
                    >
                      {counted(key.records, 'record')}
                    </Button>
                  </Group>
                  {shown === key.value && <Merges value={key.value} />}
                </li>
              ))}
            </Stack>
            {keys.hasNextPage && (
              <Button size="xs" variant="subtle" mt="xs" loading={keys.isFetchingNextPage} onClick={() => void keys.fetchNextPage()}>
                Show more
              </Button>
            )}
          </>
        )}
      </Loaded>
    </Card>
  );
}

function Merges({ value }: { value: string }) {
  const detail = useBlockKey(value);
  const model = useModel();
  const name = (key: string) => `${model.system(recordKey(key).system)} ${recordKey(key).externalId}`;
  return (
    <Loaded query={detail} rows={1}>
      {({ apart, together }) => (
        <Stack gap={2} py={4} pl="sm">
          {apart.length + together.length === 0 && <Text size="sm">It had merged nothing.</Text>}
          {apart.map((one) => (
            <Text key={one.record} size="sm">
              {name(one.record)} left{' '}
              <Link to="/goldens/$id" params={{ id: one.from }}>
                its golden record
              </Link>{' '}
              for{' '}
              <Link to="/goldens/$id" params={{ id: one.golden }}>
                another
              </Link>{' '}
              <When at={one.at} />
            </Text>
          ))}
          {together.map((one) => (
            <Text key={one.golden} size="sm">
              <Link to="/goldens/$id" params={{ id: one.golden }}>
                {one.label || one.golden}
              </Link>{' '}
              still holds {one.records.map(name).join(', ')}, by other evidence
            </Text>
          ))}
        </Stack>
      )}
    </Loaded>
  );
}

import { Button, Modal, Stack, Table, Text, Title } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import { type SystemSchema, useRollBackAnswers } from '../../api/schemas';
import { DialogActions } from '../../ui/DialogActions';
import { Failed } from '../../ui/States';
import { When } from '../../ui/When';
import { DryRunButton } from '../dryRuns/DryRunButton';

type Stream = SystemSchema['streams'][number];

/** What people answered about the fields of a stream, in versions; each can be gone back to. */
export function Answers({ system, stream }: { system: string; stream: Stream }) {
  const [to, setTo] = useState<number | null>(null);
  const rollBack = useRollBackAnswers();
  if (!stream.versions.length) return null;
  return (
    <Stack gap={4} mt="sm">
      <Title order={3} size="h6">
        What was answered about its fields
      </Title>
      <Table aria-label={`Answers about ${stream.stream}`} fz="sm" verticalSpacing={4} style={{ overflowWrap: 'anywhere' }}>
        <Table.Tbody>
          {stream.versions.map((version) => (
            <Table.Tr key={version.version}>
              <Table.Th scope="row" fw={500}>
                {version.says}
                <Text size="xs" c="dimmed">
                  version {version.version} · <When at={version.at} /> by {version.by}
                </Text>
              </Table.Th>
              <Table.Td ta="right">
                {version.version === stream.version ? (
                  'in force'
                ) : (
                  <Button size="compact-xs" variant="default" aria-label={`Go back to version ${version.version}`} onClick={() => setTo(version.version)}>
                    Go back…
                  </Button>
                )}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <Modal opened={to !== null} onClose={() => setTo(null)} title={<Text fw={650}>Go back to version {to}?</Text>}>
        <Stack gap="sm">
          <Text size="sm">
            The mapping of {stream.stream} is that of then, and what was asked since is asked again if it still arises. Golden values that came by
            a field which is not mapped any more stay until their systems say otherwise.
          </Text>
          {rollBack.isError && <Failed error={rollBack.error} />}
          <DialogActions>
            <Button variant="default" onClick={() => setTo(null)}>
              Leave it
            </Button>
            <DryRunButton ask={{ kind: 'ROLLBACK', system, stream: stream.stream, version: to ?? 0, seen: stream.version }} />
            <Button
              loading={rollBack.isPending}
              onClick={() =>
                rollBack.mutate(
                  { system, stream: stream.stream, version: stream.version, to: to! },
                  {
                    onSuccess: () => {
                      setTo(null);
                      notifications.show({ title: stream.stream, message: 'Gone back; it is a version of its own.' });
                    },
                  },
                )
              }
            >
              Go back
            </Button>
          </DialogActions>
        </Stack>
      </Modal>
    </Stack>
  );
}

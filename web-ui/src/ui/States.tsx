import { Alert, Button, Code, Group, Paper, Skeleton, Stack, Text } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import { type ReactNode, useEffect, useState } from 'react';
import { Problem } from '../api/client';
import { Page } from './Page';
import { CircleCheckIcon, InboxIcon, RefreshCwIcon, TriangleAlertIcon } from './icons';

/** The states every page and panel shares. Pages write only what is theirs: the shape while loading and the data. */
export function Loaded<T>({
  query,
  rows = 5,
  meanwhile,
  title,
  children,
}: {
  query: UseQueryResult<T>;
  rows?: number;
  /** What is shown while it loads, where that has another shape than rows. */
  meanwhile?: ReactNode;
  /** What the page is called as long as nothing is known; for what is a page and not a part of one. */
  title?: string;
  children: (data: T) => ReactNode;
}) {
  if (query.data !== undefined)
    return (
      <>
        {query.isError && <Failed error={query.error} retry={() => void query.refetch()} stale />}
        {children(query.data)}
      </>
    );
  const instead = query.isError ? <Failed error={query.error} retry={() => void query.refetch()} /> : <Loading rows={rows}>{meanwhile}</Loading>;
  return title ? <Page title={title}>{instead}</Page> : instead;
}

/** Shows nothing for 150 ms, so that quick answers do not flicker. */
export function Loading({ rows = 5, children }: { rows?: number; children?: ReactNode }) {
  const [visible, setVisible] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setVisible(true), 150);
    return () => clearTimeout(timer);
  }, []);
  return (
    <Stack gap="xs" aria-busy="true" role="status" aria-label="Loading">
      {visible && (children ?? Array.from({ length: rows }, (_, i) => <Skeleton key={i} h={34} w={i === 0 ? '40%' : '100%'} />))}
    </Stack>
  );
}

export function Failed({ error, retry, stale }: { error: unknown; retry?: () => void; stale?: boolean }) {
  const problem = Problem.from(error);
  return (
    <Alert
      role="alert"
      variant="default"
      icon={<TriangleAlertIcon />}
      title={stale ? `Not up to date: ${problem.title}` : problem.title}
      styles={{ root: { borderColor: 'var(--k-bad)', background: 'var(--k-bad-soft)' }, icon: { color: 'var(--k-bad)' }, title: { color: 'var(--k-text)' } }}
    >
      <Stack gap="xs" align="flex-start">
        {problem.detail && <Text size="sm">{problem.detail}</Text>}
        {problem.fix && (
          <Text size="sm">
            <strong>What to do:</strong> {problem.fix}
          </Text>
        )}
        <Group gap="sm">
          {retry && (
            <Button size="xs" variant="default" leftSection={<RefreshCwIcon size={14} />} onClick={retry}>
              Try again
            </Button>
          )}
          {problem.requestId && (
            <Text size="xs" c="dimmed">
              Request <Code>{problem.requestId}</Code>
            </Text>
          )}
        </Group>
      </Stack>
    </Alert>
  );
}

/** `done` is good news: nothing is left to do. */
export function Empty({ title, children, action, done }: { title: string; children?: ReactNode; action?: ReactNode; done?: boolean }) {
  return (
    <Paper withBorder p="xl" style={{ borderStyle: 'dashed' }}>
      <Stack align="center" gap="xs" ta="center">
        <Text c={done ? 'var(--k-good)' : 'var(--k-dim)'} lh={0}>
          {done ? <CircleCheckIcon size={28} /> : <InboxIcon size={28} />}
        </Text>
        <Text fw={650}>{title}</Text>
        {children && (
          <Text size="sm" c="dimmed" maw={520} component="div">
            {children}
          </Text>
        )}
        {action}
      </Stack>
    </Paper>
  );
}

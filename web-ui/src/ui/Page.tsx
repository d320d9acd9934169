import { Box, Group, Text, Title } from '@mantine/core';
import { type ReactNode, useEffect, useRef } from 'react';

/** Title, one sentence and the actions of a page. The heading takes the focus when the page opens, so that it is announced. */
export function Page({
  title,
  mark,
  lead,
  actions,
  children,
}: {
  title: string;
  mark?: ReactNode;
  lead?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · Kintsugi`;
  }, [title]);
  useEffect(() => {
    if (document.activeElement === document.body || document.activeElement?.closest('nav')) heading.current?.focus({ preventScroll: true });
  }, []);
  return (
    <Box maw={1680} mx="auto">
      <Box mb="md">
        <Group justify="space-between" align="flex-start" gap="sm">
          <Group gap="sm" wrap="wrap" miw={0} style={{ flex: '1 1 280px' }}>
            <Title order={1} size="h2" ref={heading} tabIndex={-1} style={{ overflowWrap: 'anywhere' }}>
              {title}
            </Title>
            {mark}
          </Group>
          {actions && <Group gap="xs">{actions}</Group>}
        </Group>
        {lead && (
          <Text size="sm" c="dimmed" component="div" mt={actions ? 6 : 2}>
            {lead}
          </Text>
        )}
      </Box>
      {children}
    </Box>
  );
}

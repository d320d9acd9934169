import { Group, Kbd, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { Spotlight } from '@mantine/spotlight';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { NAVIGATION } from './Frame';
import { useModel } from './api/model';
import { useFind, useSystems } from './api/queries';
import { GemIcon, DatabaseIcon, SearchIcon } from './ui/icons';

/** Ctrl K: records by words or by `system:type:id`, pages and systems. */
export function Palette() {
  const [text, setText] = useState('');
  const [query] = useDebouncedValue(text.trim(), 180);
  const found = useFind(query);
  const systems = useSystems().data ?? [];
  const model = useModel();
  const navigate = useNavigate();
  const has = (label: string) => label.toLowerCase().includes(text.trim().toLowerCase());
  const pages = NAVIGATION.filter((page) => has(page.label));
  const some = text.trim() ? systems.filter((system) => has(system.label) || has(system.id)) : [];
  const records = query.length > 1 && text.trim().length > 1 ? (found.data ?? []) : [];
  return (
    <Spotlight.Root query={text} onQueryChange={setText} shortcut={['mod + K']} scrollable maxHeight={480}>
      <Spotlight.Search placeholder="Name, e-mail, phone or system:type:id" aria-label="Search records and pages" leftSection={<SearchIcon />} />
      <Spotlight.ActionsList>
        {records.length > 0 && (
          <Spotlight.ActionsGroup label="Golden records">
            {records.map((golden) => (
              <Spotlight.Action
                key={golden.id}
                label={golden.label}
                description={`${model.type(golden.type)} · ${golden.id}`}
                leftSection={<GemIcon size={18} />}
                onClick={() => void navigate({ to: '/goldens/$id', params: { id: golden.id } })}
              />
            ))}
          </Spotlight.ActionsGroup>
        )}
        {some.length > 0 && (
          <Spotlight.ActionsGroup label="Systems">
            {some.map((system) => (
              <Spotlight.Action
                key={system.id}
                label={system.label}
                leftSection={<DatabaseIcon size={18} />}
                onClick={() => void navigate({ to: '/systems/$id', params: { id: system.id } })}
              />
            ))}
          </Spotlight.ActionsGroup>
        )}
        {pages.length > 0 && (
          <Spotlight.ActionsGroup label="Pages">
            {pages.map(({ to, label, icon: Icon }) => (
              <Spotlight.Action key={to} label={label} leftSection={<Icon size={18} />} onClick={() => void navigate({ to })} />
            ))}
          </Spotlight.ActionsGroup>
        )}
        {query.length > 1 && !found.isFetching && !records.length && !some.length && !pages.length && (
          <Spotlight.Empty>
            Nothing holds “{query}”. Search by the beginnings of words, or by a record key such as crm:contact:0031.
          </Spotlight.Empty>
        )}
      </Spotlight.ActionsList>
      <Group gap={6} p="xs" c="dimmed">
        <Kbd size="xs">↑</Kbd>
        <Kbd size="xs">↓</Kbd>
        <Text size="xs">choose</Text>
        <Kbd size="xs">Enter</Kbd>
        <Text size="xs">open</Text>
        <Kbd size="xs">Esc</Kbd>
        <Text size="xs">close</Text>
      </Group>
    </Spotlight.Root>
  );
}

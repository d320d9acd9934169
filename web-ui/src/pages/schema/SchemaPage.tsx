import { Button, NativeSelect, Stack } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useRef } from 'react';
import { useModel } from '../../api/model';
import { useSchemaChanges } from '../../api/schemas';
import { FilterBar } from '../../ui/FilterBar';
import { useKeys } from '../../ui/Keys';
import { Page } from '../../ui/Page';
import { Empty, Loaded } from '../../ui/States';
import { Change } from './Change';

/** Which fields of systems have changed, and what that means for their mappings. */
export function SchemaPage() {
  const model = useModel();
  const { system } = useSearch({ from: '/schema' });
  const navigate = useNavigate({ from: '/schema' });
  const changes = useSchemaChanges(system);
  const cards = useRef<HTMLDivElement>(null);
  const filter = (to: string | undefined) => void navigate({ search: to ? { system: to } : {}, replace: true });
  const step = (by: number) => {
    const all = [...(cards.current?.querySelectorAll<HTMLElement>('[data-change]') ?? [])];
    const at = all.findIndex((card) => card.contains(document.activeElement));
    const next = all[at < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(all.length - 1, Math.max(0, at + by))];
    next?.focus();
    next?.scrollIntoView({ block: 'nearest' });
  };
  useKeys('Schema', [
    { keys: 'j', does: 'Next change', run: () => step(1) },
    { keys: 'k', does: 'Previous change', run: () => step(-1) },
  ]);
  return (
    <Page
      title="Schema"
      lead="What changed about the fields of your systems. Only the field that changed stands still; what it held is kept, and everything else goes on."
    >
      {model.systems.length > 1 && (
        <FilterBar label="Filter changes" onClear={system ? () => filter(undefined) : undefined}>
          <NativeSelect
            size="sm"
            aria-label="System"
            value={system ?? ''}
            onChange={(event) => filter(event.currentTarget.value || undefined)}
            data={[{ value: '', label: 'All systems' }, ...model.systems.map((one) => ({ value: one.id, label: one.label }))]}
          />
        </FilterBar>
      )}
      <Loaded query={changes} rows={4}>
        {(items) =>
          items.length === 0 ? (
            <Empty done title={system ? `Nothing has changed in ${model.system(system)}` : 'Every field is as it was agreed on'}>
              The hub looks at the fields of each system every five minutes, and at once when a system says that something is not there.
            </Empty>
          ) : (
            <Stack gap="sm" ref={cards}>
              {items.map((change) => (
                <Change key={change.id} change={change} model={model} />
              ))}
              {changes.hasNextPage && (
                <Button variant="default" onClick={() => void changes.fetchNextPage()} loading={changes.isFetchingNextPage}>
                  Show more
                </Button>
              )}
            </Stack>
          )
        }
      </Loaded>
    </Page>
  );
}

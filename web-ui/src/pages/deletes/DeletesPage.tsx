import { NativeSelect, Tabs } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useModel } from '../../api/model';
import { useStats } from '../../api/queries';
import { Page } from '../../ui/Page';
import { DeletionList } from './DeletionList';
import { Policy } from './Policy';

/** What does a delete do, and what did it do? */
export function DeletesPage() {
  const search = useSearch({ from: '/deletes' });
  const navigate = useNavigate({ from: '/deletes' });
  const model = useModel();
  const held = useStats().data?.goldens ?? {};
  const type = search.type ?? [...model.types].sort((a, b) => (held[b.name] ?? 0) - (held[a.name] ?? 0))[0]?.name;
  const tab = search.tab ?? 'policy';
  return (
    <Page
      title="Deletes"
      lead="What follows in other systems when one system, or a person, deletes a thing; and what was deleted. A change of the policy is replayed on the last 30 days before it is published."
      actions={
        model.types.length > 1 && (
          <NativeSelect
            aria-label="Type"
            value={type}
            onChange={(event) => void navigate({ search: { ...search, type: event.currentTarget.value } })}
            data={model.types.map((t) => ({ value: t.name, label: model.type(t.name) }))}
          />
        )
      }
    >
      <Tabs value={tab} onChange={(next) => void navigate({ search: { ...(search.type ? { type: search.type } : {}), ...(next === 'deletions' ? { tab: 'deletions' as const } : {}) }, replace: true })} keepMounted={false}>
        <Tabs.List mb="md">
          <Tabs.Tab value="policy">Policy</Tabs.Tab>
          <Tabs.Tab value="deletions">Deletions</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="policy">
          <Policy type={type} model={model} />
        </Tabs.Panel>
        <Tabs.Panel value="deletions">
          <DeletionList type={type} model={model} />
        </Tabs.Panel>
      </Tabs>
    </Page>
  );
}

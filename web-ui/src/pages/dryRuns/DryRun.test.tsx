import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import type { DryChange, DryRun } from '../../api/dryRuns';
import { shop, shopDetail } from '../../test/fixtures';
import { Refusal, show, violations } from '../../test/page';

const run: DryRun = { id: 'dry-run-1', kind: 'SYSTEM', about: 'reading shop', state: 'RUNNING', stage: 'READING', done: 1200, total: 0, startedAt: '2026-11-20T09:14:00Z' };
const done: DryRun = {
  ...run,
  state: 'DONE',
  found: {
    asOf: '2026-11-20T09:14:00Z',
    systems: { crm: { CREATE: 612, UNDELETE: 1, UPDATE: 2 } },
    hub: { MERGE: 1 },
    goldens: { added: 612, changed: 3, retired: 1 },
    underWay: 4,
    streams: [{ system: 'shop', stream: 'customers', entityType: 'contact', rows: 900, unreadable: 0, blank: 7, twins: 2, linked: 280, alone: 611 }],
    warnings: [{ guard: 'MANY_CREATES', system: 'crm', text: '612 records would be created in crm, which has 300' }],
    listed: 2,
    more: 0,
  },
};
const changes: DryChange[] = [
  {
    kind: 'UPDATE',
    system: 'crm',
    entityType: 'contact',
    record: 'crm:contact:7',
    goldens: ['g-01'],
    label: 'Ada Lovelace',
    values: [{ attribute: 'email', field: 'Mail', from: 'ada@old.example', to: 'ada@example.org' }],
  },
  {
    kind: 'UNDELETE',
    system: 'crm',
    entityType: 'contact',
    record: 'crm:contact:8',
    goldens: ['g-02'],
    label: 'Bo Ek',
    values: [{ attribute: 'email', field: 'Mail', from: 'bo@old.example', to: 'bo@example.org' }],
    why: 'comes back with its id if crm still has it, and else as a new record',
  },
  { kind: 'MERGE', entityType: 'contact', goldens: ['g-01', 'g-02'], label: 'Ada Lovelace', values: [], why: 'crm:contact:7 and shop:contact:9 are the same, at 12.3 bits' },
];
const answers = { 'GET dry-runs/dry-run-1': done, 'GET dry-runs/dry-run-1/changes': { items: changes } };

describe('Dry run', () => {
  it('says what is tried in words, and that a write would wait for a question', async () => {
    show('/dry-runs/dry-run-1', {
      'GET dry-runs/dry-run-1': { ...done, kind: 'DOCUMENTS', about: 'publishing matching contact, system shop' },
      'GET dry-runs/dry-run-1/changes': { items: [{ ...changes[0]!, kind: 'HELD', values: [], why: 'waits for review rv-51306709' }] },
    });
    expect(await screen.findByRole('heading', { level: 1, name: 'Dry run of publishing match rules of Contact, the system Web shop' })).toBeInTheDocument();
    expect(within(await screen.findByRole('table', { name: 'Changes' })).getByRole('row', { name: /would wait/ })).toHaveTextContent('waits for an open question');
  });

  it('SYN-11: tells what would happen by system, what to look at first, and every change', async () => {
    const { container, user, asked } = show('/dry-runs/dry-run-1', answers);
    expect(await screen.findByRole('heading', { level: 1, name: 'Dry run of reading Web shop' })).toBeInTheDocument();
    expect(screen.getByText('612 records would be created in CRM, which has 300')).toBeInTheDocument();
    expect(within(screen.getByRole('table', { name: 'By system' })).getByRole('row', { name: /CRM 612 1 2 0 0/ })).toBeInTheDocument();
    expect(screen.getByText(/280 would join what other systems hold, 611 nobody else holds/)).toBeInTheDocument();
    expect(screen.getByText(/4 writes more go out anyway/)).toBeInTheDocument();
    const list = await screen.findByRole('table', { name: 'Changes' });
    expect(within(list).getByRole('row', { name: /changed/ })).toHaveTextContent('ada@old.example → ada@example.org');
    const back = within(list).getByRole('row', { name: /brought back/ });
    expect(back).toHaveTextContent('Bo EkCRM 8');
    expect(back).toHaveTextContent('bo@old.example → bo@example.org');
    expect(back).toHaveTextContent('comes back with its id if CRM still has it');
    expect(within(list).getByRole('row', { name: /merged/ })).toHaveTextContent('at 12.3 bits');
    expect(await violations(container)).toEqual([]);
    await user.selectOptions(screen.getByRole('combobox', { name: 'Kind' }), 'MERGE');
    await waitFor(() => expect(asked.some((q) => q.path === 'dry-runs/dry-run-1/changes' && q.query.get('kind') === 'MERGE')).toBe(true));
  });

  it('SYN-11: speaks of what comes back only where something does', async () => {
    show('/dry-runs/dry-run-1', { ...answers, 'GET dry-runs/dry-run-1': { ...done, found: { ...done.found!, systems: { crm: { CREATE: 612 } } } } });
    expect(within(await screen.findByRole('table', { name: 'By system' })).getByRole('row', { name: /CRM 612 0 0 0/ })).toBeInTheDocument();
  });

  it('shows how far it is and can be cancelled', async () => {
    const { user, asked } = show('/dry-runs/dry-run-1', { 'GET dry-runs/dry-run-1': run, 'POST dry-runs/dry-run-1/cancel': run });
    expect(await screen.findByText('reading rows: 1,200')).toBeInTheDocument();
    await user.click(screen.getByRole('button', { name: 'Cancel' }));
    await waitFor(() => expect(asked.some((q) => q.path === 'dry-runs/dry-run-1/cancel')).toBe(true));
  });

  it('says why it failed', async () => {
    show('/dry-runs/dry-run-1', { 'GET dry-runs/dry-run-1': { ...run, state: 'FAILED', problem: 'a dry run of 9 records does not fit into memory' } });
    expect(await screen.findByText(/does not fit into memory/)).toBeInTheDocument();
  });

  it('is begun on the page of a system', async () => {
    const { user, asked } = show('/systems/shop', {
      ...answers,
      'GET systems/shop': { ...shopDetail, system: { ...shop, state: 'RUNNING' } },
      'POST dry-runs': run,
    });
    await user.click(await screen.findByRole('button', { name: 'Dry run' }));
    expect(await screen.findByRole('heading', { level: 1, name: 'Dry run of reading Web shop' })).toBeInTheDocument();
    expect(asked.find((q) => q.path === 'dry-runs')?.body).toEqual({ kind: 'SYSTEM', system: 'shop' });
  });

  it('SYN-11: says in one sentence that nothing would happen', async () => {
    const nothing = { ...done.found!, systems: {}, hub: {}, goldens: { added: 0, changed: 0, retired: 0 }, warnings: [], underWay: 1, listed: 0 };
    const { asked } = show('/dry-runs/dry-run-1', { 'GET dry-runs/dry-run-1': { ...done, found: nothing } });
    expect(await screen.findByText('Nothing would be written, and no golden record would change')).toBeInTheDocument();
    expect(screen.getByText('1 write goes out anyway, whatever is changed.')).toBeInTheDocument();
    expect(screen.queryByText('One by one')).toBeNull();
    expect(screen.queryByText(/counts for what is deleted from now on/)).toBeNull();
    expect(asked.some(({ path }) => path.endsWith('/changes'))).toBe(false);
  });

  it('says of a delete policy that nothing follows from it yet, and where it is replayed', async () => {
    const nothing = { ...done.found!, systems: {}, hub: {}, goldens: { added: 0, changed: 0, retired: 0 }, warnings: [], underWay: 0, listed: 0 };
    show('/dry-runs/dry-run-1', { 'GET dry-runs/dry-run-1': { ...done, about: 'publishing deletes contact', found: nothing } });
    expect(await screen.findByText(/counts for what is deleted from now on: on the page Deletes/)).toBeInTheDocument();
  });

  it('says why it cannot be begun', async () => {
    const { user, router } = show('/systems/shop', {
      'GET systems/shop': { ...shopDetail, system: { ...shop, state: 'RUNNING' } },
      'POST dry-runs': new Refusal(409, { title: 'Not possible now', detail: 'dry run dry-run-2 is under way' }),
      'GET dry-runs/dry-run-2': { ...run, id: 'dry-run-2' },
    });
    await user.click(await screen.findByRole('button', { name: 'Dry run' }));
    expect(await screen.findByText('dry run dry-run-2 is under way')).toBeInTheDocument();
    await user.click(screen.getByRole('button', { name: 'Look at it' }));
    await waitFor(() => expect(router.state.location.pathname).toBe('/dry-runs/dry-run-2'));
  });

  it('one that is not kept any more is said under its own title', async () => {
    const { container } = show('/dry-runs/dry-run-9', { 'GET dry-runs/dry-run-9': new Refusal(404, { title: 'Not found', detail: 'there is no dry run dry-run-9 any more' }) });
    expect(await screen.findByText(/no dry run dry-run-9 any more/)).toBeInTheDocument();
    expect(screen.getByRole('heading', { level: 1, name: 'Dry run' })).toBeInTheDocument();
    expect(await violations(container)).toEqual([]);
  });
});

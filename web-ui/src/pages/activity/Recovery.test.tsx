import { screen, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import type { Certificate, RecoveryConflict, Run } from '../../api/queries';
import { Refusal, show, violations } from '../../test/page';

const run: Run = { id: 'run-r', kind: 'recovery', state: 'DONE', counts: { read: 310 }, startedAt: '2026-11-20T09:14:00Z', endedAt: '2026-11-20T09:20:00Z' };
const certificate: Certificate = {
  run: 'run-r',
  cause: 'the hub was down since 2026-11-18T21:14:00Z',
  begun: '2026-11-20T09:14:00Z',
  opened: '2026-11-20T09:16:00Z',
  resolved: true,
  ended: '2026-11-20T09:20:00Z',
  systems: [
    {
      system: 'crm',
      silentSince: '2026-11-18T21:14:00Z',
      barrier: '2026-11-20T09:14:01Z',
      streams: [{ stream: 'contacts', tier: 'REPLAY', reason: 'it keeps changes for 72 h' }],
      read: { read: 310, stored: 280, unchanged: 30 },
      deletes: 4,
      planned: 120,
      waiting: 0,
      parked: 1,
      held: 2,
    },
    { system: 'shop', leftOut: 'shop is away', streams: [], read: {}, deletes: 0, planned: 0, waiting: 0, parked: 0, held: 0 },
  ],
  conflicts: [],
  conflictCount: 3,
  labels: {},
  questions: { CANDIDATE: 2 },
  equality: [{ system: 'crm', type: 'contact', records: 1500, equal: true, holds: 'abcdef0123456789ff', should: 'abcdef0123456789ff', differing: 0 }],
};

const conflict = (goldenId: string, label: string): RecoveryConflict => ({
  goldenId,
  label,
  entityType: 'contact',
  attribute: 'email',
  value: 'ada@new.example',
  from: 'crm:contact:0031',
  rule: 'LATEST',
  candidates: [
    { record: 'crm:contact:0031', value: 'ada@new.example', changedAt: '2026-11-19T09:14:00Z', survives: true },
    { record: 'shop:contact:77', value: 'ada@old.example', changedAt: '2026-11-19T08:14:00Z', survives: false },
  ],
});
const conflicts = ({ query }: { query: URLSearchParams }) =>
  query.get('system') === 'crm'
    ? { items: [] }
    : query.get('cursor') === 'c-1'
      ? { items: [conflict('g-03', 'Grace Hopper')] }
      : { items: [conflict('g-01', 'Ada Lovelace'), conflict('g-02', 'Alan Turing')], next: 'c-1' };

describe('Recovery', () => {
  it('shows what each system brought, what met with what and who decided, and that all is in step', async () => {
    const { container, user } = show('/activity/recoveries/run-r', {
      'GET runs/run-r': run,
      'GET runs/run-r/certificate': certificate,
      'GET runs/run-r/conflicts': conflicts,
    });
    expect(await screen.findByText('Every system that took part holds what it should')).toBeInTheDocument();
    const systems = screen.getByRole('table', { name: 'Systems' });
    expect(within(systems).getByRole('row', { name: /CRM/ })).toHaveTextContent('its log was read on · it keeps changes for 72 h');
    expect(within(systems).getByRole('row', { name: /Web shop/ })).toHaveTextContent('left out: shop is away');
    const row = within(await screen.findByRole('table', { name: 'Conflicts' })).getByRole('row', { name: /Ada Lovelace/ });
    expect(within(row).getByRole('link', { name: 'Ada Lovelace' })).toHaveAttribute('href', '/goldens/g-01');
    expect(row).toHaveTextContent('ada@old.example');
    expect(row).toHaveTextContent('newest value');
    expect(screen.getByText(/^After an outage: the hub was down since/)).not.toHaveTextContent('2026-11-18T21:14:00Z');
    expect(screen.getByRole('heading', { name: '3 conflicts' })).toBeInTheDocument();
    expect(screen.getByRole('link', { name: 'Download as JSON' })).toHaveAttribute('href', '/api/v1/runs/run-r/certificate');
    expect(await violations(container)).toEqual([]);
    await user.click(screen.getByRole('button', { name: /more/i }));
    expect(await screen.findByRole('link', { name: 'Grace Hopper' })).toBeInTheDocument();
    expect(screen.getByRole('link', { name: 'Ada Lovelace' })).toBeInTheDocument();
    await user.selectOptions(screen.getByRole('combobox', { name: 'Entered in' }), 'crm');
    expect(await screen.findByText('None with a value of this system')).toBeInTheDocument();
  });

  it('says that conflicts of long ago are not kept, and that there were none where there were none', async () => {
    const answers = { 'GET runs/run-r': run, 'GET runs/run-r/certificate': certificate, 'GET runs/run-r/conflicts': { items: [] } };
    const { unmount } = show('/activity/recoveries/run-r', answers);
    expect(await screen.findByText('Not kept any more')).toBeInTheDocument();
    unmount();
    show('/activity/recoveries/run-r', { ...answers, 'GET runs/run-r/certificate': { ...certificate, conflictCount: 0 } });
    expect(await screen.findByText('No two edits met')).toBeInTheDocument();
  });

  it('says what it waits for before anything is written', async () => {
    show('/activity/recoveries/run-r', {
      'GET runs/run-r': { ...run, state: 'RUNNING', endedAt: undefined },
      'GET runs/run-r/certificate': new Refusal(404, { title: 'Not found', detail: 'it has no certificate yet' }),
    });
    expect(await screen.findByText('Systems are being read')).toBeInTheDocument();
    expect(screen.getByText(/310 rows so far/)).toBeInTheDocument();
  });

  it('is reached from the runs', async () => {
    show('/activity', { 'GET runs': { items: [run] } });
    expect(await screen.findByRole('link', { name: 'Recovery' })).toHaveAttribute('href', '/activity/recoveries/run-r');
  });
});

import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { parked, review, run } from '../../test/fixtures';
import { type Asked, Refusal, show, violations } from '../../test/page';
import { byCause } from './Parked';

describe('Activity', () => {
  it('lists runs with what became of their records', async () => {
    const { container } = show('/activity', { 'GET runs': { items: [run, { ...run, id: 'run-2', state: 'FAILED', problem: 'The connection was closed.' }] } });
    const table = await screen.findByRole('table', { name: 'Runs' });
    expect(within(table).getAllByRole('row')[1]).toHaveTextContent('4 read · 3 stored · 1 unchanged');
    expect(within(table).getByText('The connection was closed.')).toBeInTheDocument();
    expect(await violations(container)).toEqual([]);
  });

  it('says that nothing ran yet', async () => {
    show('/activity', { 'GET runs': { items: [] } });
    expect(await screen.findByText('Nothing ran yet')).toBeInTheDocument();
  });

  it('filters the outbox by state, kept in the address', async () => {
    const { user, router, asked } = show('/activity?tab=outbox', { 'GET outbound': { items: [parked(1)] } });
    await screen.findByRole('table', { name: 'Outbox' });
    await user.selectOptions(screen.getByRole('combobox', { name: 'State' }), 'HELD');
    await waitFor(() => expect(router.state.location.search).toEqual({ tab: 'outbox', state: 'HELD' }));
    await waitFor(() => expect(asked.some((q) => q.path === 'outbound' && q.query.get('state') === 'HELD')).toBe(true));
  });

  it('names golden records, and leads to the question that a write waits for', async () => {
    show('/activity?tab=outbox', { 'GET outbound': { items: [{ ...parked(1), label: 'Ada Lovelace', state: 'HELD', problem: 'waits for review rv-1' }] } });
    expect(await screen.findByRole('link', { name: 'Ada Lovelace' })).toBeInTheDocument();
    expect(screen.getByRole('link', { name: 'this question' })).toHaveAttribute('href', '/review/rv-1');
  });

  it('names the system of a row that could not be read as people do', async () => {
    const row = { ...review('U1', 'U1'), kind: 'UNMAPPABLE', systems: [], reason: 'shop customers line 41: 9 columns where the header has 8' };
    show('/activity?tab=rows', { 'GET reviews': { items: [row] } });
    expect(await screen.findByText('Web shop customers line 41: 9 columns where the header has 8')).toBeInTheDocument();
  });

  it('groups parked writes by cause and tries a whole group again', async () => {
    const { user, asked, container } = show('/activity?tab=parked', {
      'GET outbound': { items: [parked(1), parked(2)] },
      'POST outbound/record|shop:contact:1/retry': { ...parked(1), state: 'DUE' },
      'POST outbound/record|shop:contact:2/retry': { ...parked(2), state: 'DUE' },
    });
    expect(await screen.findByRole('heading', { name: '2 writes to Web shop' })).toBeInTheDocument();
    expect(await violations(container)).toEqual([]);
    await user.click(screen.getByRole('button', { name: 'Try all 2 again' }));
    await waitFor(() => expect(asked.filter((q) => q.method === 'POST')).toHaveLength(2));
  });

  it('names the one value that a system did not take, in its own words', async () => {
    const intent = { id: 'w-1', kind: 'UPDATE', values: { email: 'ada@example.org' }, versions: { email: 4 }, sentAt: parked(1).markedAt, heldBack: { phone: { value: '+1', why: 'too long' } } };
    show('/activity?tab=parked', { 'GET outbound': { items: [{ ...parked(1), intent, problem: 'phone is held back: VALIDATION tel: too long' }] } });
    expect(await screen.findByText('phone is held back: tel: too long')).toBeInTheDocument();
    expect(screen.getByText(/4 tries/)).toHaveTextContent(/Phone$/);
    expect(screen.queryByText(/Email/)).not.toBeInTheDocument();
  });

  it('tells causes apart by their words, not by the numbers and names in them', () => {
    const groups = byCause([parked(1), { ...parked(2), problem: 'locked' }, parked(3)]);
    expect(groups.map(([, changes]) => changes.length)).toEqual([2, 1]);
  });

  it('shows a row that could not be read as it came, and discards it', async () => {
    const row = { ...review('U1', 'customers.csv line 41'), kind: 'UNMAPPABLE', reason: '9 columns where the header has 8' };
    let open = true;
    const { user, container } = show('/activity?tab=rows', {
      'GET reviews': ({ query }: Asked) => ({ items: open && query.get('kind') === 'UNMAPPABLE' ? [row] : [] }),
      'GET reviews/U1': { review: row, records: [], goldens: [], pairs: [], detail: { line: 41, raw: 'C41;"Baker' } },
      'POST reviews/U1/discard': () => {
        open = false;
        return { ...row, state: 'DECIDED' };
      },
    });
    await user.click(await screen.findByRole('button', { name: 'Show the row' }));
    expect(await screen.findByText(/C41;/)).toBeInTheDocument();
    expect(await violations(container)).toEqual([]);
    await user.click(screen.getByRole('button', { name: 'Discard' }));
    expect(await screen.findByText('Every row could be read')).toBeInTheDocument();
  });

  it('says why a list cannot be loaded', async () => {
    show('/activity?tab=parked', { 'GET outbound': new Refusal(503) });
    expect(await screen.findByText('The graph does not answer')).toBeInTheDocument();
  });
});

import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { shop, shopDetail } from '../../test/fixtures';
import { Refusal, show, violations } from '../../test/page';

describe('Systems', () => {
  it('shows what is connected and what is wrong with it', async () => {
    const { container } = show('/systems');
    const table = await screen.findByRole('table', { name: 'Systems' });
    const failing = within(table).getByRole('row', { name: /Web shop/ });
    expect(failing).toHaveTextContent('Failing');
    expect(failing).toHaveTextContent('does not answer on port 5433');
    expect(await violations(container)).toEqual([]);
  });

  it('says which of them wait for approval, or were refused it', async () => {
    const asks = (id: string, answer: 'WAITING' | 'REFUSED' | 'APPROVED') => ({ ...shop, id, label: id, firstSync: { answer, creates: 1, updates: 0 } });
    show('/systems', { 'GET systems': { items: [asks('a', 'WAITING'), asks('b', 'REFUSED'), asks('c', 'APPROVED')] } });
    const table = await screen.findByRole('table', { name: 'Systems' });
    expect(within(table).getByRole('row', { name: /^a/ })).toHaveTextContent('first sync waits for approval');
    expect(within(table).getByRole('row', { name: /^b/ })).toHaveTextContent('first sync refused');
    expect(within(table).getByRole('row', { name: /^c/ })).not.toHaveTextContent('first sync');
  });

  it('says how to connect the first one', async () => {
    show('/systems', { 'GET systems': { items: [] } });
    expect(await screen.findByText('No system is connected')).toBeInTheDocument();
  });

  it('says why they cannot be listed', async () => {
    show('/systems', { 'GET systems': new Refusal(503) });
    expect(await screen.findByText('The graph does not answer')).toBeInTheDocument();
  });

  it('shows the mapping and what the system can do, and pauses it', async () => {
    const { user, asked, container } = show('/systems/shop', { 'GET systems/shop': shopDetail, 'POST systems/shop/pause': { ...shop, state: 'PAUSED' } });
    const mapping = await screen.findByRole('table', { name: 'Mapping of customers' });
    expect(within(mapping).getByRole('row', { name: /mail/ })).toHaveTextContent('trim, lower');
    expect(screen.getByText('cannot merge')).toBeInTheDocument();
    expect(await violations(container)).toEqual([]);
    await user.click(screen.getByRole('button', { name: 'Pause' }));
    await waitFor(() => expect(asked.some((q) => q.method === 'POST' && q.path === 'systems/shop/pause')).toBe(true));
  });

  it('shows what a new system would be given, and approves it', async () => {
    const waits = { ...shop, firstSync: { answer: 'WAITING' as const, creates: 12, waits: 3, updates: 40 } };
    const { user, asked, container } = show('/systems/shop', {
      'GET systems/shop': { ...shopDetail, system: waits },
      'POST systems/shop/first-sync/approve': { ...waits, firstSync: { answer: 'APPROVED' as const, creates: 0, waits: 0, updates: 0 } },
    });
    expect(await screen.findByText('Its first sync waits for approval')).toBeInTheDocument();
    expect(screen.getByText(/12 to create, up to 40 to change/)).toBeInTheDocument();
    expect(await violations(container)).toEqual([]);
    await user.click(screen.getByRole('button', { name: 'Approve…' }));
    const dialog = await screen.findByRole('dialog', { name: 'Write to Web shop?' });
    expect(dialog).toHaveTextContent('12 to create, up to 40 to change, 3 more to create once a question is decided. An approval is for good');
    expect(asked.some((q) => q.method === 'POST')).toBe(false);
    await user.click(within(dialog).getByRole('button', { name: 'Approve' }));
    await waitFor(() => expect(asked.some((q) => q.method === 'POST' && q.path === 'systems/shop/first-sync/approve')).toBe(true));
  });

  it('GOV-1: lists what was answered about its fields and goes back to an earlier version', async () => {
    const version = (number: number, says: string) => ({ version: number, at: '2026-11-20T09:14:00Z', by: 'ann', says });
    const customers = { stream: 'customers', type: 'contact', fields: [], answered: [], version: 2, versions: [version(2, 'town goes on as city'), version(1, 'before any answer')] };
    const { user, asked, container } = show('/systems/shop', {
      'GET systems/shop': shopDetail,
      'GET systems/shop/schema': { system: 'shop', streams: [customers] },
      'POST systems/shop/schema/rollback': { system: 'shop', streams: [customers] },
    });
    const table = await screen.findByRole('table', { name: 'Answers about customers' });
    expect(within(table).getByRole('row', { name: /town goes on as city/ })).toHaveTextContent('in force');
    expect(await violations(container)).toEqual([]);
    await user.click(within(table).getByRole('button', { name: 'Go back to version 1' }));
    await user.click(within(await screen.findByRole('dialog')).getByRole('button', { name: 'Go back' }));
    await waitFor(() => {
      const sent = asked.find((q) => q.path === 'systems/shop/schema/rollback');
      expect(sent!.headers.get('If-Match')).toBe('"2"');
      expect(sent!.body).toEqual({ stream: 'customers', version: 1 });
    });
  });

  it('offers nothing to start or stop on a system that was only loaded', async () => {
    const { problem: _, ...loaded } = { ...shop, connector: 'none', state: 'PAUSED' as const };
    show('/systems/shop', { 'GET systems/shop': { ...shopDetail, system: loaded } });
    expect(await screen.findByText('Loaded')).toBeInTheDocument();
    expect(screen.getByText(/loaded from a file or a table/)).toBeInTheDocument();
    expect(screen.queryByRole('button', { name: 'Resume' })).not.toBeInTheDocument();
    expect(screen.queryByRole('button', { name: 'Read now' })).not.toBeInTheDocument();
  });

  it('says so when there is no such system', async () => {
    show('/systems/nope', { 'GET systems/nope': new Refusal(404, { title: 'Not found', detail: 'there is no system nope' }) });
    expect(await screen.findByText('there is no system nope')).toBeInTheDocument();
  });
});

import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import type { Merge } from '../../api/queries';
import { ada, explanation, golden } from '../../test/fixtures';
import { type Asked, show, violations } from '../../test/page';

const byHand: Merge = { ...explanation.merges[0]!, unmerge: { reversibility: 'FULL', systems: [] }, state: 'SETTLED', systems: [], policies: 'authority 3, match 2', labels: { 'g-01': 'Ada Lovelace', 'g-40': 'A. Lovelace' } };
const byRules: Merge = {
  ...byHand,
  id: 'M2',
  origin: 'RULE',
  by: 'contact rules 3',
  state: 'PARTIALLY_SETTLED',
  systems: [{ system: 'shop', progress: 'TASK', why: 'it has 2 records; merge them there' }],
  unmerge: {
    reversibility: 'NONE',
    systems: [{ system: 'shop', method: 'TASK', others: [], reversibility: 'NONE', limits: ['what a person merges there is not taken back by the hub'] }],
  },
};
const { unmerge: _, policies: __, ...withdrawn } = byHand;
const undone: Merge = { ...withdrawn, id: 'M3', undoneAt: ada.observedAt, undoneBy: 'sam' };

describe('Merges', () => {
  it('lists what became one, by whom and how far the systems are, and pages by cursor', async () => {
    const { user, container } = show('/merges', {
      'GET merges': ({ query }: Asked) => (query.get('cursor') ? { items: [undone] } : { items: [byHand, byRules], next: 'c2' }),
    });
    const table = await screen.findByRole('table', { name: 'Merges' });
    const [, first, second] = within(table).getAllByRole('row');
    expect(within(first!).getByRole('link', { name: 'Ada Lovelace' })).toHaveAttribute('href', '/goldens/g-01');
    expect(within(first!).getByRole('link', { name: 'A. Lovelace' })).toHaveAttribute('href', '/goldens/g-40');
    expect(first).toHaveTextContent('a personj.okafor · “Same tax id”');
    expect(first).toHaveTextContent('Decided under authority 3, match 2'); // GOV-1
    expect(first).toHaveTextContent('In step everywhere');
    expect(second).toHaveTextContent('rulescontact rules 3');
    expect(second).toHaveTextContent('Web shop: needs a person thereit has 2 records; merge them there');
    expect(first).toHaveTextContent('An unmerge gives all of it back.');
    expect(second).toHaveTextContent('An unmerge does not take back everything:Web shop: what a person merges there is not taken back by the hub');
    await user.click(screen.getByRole('button', { name: 'Show more' }));
    expect(await within(table).findByText(/^Taken back/)).toHaveTextContent('by sam');
    expect(within(table).getAllByRole('row')[3]).not.toHaveTextContent(/An unmerge|Decided under/);
    expect(screen.getAllByRole('button', { name: 'Unmerge Ada Lovelace' })).toHaveLength(2);
    expect(await violations(container)).toEqual([]);
  });

  it('keeps filter and order in the address', async () => {
    const { user, router, asked } = show('/merges?type=contact', { 'GET merges': { items: [byHand] } });
    await screen.findByRole('table', { name: 'Merges' });
    await user.selectOptions(screen.getByRole('combobox', { name: 'State' }), 'Not in step everywhere');
    await user.selectOptions(screen.getByRole('combobox', { name: 'Merged by' }), 'By rules');
    await user.type(screen.getByRole('textbox', { name: /By this user/ }), 'ann');
    await user.click(screen.getByRole('button', { name: 'When' }));
    await waitFor(() => expect(router.state.location.search).toEqual({ type: 'contact', show: 'waiting', origin: 'RULE', by: 'ann', sort: 'at' }));
    await waitFor(() =>
      expect(asked.some(({ query }) => ['type', 'origin', 'by', 'sort', 'status'].map((name) => query.get(name)).join() === 'contact,RULE,ann,at,PARTIALLY_SETTLED')).toBe(true),
    );
    await user.click(screen.getByRole('button', { name: 'Clear' }));
    await waitFor(() => expect(router.state.location.search).toEqual({ sort: 'at' }));
  });

  it('MRG-4: unmerges from there, after it has shown what becomes of it', async () => {
    const { user, asked } = show('/merges', {
      'GET merges': { items: [byHand] },
      'POST merges/M1/unmerge/preview': {
        revision: 7,
        results: [golden],
        goldenOfRecord: {},
        writes: [
          { system: 'shop', target: 'shop:contact:77', kind: 'UNDELETE', values: {}, waits: false },
          { system: 'crm', kind: 'CREATE', values: { email: 'ada@example.org' }, waits: true },
        ],
        merges: ['M1'],
      },
      'POST merges/M1/unmerge': undone,
    });
    await user.click(await screen.findByRole('button', { name: 'Unmerge Ada Lovelace' }));
    const dialog = await screen.findByRole('dialog');
    expect(dialog).toHaveAccessibleName('Take A. Lovelace out of Ada Lovelace?');
    expect(await within(dialog).findByText('Ada Lovelace')).toBeInTheDocument();
    expect(dialog).toHaveTextContent('An unmerge gives all of it back.');
    expect(dialog).toHaveTextContent('Old records with their ids, if they are still there: Web shop. New records with other ids: CRM.');
    expect(within(dialog).getByRole('row', { name: /Web shop/ })).toHaveTextContent('Web shopbrought back: 77as it was'); // and waits for nothing
    expect(within(dialog).getByRole('row', { name: /CRM/ })).toHaveTextContent('new recordwaits for an open question');
    await user.click(within(dialog).getByRole('button', { name: 'Unmerge' }));
    await waitFor(() => expect(asked.find((q) => q.path === 'merges/M1/unmerge')!.headers.get('If-Match')).toBe('"7"'));
    await waitFor(() => expect(asked.filter((q) => q.path === 'merges').length).toBeGreaterThan(1));
    expect(await screen.findByText('A. Lovelace is a golden record of its own again.')).toBeInTheDocument();
    expect(asked.filter((q) => q.path === 'merges/M1/unmerge/preview')).toHaveLength(2); // none of what is done already
  });

  it('says what will be here while there is none', async () => {
    show('/merges', { 'GET merges': { items: [] } });
    expect(await screen.findByText('Nothing was merged yet')).toBeInTheDocument();
  });
});

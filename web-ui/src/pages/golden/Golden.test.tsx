import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { ada, adaInShop, contact, explanation, golden, parked, retired, review } from '../../test/fixtures';
import { type Asked, Refusal, show, violations } from '../../test/page';

const row = { ...golden, records: 3, systems: ['crm', 'shop'] };

describe('Golden records', () => {
  it('lists them, pages by cursor, and keeps filter and order in the address', async () => {
    const { user, router, asked, container } = show('/goldens', {
      'GET goldens': ({ query }: Asked) =>
        query.get('cursor') ? { items: [{ ...row, id: 'g-02', label: 'Grace Hopper' }] } : { items: [row], next: 'c2' },
    });
    expect(await screen.findByRole('link', { name: 'Ada Lovelace' })).toHaveAttribute('href', '/goldens/g-01');
    await user.click(screen.getByRole('button', { name: 'Show more' }));
    expect(await screen.findByRole('link', { name: 'Grace Hopper' })).toBeInTheDocument();
    expect(screen.getByText('2 shown, that is all')).toBeInTheDocument();
    expect(await violations(container)).toEqual([]);

    await user.click(screen.getByRole('button', { name: 'Name' }));
    await user.type(screen.getByRole('searchbox', { name: 'Search golden records' }), 'love');
    await waitFor(() => expect(router.state.location.search).toEqual({ text: 'love', sort: '-label' }));
    await waitFor(() => expect(asked.some((q) => q.query.get('text') === 'love' && q.query.get('sort') === '-label')).toBe(true));
  });

  it('opens with the filter of the address, moves by j and k, and searches with /', async () => {
    const { user, asked } = show('/goldens?system=crm&minimumRecords=2', {
      'GET goldens': { items: [row, { ...row, id: 'g-02', label: 'Grace Hopper' }] },
    });
    await screen.findByRole('link', { name: 'Ada Lovelace' });
    expect(asked.find((q) => q.path === 'goldens')!.query.toString()).toContain('system=crm&minimumRecords=2');
    await user.keyboard('jj');
    expect(screen.getByRole('link', { name: 'Grace Hopper' })).toHaveFocus();
    await user.keyboard('k');
    expect(screen.getByRole('link', { name: 'Ada Lovelace' })).toHaveFocus();
    await user.keyboard('/');
    expect(screen.getByRole('searchbox')).toHaveFocus();
  });

  it('says which words found nothing', async () => {
    show('/goldens?text=zzz', { 'GET goldens': { items: [] } });
    expect(await screen.findByText('No golden record matches')).toBeInTheDocument();
    expect(screen.getByText(/“zzz”/)).toBeInTheDocument();
  });

  it('says what will be here while there is none', async () => {
    show('/goldens', { 'GET goldens': { items: [] } });
    expect(await screen.findByText('No golden records yet')).toBeInTheDocument();
  });

  it('says why the list cannot be loaded', async () => {
    show('/goldens', { 'GET goldens': new Refusal(503) });
    expect(await screen.findByText('The graph does not answer')).toBeInTheDocument();
  });
});

describe('A golden record', () => {
  const answers = {
    'GET goldens/g-01': golden,
    'GET goldens/g-01/explain': { ...explanation, reviews: [review('R7', 'Ada or Ada?')] },
    'GET goldens/g-01/outbound': { items: [parked(1)] },
  };

  it('tells where a value comes from and what lost, on hover and on focus', async () => {
    const { user, container } = show('/goldens/g-01', answers);
    const name = await screen.findByRole('button', { name: /^Name Ada Lovelace/ });
    await user.hover(screen.getByRole('button', { name: /^E-mail/ }));
    expect(screen.getByRole('region', { name: 'Where E-mail comes from' })).toHaveTextContent('newest');
    name.focus();
    const inspector = await screen.findByRole('region', { name: 'Where Name comes from' });
    expect(inspector).toHaveTextContent('Survives · CRM 0031');
    expect(inspector).toHaveTextContent('A. LovelaceLost · Web shop 77Web shop ranks lower');
    expect(screen.getByRole('link', { name: 'Ada or Ada?' })).toHaveAttribute('href', '/review/R7');
    expect(await violations(container)).toEqual([]);
  });

  it('GOV-2: shows what it was at an instant, which is in the address, and leads back to now', async () => {
    const then = {
      ...golden,
      asOf: '2026-11-19T09:00:00Z',
      policies: 'authority 1',
      revision: 2,
      label: 'Ada Byron',
      attributes: { fullName: 'Ada Byron' },
      values: {},
      since: { fullName: { at: '2026-11-18T08:00:00Z', from: ada.key } },
      held: { [ada.key]: { fullName: 'Ada Byron', city: 'London' } },
    };
    const { user, router, container } = show('/goldens/g-01?asOf=2026-11-19T09:00:00Z', {
      ...answers,
      'GET goldens/g-01': ({ query }: Asked) =>
        query.get('asOf') === '2026-11-19T09:00:00Z' ? then : query.get('asOf') ? new Refusal(404, { title: 'Not found', detail: 'there was no golden record g-01 then' }) : golden,
    });
    expect(await screen.findByRole('heading', { level: 1, name: 'Ada Byron' })).toBeInTheDocument();
    expect(screen.getByRole('row', { name: /Name Ada Byron .* from CRM/ })).toBeInTheDocument();
    expect(screen.getByText('Name: Ada Byron · City: London')).toBeInTheDocument();
    expect(screen.getByText('Decided under authority 1')).toBeInTheDocument();
    expect(screen.queryByRole('button', { name: /Delete|Erase/ })).not.toBeInTheDocument();
    expect(await violations(container)).toEqual([]);
    await user.click(screen.getByRole('link', { name: 'Show it as it is now' }));
    expect(await screen.findByRole('button', { name: /^Name Ada Lovelace/ })).toBeInTheDocument();
    expect(router.state.location.search).toEqual({});
    await user.type(screen.getByLabelText('As of', { selector: 'input' }), '2001-01-01T10:00');
    await user.keyboard('{Enter}');
    expect(await screen.findByText('there was no golden record g-01 then')).toBeInTheDocument();
    expect(router.state.location.search).toEqual({ asOf: new Date('2001-01-01T10:00').toISOString() });
  });

  it('I9: links to what it refers to and lists who refers to it', async () => {
    const manager = { name: 'manager', type: 'REFERENCE', label: 'Manager', refersTo: 'contact' };
    const { container } = show('/goldens/g-01', {
      ...answers,
      'GET goldens/g-01': { ...golden, references: { manager: { id: 'g-02', type: 'contact', state: 'ACTIVE', label: 'Mary Somerville' } } },
      'GET entity-types': { items: [{ ...contact, attributes: [...contact.attributes, manager] }] },
      'GET goldens/g-01/referrers': { items: [{ id: 'g-03', type: 'contact', state: 'ACTIVE', label: 'Charles Babbage', attributes: ['manager'] }] },
    });
    const related = await screen.findByRole('group', { name: 'Related golden records' });
    expect(within(related).getByRole('link', { name: 'Mary Somerville' })).toHaveAttribute('href', '/goldens/g-02');
    expect(await within(related).findByRole('link', { name: 'Charles Babbage' })).toHaveAttribute('href', '/goldens/g-03');
    expect(related).toHaveTextContent('Referred to by Charles Babbage (Manager)');
    expect(await violations(container)).toEqual([]);
  });

  it('DA-6: a steward sets a value after seeing what will be written', async () => {
    const { user, asked, container } = show('/goldens/g-01', {
      ...answers,
      'POST goldens/g-01/values/fullName/preview': { golden, writes: [{ system: 'shop', target: 'shop:contact:77', kind: 'UPDATE', values: { fullName: 'Ada King' } }] },
      'PUT goldens/g-01/values/fullName': golden,
    });
    await user.hover(await screen.findByRole('button', { name: /^Name Ada Lovelace/ }));
    await user.click(screen.getByRole('button', { name: 'Set another value…' }));
    const value = await screen.findByLabelText('Value');
    expect(screen.getByLabelText('It holds')).toHaveValue('UNTIL_WINNER_CHANGES');
    await user.clear(value);
    await user.type(value, 'Ada King');
    await user.click(screen.getByRole('button', { name: 'What will be written?' }));
    expect(await screen.findByRole('table', { name: 'What will be written' })).toHaveTextContent('Ada King');
    expect(await violations(container)).toEqual([]);
    await user.click(screen.getByRole('button', { name: 'Set' }));
    await waitFor(() => {
      const sent = asked.find((each) => each.method === 'PUT');
      expect(sent?.body).toEqual({ value: 'Ada King', lifeCycle: 'UNTIL_WINNER_CHANGES' });
      expect(sent?.headers.get('If-Match')).toBe(`"${golden.revision}"`);
    });
  });

  it('shows the crosswalk', async () => {
    const { container } = show('/goldens/g-01?tab=sources', answers);
    const sources = await screen.findByRole('table', { name: 'Source records' });
    expect(within(sources).getByRole('link', { name: 'CRM' })).toHaveAttribute('href', '/systems/crm');
    expect(within(sources).getByText('0031')).toBeInTheDocument();
    expect(await violations(container)).toEqual([]);
  });

  it('GOV-1: shows its history, and under which policies each change was decided where that is known', async () => {
    show('/goldens/g-01?tab=history', {
      ...answers,
      'GET goldens/g-01/history': {
        items: [{ goldenId: 'g-01', type: 'contact', sequence: 9, revision: 5, at: ada.observedAt, cause: 'UPDATED', changed: [{ attribute: 'email', before: 'old@example.org', after: 'ada@example.org', from: ada.key }], joined: [], left: [], policies: 'authority 3, match 2' },
          { goldenId: 'g-01', type: 'contact', sequence: 8, revision: 4, at: ada.observedAt, cause: 'CREATED', changed: [], joined: [], left: [] }],
      },
    });
    const [entry, older] = await screen.findAllByRole('listitem');
    expect(entry).toHaveTextContent('E-mail: old@example.org ada@example.org from CRM');
    expect(entry).toHaveTextContent('Decided under authority 3, match 2');
    expect(older).not.toHaveTextContent('under');
  });

  it('unmerges only after it has shown what becomes of it', async () => {
    let undone = false;
    const { user, asked } = show('/goldens/g-01?tab=merges', {
      ...answers,
      'GET goldens/g-01/explain': () => ({
        ...explanation,
        records: [...explanation.records, { ...adaInShop, key: 'shop:contact:78', state: 'MERGED' }],
        merges: [{ ...explanation.merges[0], labels: { 'g-01': 'Ada Lovelace', 'g-40': 'A. Lovelace' }, ...(undone ? { undoneAt: ada.observedAt, undoneBy: 'you' } : {}) }] }),
      'POST merges/M1/unmerge/preview': {
        revision: 7,
        results: [golden, { ...golden, id: 'g-40', label: 'A. Lovelace' }],
        goldenOfRecord: { 'shop:contact:77': 'g-40', 'shop:contact:78': 'g-40' },
        writes: [{ system: 'shop', target: 'shop:contact:77', kind: 'UPDATE', values: { phone: '+44 1' } }],
        merges: ['M1'],
      },
      'POST merges/M1/unmerge': () => {
        undone = true;
        return { ...explanation.merges[0], undoneAt: ada.observedAt };
      },
    });
    expect(await screen.findByText(/^Took in/)).toHaveTextContent('Took in A. Lovelace');
    await user.click(await screen.findByRole('button', { name: 'Unmerge…' }));
    const dialog = await screen.findByRole('dialog');
    expect(await within(dialog).findByText('A. Lovelace')).toBeInTheDocument();
    expect(dialog).toHaveTextContent('Web shop 77');
    expect(dialog).not.toHaveTextContent('Web shop 78');
    expect(within(dialog).queryByRole('radio')).toBeNull();
    expect(within(dialog).getByRole('table', { name: 'What will be written' })).toHaveTextContent('Web shop');
    await user.type(within(dialog).getByRole('textbox', { name: 'Note' }), 'father and son');
    await user.click(within(dialog).getByRole('button', { name: 'Unmerge' }));
    expect(await screen.findByText(/^Undone/)).toBeInTheDocument();
    const unmerge = asked.find((q) => q.path === 'merges/M1/unmerge')!;
    expect(unmerge.body).toEqual({ mode: 'SINGLE', note: 'father and son' });
    expect(unmerge.headers.get('If-Match')).toBe('"7"');
  });

  it('offers to take back the merges behind one too, and says what each choice gives', async () => {
    const { user, asked, container } = show('/goldens/g-01?tab=merges', {
      ...answers,
      'POST merges/M1/unmerge/preview': ({ body }: Asked) => ({
        revision: 7,
        results: [golden, { ...golden, id: 'g-40', label: 'A. Lovelace' }, ...((body as { mode: string }).mode === 'TREE' ? [{ ...golden, id: 'g-41', label: 'Allegra' }] : [])],
        goldenOfRecord: {},
        writes: [],
        merges: (body as { mode: string }).mode === 'TREE' ? ['M1', 'M0'] : ['M1'],
      }),
      'POST merges/M1/unmerge': { ...explanation.merges[0], undoneAt: ada.observedAt },
    });
    await user.click(await screen.findByRole('button', { name: 'Unmerge…' }));
    const dialog = await screen.findByRole('dialog');
    const choice = await within(dialog).findByRole('radiogroup', { name: 'Merges stand behind this one' });
    expect(choice).toHaveTextContent('2 golden records');
    expect(choice).toHaveTextContent('3 golden records');
    expect(within(dialog).queryByText('Allegra')).toBeNull();
    within(choice).getByRole('radio', { name: 'This merge alone' }).focus();
    await user.keyboard('{ArrowDown}');
    expect(await within(dialog).findByText('Allegra')).toBeInTheDocument();
    expect(await violations(container)).toEqual([]);
    await user.click(within(dialog).getByRole('button', { name: 'Unmerge' }));
    await waitFor(() => expect(asked.find((q) => q.path === 'merges/M1/unmerge')?.body).toEqual({ mode: 'TREE' }));
  });

  it('says of a merge how far each system is, and why one is not', async () => {
    const systems = [
      { system: 'crm', progress: 'CONFIRMED' },
      { system: 'shop', progress: 'FAILED', why: 'VALIDATION: e-mail is taken', change: 'record|shop:contact:77' },
    ];
    const { container } = show('/goldens/g-01?tab=merges', {
      ...answers,
      'GET goldens/g-01/explain': { ...explanation, merges: [{ ...explanation.merges[0], state: 'PARTIALLY_SETTLED', systems }] },
    });
    const list = await screen.findByRole('list', { name: 'How far the systems are' });
    expect(list).toHaveTextContent('CRM: done');
    expect(list).toHaveTextContent('Web shop: not done');
    expect(list).toHaveTextContent('e-mail is taken');
    expect(within(list).getByRole('button', { name: 'Try again' })).toBeInTheDocument();
    expect(await violations(container)).toEqual([]);
  });

  it('explains why its records are one, and what systems were told', async () => {
    const { user } = show('/goldens/g-01?tab=why', answers);
    expect(await screen.findByText('CRM 0031 and Web shop 77: the same')).toBeInTheDocument();
    await user.keyboard('6');
    expect(await screen.findByText(/refuses the value of row 1/)).toBeInTheDocument();
  });

  it('shows exactly what programs get, as curl too', async () => {
    show('/goldens/g-01?tab=json', answers);
    expect(await screen.findByRole('region', { name: 'JSON' })).toHaveTextContent('"id": "g-01"');
    expect(screen.getByRole('button', { name: 'Copy as curl' })).toBeInTheDocument();
  });

  it('leads on from an id that was merged away', async () => {
    const { container } = show('/goldens/g-40', { ...answers, 'GET goldens/g-40': retired, 'GET goldens/g-40/history': { items: [] } });
    expect(await screen.findByText('Merged into Ada Lovelace')).toBeInTheDocument();
    expect(screen.getByRole('link', { name: 'Open Ada Lovelace' })).toHaveAttribute('href', '/goldens/g-01');
    expect(await violations(container)).toEqual([]);
  });

  it('says so when there is no such record', async () => {
    show('/goldens/nope', { 'GET goldens/nope': new Refusal(404, { title: 'Not found', detail: 'there is no golden nope' }) });
    expect(await screen.findByText('there is no golden nope')).toBeInTheDocument();
    expect(screen.getByRole('heading', { level: 1, name: 'Golden record' })).toBeInTheDocument();
  });
});

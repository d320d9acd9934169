import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { golden, nothing, stats } from '../../test/fixtures';
import { Refusal, show, violations } from '../../test/page';

describe('Home', () => {
  it('says what needs a person and how the systems are', async () => {
    const { container } = show('/', {
      'GET stats': { ...stats, reviews: { ...stats.reviews, DELETED: 2 }, schemaChanges: 2, firstSyncs: 1 },
      'GET changes': {
        items: [{ goldenId: 'g-01', type: 'contact', sequence: 20, revision: 5, at: '2026-11-20T09:14:00Z', cause: 'UPDATED', changed: [{ attribute: 'email', after: 'x', from: 'crm:contact:0031' }], joined: [], left: [], golden }],
        next: 20,
        end: 20,
      },
    });
    expect(await screen.findByRole('link', { name: /37 likely duplicates to review/ })).toHaveAttribute('href', '/review');
    expect(screen.getByRole('link', { name: /2 writes that a system refused/ })).toBeInTheDocument();
    expect(screen.getByRole('link', { name: '2 questions about deleted records' })).toHaveAttribute('href', '/review?kind=DELETED');
    expect(screen.getByRole('link', { name: /3 rows that could not be read/ })).toBeInTheDocument();
    expect(screen.getByRole('link', { name: '2 fields of systems that changed' })).toHaveAttribute('href', '/schema');
    expect(screen.getByRole('link', { name: '1 new system waits for your approval to be written to' })).toHaveAttribute('href', '/systems');
    const systems = await screen.findByRole('table', { name: 'Systems' });
    expect(await within(systems).findByText('The database shop does not answer on port 5433.')).toBeInTheDocument();
    expect(await screen.findByRole('link', { name: 'Ada Lovelace' })).toHaveAttribute('href', '/goldens/g-01');
    expect(await violations(container)).toEqual([]);
  });

  it('SYN-5: says of which writes nobody knows for too long what became of them, and leads to exactly those', async () => {
    const overdue = [
      { system: 'crm', changes: 2, oldestSentAt: '2026-11-20T09:00:00Z' },
      { system: 'shop', changes: 1, oldestSentAt: '2026-11-20T08:00:00Z' },
    ];
    const asked: string[] = [];
    const { user } = show('/', {
      'GET stats': { ...stats, overdue },
      'GET outbound': ({ query }: { query: URLSearchParams }) => {
        asked.push(query.toString());
        return { items: [] };
      },
    });
    const link = await screen.findByRole('link', { name: /3 writes that nobody knows to have arrived/ });
    expect(link).toHaveTextContent('oldest sent');
    await user.click(link);
    expect(await screen.findByText('No write matches the filter')).toBeInTheDocument();
    expect(asked).toEqual(['overdue=true&limit=50']);
    expect(screen.getByRole('combobox', { name: 'State' })).toHaveDisplayValue('Outcome not known for 15 minutes');
  });

  it('calls in step only what an audit found so, kind by kind', async () => {
    const run = { id: 'run-a', kind: 'audit', system: 'crm', state: 'DONE', counts: { rows: 9 }, startedAt: '2026-11-20T09:14:00Z', endedAt: '2026-11-20T09:15:00Z' };
    const attribute = (counts: Record<string, number>) => ({ attribute: 'email', inStep: 0, counts });
    const { container } = show('/', {
      'GET runs': ({ query }: { query: URLSearchParams }) => ({ items: query.get('system') === 'crm' && query.get('state') === 'DONE' ? [run] : [] }),
      'GET runs/run-a/audit': {
        run,
        heal: false,
        inStep: 0.99,
        rows: { AGREES: 9 },
        streams: [
          { stream: 'people', type: 'contact', rows: { AGREES: 9 }, attributes: [attribute({ AGREES: 8, LEFT: 1 })] },
          { stream: 'firms', type: 'account', rows: { AGREES: 9 }, attributes: [attribute({ AGREES: 999, MISSED: 1 })] },
        ],
        findings: 1,
        unlisted: 0,
      },
    });
    const systems = await screen.findByRole('table', { name: 'Systems' });
    expect(await within(systems).findByText(/ 100 %$/)).toBeInTheDocument();
    expect(within(systems).getByText(/ 99\.9 %$/)).toBeInTheDocument();
    expect(within(systems).getByText('never audited')).toBeInTheDocument();
    expect(await violations(container)).toEqual([]);
  });

  it('is calm when nothing is left to do', async () => {
    show('/', { 'GET stats': { ...stats, reviews: {}, outbound: [], systems: { RUNNING: 2 } } });
    expect(await screen.findByText(/Nothing\. Every question is decided/)).toBeInTheDocument();
  });

  it('says that a write waits for a decision, not that it is on its way', async () => {
    const outbound = [
      { system: 'crm', state: 'HELD' as const, changes: 16 },
      { system: 'crm', state: 'SETTLED' as const, changes: 360 },
    ];
    const { answers, user } = show('/', { 'GET stats': { ...stats, outbound } });
    expect(await screen.findByText('all until a question is decided')).toBeInTheDocument();
    answers['GET stats'] = { ...stats, outbound: [...outbound, { system: 'shop', state: 'DUE', changes: 4 }] };
    await user.keyboard('r');
    expect(await screen.findByText('16 until a question is decided')).toBeInTheDocument();
  });

  it('tells a newcomer how to begin', async () => {
    const { container } = show('/', { 'GET stats': nothing, 'GET systems': { items: [] } });
    expect(await screen.findByText('No system is connected yet')).toBeInTheDocument();
    expect(screen.getByText(/kintsugi.jar demo/)).toBeInTheDocument();
    expect(await violations(container)).toEqual([]);
  });

  it('says so when the hub does not answer at all', async () => {
    show('/', {
      'GET stats': () => {
        throw new TypeError('Failed to fetch');
      },
    });
    expect(await screen.findByText('The hub does not answer')).toBeInTheDocument();
  });

  it('shows at once what is known while other parts load, in their shape, and what it has where one cannot be had', async () => {
    const never = new Promise(() => {});
    const { container, unmount } = show('/', { 'GET stats': never });
    expect(await screen.findByRole('table', { name: 'Systems' })).toBeInTheDocument();
    expect(await screen.findByRole('heading', { name: 'Needs you' })).toBeInTheDocument();
    expect(screen.getByRole('heading', { name: 'Needs you' }).closest('[role=status]')).toHaveAttribute('aria-busy', 'true');
    expect(await violations(container)).toEqual([]);
    unmount();
    show('/', { 'GET stats': new Refusal(503) });
    expect(await screen.findByText('The graph does not answer')).toBeInTheDocument();
    expect(await screen.findByRole('table', { name: 'Systems' })).toBeInTheDocument();
  });

  it('tells of a hub that is away once, not for each part', async () => {
    const away = new Refusal(503);
    show('/', { 'GET stats': away, 'GET systems': away, 'GET changes': away });
    expect(await screen.findByText('The graph does not answer')).toBeInTheDocument();
    await waitFor(() => expect(screen.queryByRole('heading', { name: 'Just now' })).toBeNull());
    expect(screen.getAllByRole('alert')).toHaveLength(1);
  });

  it('tells of a merge once: what was merged away goes by the name of what took it in', async () => {
    const change = { type: 'contact', revision: 5, at: '2026-11-20T09:14:00Z', changed: [], joined: [], left: [], golden };
    show('/', {
      'GET changes': {
        items: [
          { ...change, goldenId: 'g-01', sequence: 20, cause: 'ABSORBED' },
          { ...change, goldenId: 'g-40', sequence: 21, cause: 'RETIRED' },
        ],
        next: 21,
        end: 21,
      },
    });
    expect(await screen.findByText(/took in another record/)).toBeInTheDocument();
    expect(screen.queryByText(/merged away/)).toBeNull();
  });

  it('says in the words of the hub why it cannot answer, and tries again', async () => {
    const { user, answers } = show('/', { 'GET stats': new Refusal(503) });
    expect(await screen.findByText('The graph does not answer')).toBeInTheDocument();
    expect(screen.getByText('Neo4j refused the connection')).toBeInTheDocument();
    expect(screen.getByText('Start it.')).toBeInTheDocument();
    answers['GET stats'] = stats;
    await user.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await screen.findByText('Golden records', { selector: 'p' })).toBeInTheDocument();
  });
});

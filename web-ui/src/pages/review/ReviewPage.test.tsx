import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { review, reviewDetail, stats } from '../../test/fixtures';
import { type Asked, Refusal, show, violations } from '../../test/page';

const three = ['Ada', 'Grace', 'Katrin'];

function queue(more: Record<string, unknown> = {}) {
  const open = new Map(three.map((label, i) => [`R${i}`, reviewDetail(`R${i}`, label)]));
  const answers: Record<string, unknown> = {
    'GET reviews': () => ({ items: [...open.values()].map((detail) => detail.review).filter((item) => item.state === 'OPEN') }),
  };
  for (const [id, detail] of open) {
    answers[`GET reviews/${id}`] = () => detail;
    answers[`POST reviews/${id}/decision`] = ({ body }: Asked) =>
      Object.assign(detail.review, { state: 'DECIDED', decision: (body as { decision: string }).decision, revision: 2 });
    answers[`POST reviews/${id}/undo`] = () => Object.assign(detail.review, { state: 'OPEN', revision: 3 });
  }
  return show('/review', { ...answers, ...more });
}

const heading = (name: string) => screen.findByRole('heading', { level: 1, name });

describe('Review', () => {
  it('shows the records side by side, what differs first, with the golden record they would become', async () => {
    const { container } = queue();
    await heading('Ada');
    const compare = screen.getByRole('region', { name: 'Records side by side' });
    const rows = within(compare).getAllByRole('row').map((row) => row.textContent);
    expect(rows[2]).toMatch(/^Namediffers.*Ada Lovelace.*A\. Lovelace.*Ada Lovelace/);
    expect(within(compare).getByRole('button', { name: /2 attributes identical: E-mail, City/ })).toBeInTheDocument();
    expect(within(compare).getByText('would retire', { exact: false })).toBeInTheDocument();
    expect(screen.getByText('Asked under match 2')).toBeInTheDocument(); // GOV-1
    expect(screen.getByRole('table', { name: 'Evidence for 1 CRM and 2 Web shop' })).toHaveTextContent('+11.5');
    expect(screen.getByRole('table', { name: 'What will be written' })).toHaveTextContent('Web shop');
    expect(await violations(container)).toEqual([]);
  });

  it('a link to a question opens the queue that it stands in', async () => {
    const held = { ...reviewDetail('D1', 'Ada').review, kind: 'DELETED' as const };
    const { asked, router } = show('/review/D1', {
      'GET reviews': ({ query }: Asked) => ({ items: query.get('kind') === 'DELETED' ? [held] : [] }),
      'GET reviews/D1': { ...reviewDetail('D1', 'Ada'), review: held },
    });
    await waitFor(() => expect(router.state.location.search).toEqual({ kind: 'DELETED' }));
    await waitFor(() => expect(asked.some(({ path, query }) => path === 'reviews' && query.get('kind') === 'DELETED')).toBe(true));
    expect(router.state.location.pathname).toBe('/review/D1');
  });

  it('decides with one key and shows the next question at once', async () => {
    const { user, asked } = queue();
    await heading('Ada');
    await user.keyboard('m');
    expect(await heading('Grace')).toHaveFocus();
    expect(await screen.findByText('Merged Ada')).toBeInTheDocument();
    const sent = asked.find((question) => question.path === 'reviews/R0/decision')!;
    expect(sent.body).toEqual({ decision: 'MATCH' });
    expect(sent.headers.get('If-Match')).toBe('"1"');
    expect(sent.headers.get('Idempotency-Key')).toMatch(/^[0-9a-f]{32}$/);
  });

  it('SYN-4: a value that is changed back and forth names who does it and leads to the golden record that ends it', async () => {
    const detail = reviewDetail('R0', 'Ada');
    delete detail.preview;
    Object.assign(detail.review, { kind: 'LOOP', reason: 'crm and erp change phone back and forth: 7 changes since 10:02' });
    const { container } = show('/review/R0?kind=LOOP', { 'GET reviews': { items: [detail.review] }, 'GET reviews/R0': detail });
    await heading('Ada');
    expect(screen.getByText(/change phone back and forth/)).toBeInTheDocument();
    expect(screen.getAllByRole('link', { name: /the golden record of/ })[0]).toHaveAttribute('href', expect.stringMatching(/^\/goldens\//));
    expect(screen.queryByRole('button', { name: /merge/i })).toBeNull();
    expect(await violations(container)).toEqual([]);
  });

  it('MRG-1: merges that the brake holds back are approved once, after a look at the list', async () => {
    const detail = reviewDetail('R0', 'Ada');
    delete detail.preview;
    Object.assign(detail.review, { kind: 'MERGE_BRAKE', held: 45, reason: 'rules would make more merges within 24 hours than the brake lets through (25)' });
    const { container, asked, user } = show('/review/R0?kind=MERGE_BRAKE', {
      'GET reviews': { items: [detail.review] },
      'GET reviews/R0': detail,
      'POST reviews/R0/approve': { ...detail.review, state: 'DECIDED' },
      'GET stats': { ...stats, reviews: { HELD_MERGE: 99 } },
    });
    await heading('Merges of Contact held back');
    expect(screen.getByText('45 pairs are held back: rules would make more merges within 24 hours than the brake lets through (25)')).toBeInTheDocument();
    expect(screen.getByRole('link', { name: /Merges held back\s*Contact$/ })).toBeInTheDocument();
    expect(await screen.findByRole('link', { name: 'See the 45 pairs that are held back' })).toHaveAttribute('href', expect.stringContaining('kind=HELD_MERGE'));
    expect(await violations(container)).toEqual([]);
    await user.keyboard('a');
    await user.click(await screen.findByRole('button', { name: 'Approve' }));
    await waitFor(() => expect(asked.some((question) => question.path === 'reviews/R0/approve')).toBe(true));
  });

  it('ID-6: a record that fits several golden records is placed with the key of one of them, and an earlier verdict is named', async () => {
    const detail = reviewDetail('R0', 'Ada');
    delete detail.preview;
    const contested = {
      ...detail,
      previewProblem: 'The record fits several golden records: say which one it belongs to.',
      contested: {
        record: 'crm:contact:0031',
        golden: 'g-99',
        candidates: [
          { golden: 'g-01', label: 'Ada Lovelace', score: 12, probability: 0.999 },
          { golden: 'g-40', label: 'A. Lovelace', score: 4, probability: 0.94 },
        ],
        verdict: { a: 'crm:contact:1', b: 'shop:contact:77', by: 'sam', at: '2026-11-20T09:14:00Z' },
      },
    };
    const { user, asked, container } = queue({ 'GET reviews/R0': contested });
    await heading('Ada');
    expect(screen.getByText('It matches two records that were told apart')).toBeInTheDocument();
    expect(screen.getByText(/sam said that CRM 1 and Web shop 77 are not the same/)).toBeInTheDocument();
    expect(screen.getByRole('button', { name: /Belongs to Ada Lovelace/ })).toBeInTheDocument();
    expect(await violations(container)).toEqual([]);
    await user.keyboard('m2');
    await waitFor(() => expect(asked.find((q) => q.path === 'reviews/R0/decision')?.body).toEqual({ decision: 'MATCH', golden: 'g-40' }));
  });

  it('goes through the queue with three keys: no, skip, yes', async () => {
    const { user, asked } = queue();
    await heading('Ada');
    await user.keyboard('n');
    await heading('Grace');
    await user.keyboard('s');
    await heading('Katrin');
    await user.keyboard('m');
    await heading('Grace');
    await waitFor(() =>
      expect(asked.filter((q) => q.method === 'POST').map((q) => [q.path, q.body])).toEqual([
        ['reviews/R0/decision', { decision: 'NO_MATCH' }],
        ['reviews/R2/decision', { decision: 'MATCH' }],
      ]),
    );
  });

  it('takes the last decision back with u, even while it is on its way', async () => {
    const { user, asked } = queue();
    await heading('Ada');
    await user.keyboard('mu');
    await waitFor(() => expect(asked.find((q) => q.path === 'reviews/R0/undo')?.headers.get('If-Match')).toBe('"2"'));
    expect(await heading('Ada')).toBeInTheDocument();
    expect(await screen.findByText('Taken back')).toBeInTheDocument();
  });

  it('decides again after an undo without waiting for the review to be loaded anew', async () => {
    let loads = 0;
    const detail = reviewDetail('R0', 'Ada');
    const { user, asked } = queue({
      'GET reviews/R0': () => (++loads > 1 ? new Promise(() => {}) : structuredClone(detail)),
      'POST reviews/R0/decision': () => ({ ...detail.review, state: 'DECIDED', revision: detail.review.revision + 1 }),
      'POST reviews/R0/undo': () => ({ ...detail.review, revision: 7 }),
    });
    await heading('Ada');
    await user.keyboard('m');
    await heading('Grace');
    await user.keyboard('u');
    await screen.findByText('Taken back');
    await heading('Ada');
    await user.keyboard('m');
    await waitFor(() =>
      expect(asked.filter((q) => q.path === 'reviews/R0/decision').map((q) => q.headers.get('If-Match'))).toEqual(['"1"', '"7"']),
    );
  });

  it('shows the decision of somebody who was faster, and keeps or reopens it', async () => {
    const theirs = { ...reviewDetail('R0', 'Ada') };
    theirs.review = { ...theirs.review, state: 'DECIDED', decision: 'NO_MATCH', decidedBy: 'p.nair', decidedAt: '2026-11-20T10:00:00Z', note: 'father and son', revision: 2 };
    let decided = false;
    const { user, container } = queue({
      'POST reviews/R0/decision': () => {
        decided = true;
        return new Refusal(409, { title: 'Changed meanwhile', detail: 'review R0 is at revision 2, you sent 1', current: theirs });
      },
      'GET reviews/R0': () => (decided ? theirs : reviewDetail('R0', 'Ada')),
    });
    await heading('Ada');
    await user.keyboard('m');
    expect(await screen.findByText('Somebody decided this meanwhile')).toBeInTheDocument();
    expect(screen.getByText(/not a match, by p\.nair/)).toBeInTheDocument();
    expect(screen.getByText(/Your decision was not stored/)).toBeInTheDocument();
    expect(await screen.findByRole('button', { name: /Take theirs back/ })).toBeInTheDocument();
    expect(await violations(container)).toEqual([]);
    await user.click(screen.getByRole('button', { name: 'Keep theirs and go on' }));
    await heading('Grace');
  });

  it('puts a question back when the hub cannot store the decision', async () => {
    const { user } = queue({ 'POST reviews/R0/decision': new Refusal(503) });
    await heading('Ada');
    await user.keyboard('m');
    expect(await screen.findByText('Not decided: The graph does not answer')).toBeInTheDocument();
    await heading('Ada');
    expect(within(screen.getByRole('navigation', { name: 'Review queue' })).getByText('Ada')).toBeInTheDocument();
  });

  it('hides what is the same with d, and the reasons with w', async () => {
    const { user } = queue();
    await heading('Ada');
    await user.keyboard('d');
    expect(screen.queryByText(/attributes identical/)).not.toBeInTheDocument();
    expect(screen.getByRole('switch', { name: /Differences only/ })).toBeChecked();
    await user.keyboard('w');
    expect(screen.queryByText('Why they may be the same')).not.toBeInTheDocument();
  });

  it('sends a note with the decision, and keys typed into the note decide nothing', async () => {
    const { user, asked } = queue();
    await heading('Ada');
    await user.keyboard(';');
    await user.keyboard('same mum{Enter}');
    expect(asked.filter((q) => q.method === 'POST')).toEqual([]);
    await user.keyboard('m');
    await waitFor(() => expect(asked.find((q) => q.path === 'reviews/R0/decision')?.body).toEqual({ decision: 'MATCH', note: 'same mum' }));
  });

  it('says so when the queue is empty', async () => {
    const { container } = show('/review', { 'GET reviews': { items: [] }, 'GET stats': { at: '', goldens: {}, records: [], reviews: {}, outbound: [], systems: {}, feed: { end: 0, lastMinute: 0 } } });
    expect(await screen.findByText('Nothing to review')).toBeInTheDocument();
    expect(await violations(container)).toEqual([]);
  });

  it('offers to clear a filter that leaves nothing', async () => {
    const { user, router } = show('/review?system=shop', { 'GET reviews': ({ query }: Asked) => ({ items: query.get('system') ? [] : [review('R0', 'Ada')] }), 'GET reviews/R0': reviewDetail('R0', 'Ada') });
    await user.click(await screen.findByRole('link', { name: 'Clear the filter' }));
    await heading('Ada');
    expect(router.state.location.search).toEqual({});
  });

  it('says why the queue cannot be loaded', async () => {
    show('/review', { 'GET reviews': new Refusal(503) });
    expect(await screen.findByText('The graph does not answer')).toBeInTheDocument();
  });
});

import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import type { Deletes, DeletesPreview, Deletion } from '../../api/deletes';
import { adaInShop, ada, explanation, golden, reviewDetail } from '../../test/fixtures';
import { type Asked, Refusal, show, violations } from '../../test/page';
import { brake, cell, change, changeBrake, changeDefault, forget } from './document';

const AT = '2026-11-20T09:14:00Z';
const flag = { action: 'FLAG' as const, joined: 'FLAG' as const, graceSeconds: 0, conflict: 'EDIT_WINS' as const };
const stop = { count: 25, percent: 2, windowSeconds: 86_400, says: 'If more than 25 deletes come within 1 day, none is sent.' };
const matrix = [
  ['crm', 'shop'],
  ['shop', 'crm'],
  ['hub', 'crm'],
  ['hub', 'shop'],
].map(([from, to]) => ({ from: from!, to: to!, rule: flag, says: `When ${from} deletes, ${to} keeps it.` }));
const policy: Deletes = {
  type: 'contact',
  version: 2,
  body: '',
  document: {},
  defaultRule: flag,
  matrix,
  brake: stop,
  systems: ['crm', 'shop'],
  warnings: [],
  versions: [
    { version: 2, at: AT, by: 'local' },
    { version: 1, at: AT, by: 'file' },
  ],
};
const preview: DeletesPreview = {
  type: 'contact',
  matrix: matrix.map((each, i) => (i === 0 ? { ...each, says: 'When CRM deletes a contact, Web shop deletes it too.' } : each)),
  brake: stop,
  warnings: ['matrix[0]: the hub has no system "crmm"; did you mean "crm"?'],
  replay: {
    since: AT,
    complete: true,
    deletions: 34,
    steps: 34,
    now: { FLAG: 34 },
    then: { PROPAGATE: 30, FLAG: 4 },
    changes: [{ from: 'crm', to: 'shop', before: 'FLAG', after: 'PROPAGATE', steps: 30 }],
    brakes: [{ system: 'shop', deletes: 30, limit: 25, at: AT }],
  },
};
const deletion: Deletion = {
  id: 'd-1',
  type: 'contact',
  from: 'crm',
  origin: ada.key,
  golden: 'g-01',
  label: 'Ada Lovelace',
  evidence: 'FEED',
  state: 'SETTLED',
  steps: [{ system: 'shop', target: adaInShop.key, action: 'PROPAGATE', state: 'DONE', at: AT }],
  seenAt: AT,
  revision: 3,
  updatedAt: AT,
};
const answers = {
  'GET deletes/contact': policy,
  'GET reviews': { items: [] },
  'GET deletions': { items: [deletion] },
  'POST deletes/contact/preview': preview,
  'POST deletes/contact/publish': { ...policy, version: 3 },
  'POST deletes/contact/rollback': { ...policy, version: 3 },
};
const CELL = 'What happens when CRM deletes, in Web shop';

describe('Deletes', () => {
  it('GOV-1: a cell is changed, said in words, replayed on what was deleted lately, and only then published', async () => {
    const page = show('/deletes', answers);
    await page.user.selectOptions(await screen.findByLabelText(CELL), 'delete it too');
    await page.user.type(screen.getByLabelText('Grace when CRM deletes, in Web shop'), '2h');
    expect(await screen.findByText('When CRM deletes a contact, Web shop deletes it too.')).toBeInTheDocument();
    expect(screen.getByText(/did you mean "crm"/)).toBeInTheDocument();
    expect(screen.getByText('30 records would be treated otherwise.')).toBeInTheDocument();
    expect(screen.getByText('The brake would have stopped 30 deletes for Web shop')).toBeInTheDocument();
    expect(screen.getByRole('table', { name: 'What would have been treated otherwise' })).toHaveTextContent('CRMWeb shopkeptdeleted too30');
    expect(await violations(page.container)).toEqual([]);
    await waitFor(() => expect(screen.getByRole('button', { name: 'Publish…' })).toBeEnabled());
    await page.user.click(screen.getByRole('button', { name: 'Publish…' }));
    await page.user.click(await screen.findByRole('button', { name: 'Publish' }));
    await waitFor(() => {
      const sent = page.asked.find((asked) => asked.path === 'deletes/contact/publish');
      expect(sent?.body).toEqual({ document: { matrix: [{ from: 'crm', to: 'shop', action: 'propagate', grace: '2h' }] } });
      expect(sent?.headers.get('If-Match')).toBe('"2"');
    });
  });

  it('what is wrong with a draft is said, and it cannot be published', async () => {
    const page = show('/deletes', { ...answers, 'POST deletes/contact/preview': new Refusal(422, { title: 'Cannot be processed', detail: 'deletes.contact.brake.window is no time' }) });
    await page.user.type(await screen.findByLabelText('Time the brake counts in'), 'x');
    expect(await screen.findByText(/brake.window is no time/)).toBeInTheDocument();
    expect(screen.getByRole('button', { name: 'Publish…' })).toBeDisabled();
    await page.user.click(screen.getByRole('button', { name: 'Discard' }));
    expect(screen.queryByRole('button', { name: 'Publish…' })).not.toBeInTheDocument();
  });

  it('goes from cell to cell with Alt and the arrow keys, over those that do not exist', async () => {
    show('/deletes', answers);
    const first = await screen.findByLabelText(CELL);
    first.focus();
    fireEvent.keyDown(first, { key: 'ArrowDown', altKey: true });
    expect(screen.getByLabelText('What happens when a person in the hub deletes, in Web shop')).toHaveFocus();
    fireEvent.keyDown(document.activeElement!, { key: 'ArrowLeft', altKey: true });
    expect(screen.getByLabelText('What happens when a person in the hub deletes, in CRM')).toHaveFocus();
    expect(screen.getByText('When hub deletes, crm keeps it.')).toBeInTheDocument();
  });

  it('GOV-1: an earlier version is published again', async () => {
    const page = show('/deletes', answers);
    await page.user.click(await screen.findByRole('button', { name: 'Roll back to version 1' }));
    await waitFor(() => expect(page.asked.find((asked) => asked.path === 'deletes/contact/rollback')?.body).toEqual({ version: 1 }));
  });

  it('DEL-10: deletions are listed and filtered, and one is restored after saying what that means', async () => {
    const page = show('/deletes?tab=deletions', { ...answers, 'POST deletions/d-1/restore': { ...deletion, revision: 4 } });
    const table = await screen.findByRole('table', { name: 'Deletions' });
    expect(within(table).getByText('in CRM (0031)')).toBeInTheDocument();
    expect(table).toHaveTextContent('Web shop 77 Deleted');
    await page.user.selectOptions(screen.getByLabelText('In other systems'), 'Held by the brake');
    await waitFor(() => expect(page.asked.some((asked) => asked.path === 'deletions' && asked.query.get('step') === 'HELD')).toBe(true));
    expect(await violations(page.container)).toEqual([]);
    await page.user.click(await screen.findByRole('button', { name: 'Restore Ada Lovelace…' }));
    const dialog = await screen.findByRole('dialog');
    expect(dialog).toHaveTextContent('Web shop: the record comes back with its id if the system still has it, and else as a new one');
    expect(dialog).toHaveTextContent('CRM: the record is created again, under another id, if the hub may write there');
    await page.user.click(within(dialog).getByRole('button', { name: 'Restore' }));
    await waitFor(() => expect(page.asked.find((asked) => asked.path === 'deletions/d-1/restore')?.headers.get('If-Match')).toBe('"3"'));
  });

  it('DEL-10: what was restored and is there again is not offered to be restored once more', async () => {
    const back = { ...deletion, steps: [{ system: deletion.from, action: 'RECREATE' as const, state: 'DONE' as const, why: 'there again as 0099', at: AT }] };
    show('/deletes?tab=deletions', { ...answers, 'GET deletions': { items: [back] } });
    expect(await screen.findByText('There again')).toBeInTheDocument();
    expect(screen.queryByRole('button', { name: /^Restore/ })).toBeNull();
  });

  it('shows one deletion with what was there', async () => {
    const page = show('/deletes/d-1', { 'GET deletions/d-1': { deletion: { ...deletion, policies: 'deletes 2' }, records: [{ ...ada, state: 'DELETED' }, adaInShop], reviews: [] } });
    expect(await screen.findByRole('heading', { level: 1, name: 'Ada Lovelace' })).toBeInTheDocument();
    expect(screen.getByText(/the system said so/)).toBeInTheDocument();
    expect(screen.getByText('Decided under deletes 2')).toBeInTheDocument(); // GOV-1
    expect(screen.getByRole('region', { name: 'Records side by side' })).toHaveTextContent('A. Lovelace');
    expect(await violations(page.container)).toEqual([]);
  });

  it('DEL-1: a golden record is deleted by the plan of the policy, and one that every system keeps is not', async () => {
    const base = { 'GET goldens/g-01': golden, 'GET goldens/g-01/explain': explanation, 'GET goldens/g-01/outbound': { items: [] }, 'GET goldens/g-01/deletions': { items: [deletion] } };
    const waiting = { ...deletion, from: 'hub', state: 'OPEN', steps: [{ ...deletion.steps[0]!, state: 'WAITING', dueAt: AT }] };
    const page = show('/goldens/g-01', { ...base, 'POST goldens/g-01/delete/preview': waiting, 'POST goldens/g-01/delete': waiting });
    expect(await screen.findByText(/Deleted in CRM \(0031\)/)).toBeInTheDocument();
    await page.user.click(screen.getByRole('button', { name: 'Delete…' }));
    const dialog = await screen.findByRole('dialog');
    expect(await within(dialog).findByText('Will be deleted')).toBeInTheDocument();
    await page.user.click(within(dialog).getByRole('button', { name: 'Delete' }));
    await waitFor(() => expect(page.asked.find((asked) => asked.path === 'goldens/g-01/delete')?.headers.get('If-Match')).toBe('"5"'));
    page.unmount();
    const kept = show('/goldens/g-01', { ...base, 'POST goldens/g-01/delete/preview': { ...waiting, steps: [{ ...deletion.steps[0], action: 'FLAG', state: 'KEPT' }] } });
    await kept.user.click(await screen.findByRole('button', { name: 'Delete…' }));
    expect(await screen.findByText(/nothing would be deleted/)).toBeInTheDocument();
    expect(within(screen.getByRole('dialog')).getByRole('button', { name: 'Delete' })).toBeDisabled();
  });
});

describe('A question about deletes', () => {
  const about = (more: object) => {
    const { preview: _preview, ...detail } = reviewDetail('R1', 'Ada Lovelace');
    return { ...detail, pairs: [], ...more, review: { ...detail.review, kind: 'DELETED', reason: '30 deletes for shop are more than the brake lets through' } };
  };

  it('DEL-3: of a brake lists what it holds, and all are deleted after a confirmation that names system and number', async () => {
    const held = { ...deletion, state: 'OPEN', steps: [{ ...deletion.steps[0]!, state: 'HELD' }] };
    const detail = about({ deletion: { system: 'shop', waiting: 30 } });
    const page = show('/review/R1?kind=DELETED', {
      'GET reviews': { items: [detail.review] },
      'GET reviews/R1': detail,
      'GET deletions': ({ query }: Asked) => (query.get('to') === 'shop' && query.get('step') === 'HELD' ? { items: [held] } : { items: [] }),
      'POST reviews/R1/delete': { ...detail.review, state: 'DECIDED' },
    });
    expect(await screen.findByRole('heading', { level: 1, name: '30 deletes for Web shop held back' })).toBeInTheDocument();
    expect(await screen.findByRole('table', { name: 'What would be deleted' })).toHaveTextContent('Ada Lovelace');
    expect(await violations(page.container)).toEqual([]);
    await page.user.keyboard('x');
    const dialog = await screen.findByRole('dialog', { name: 'Delete 30 records in Web shop?' });
    await page.user.click(within(dialog).getByRole('button', { name: 'Delete all 30 in Web shop' }));
    await waitFor(() => expect(page.asked.find((asked) => asked.path === 'reviews/R1/delete')?.headers.get('If-Match')).toBe('"1"'));
  });

  it('DEL-9: of an edit shows both sides, and the record is kept with a note', async () => {
    const asked = { ...deletion, state: 'OPEN', steps: [{ ...deletion.steps[0]!, state: 'ASKED', why: 'somebody edited it elsewhere' }] };
    const detail = about({ deletion: { deletion: asked, waiting: 1 } });
    const page = show('/review/R1?kind=DELETED', { 'GET reviews': { items: [detail.review] }, 'GET reviews/R1': detail, 'POST reviews/R1/keep': { ...detail.review, state: 'DECIDED' } });
    expect(await screen.findByRole('heading', { level: 1, name: 'Ada Lovelace: delete it in Web shop too?' })).toBeInTheDocument();
    expect(screen.getByText('somebody edited it elsewhere')).toBeInTheDocument();
    expect(screen.getByRole('region', { name: 'Records side by side' })).toHaveTextContent('A. Lovelace');
    await page.user.click(screen.getByRole('button', { name: /^Keep…/ }));
    const dialog = await screen.findByRole('dialog');
    await page.user.type(within(dialog).getByLabelText('Why'), 'she still buys');
    await page.user.click(within(dialog).getByRole('button', { name: 'Keep in Web shop' }));
    await waitFor(() => expect(page.asked.find((one) => one.path === 'reviews/R1/keep')?.body).toEqual({ note: 'she still buys' }));
  });
});

describe('A delete policy as a document', () => {
  it('reads a cell as the hub does: the first that names both counts, and the rest is the default', () => {
    const document = { default: { action: 'review', grace: '1d' }, matrix: [{ from: 'crm', to: 'shop', action: 'propagate' }, { from: 'crm', action: 'sever', grace: '2h' }] };
    expect(cell(document, 'crm', 'shop')).toEqual({ own: true, action: 'PROPAGATE', joined: 'DISCONNECT', grace: '1d', conflict: 'EDIT_WINS' });
    expect(cell(document, 'crm', 'erp')).toMatchObject({ own: false, action: 'SEVER', joined: 'SEVER', grace: '2h' });
    expect(cell(document, 'erp', 'crm')).toMatchObject({ own: false, action: 'REVIEW' });
  });

  it('puts a new cell before the one that would hide it, with what held there, and takes it away again', () => {
    const document = { matrix: [{ from: 'crm', action: 'sever', grace: '2h' }] };
    const changed = change(document, 'crm', 'erp', { grace: '3h' });
    expect(changed.matrix).toEqual([{ from: 'crm', to: 'erp', action: 'sever', grace: '3h' }, { from: 'crm', action: 'sever', grace: '2h' }]);
    expect(forget(changed, 'crm', 'erp')).toEqual(document);
  });

  it('forgets what was said of records that the hub did not create when the action changes', () => {
    const document = { matrix: [{ from: 'crm', to: 'erp', action: 'propagate', joined: 'review' }] };
    expect(change(document, 'crm', 'erp', { action: 'SEVER' }).matrix).toEqual([{ from: 'crm', to: 'erp', action: 'sever' }]);
    expect(changeDefault({ default: { action: 'review', grace: '1d' } }, { grace: '' })).toEqual({ default: { action: 'review' } });
    expect(changeBrake({}, { count: '10' })).toEqual({ brake: { count: 10 } });
    expect(brake({ brake: { count: 10 } })).toEqual({ count: '10', percent: '2', window: '24h' });
  });
});

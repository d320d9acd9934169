import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import type { SchemaChange } from '../../api/schemas';
import { Refusal, show, violations } from '../../test/page';

const gone: SchemaChange = {
  id: 'c1',
  kind: 'REMOVED',
  system: 'crm',
  stream: 'people',
  type: 'contact',
  field: 'city',
  attribute: 'city',
  since: '2026-11-20T09:14:00Z',
  says: 'city (city) is not there any more in CRM.',
  candidates: [
    { field: 'town', same: 97, compared: 100, suggested: true },
    { field: 'segment', same: 0, compared: 100, suggested: false },
  ],
  options: [],
  unknown: [],
  answers: ['RENAME', 'DROP'],
};
const fresh: SchemaChange = { ...gone, id: 'c2', kind: 'NEW', field: 'segment', candidates: [], answers: ['MAP', 'AGREE'], says: 'CRM has a new field segment.' };
const needed: SchemaChange = { ...fresh, id: 'c3', kind: 'NEW_REQUIRED', system: 'shop', field: 'country', answers: ['CONSTANT', 'AGREE'], says: 'Web shop takes no new record without country.' };
const unknown: SchemaChange = { ...needed, id: 'c4', kind: 'OPTION_UNKNOWN', field: 'stage', options: ['Lead', 'Customer'], unknown: ['Prospect'], answers: ['OPTIONS'], says: 'Web shop has no option for Prospect.' };
const schema = { system: 'crm', streams: [] };

const card = (name: string) => within(screen.getByRole('region', { name }));

describe('Schema', () => {
  it('SCH-3: offers the likeliest new name of a field that is gone, with the figure, and goes on with one click', async () => {
    const { container, user, asked, answers } = show('/schema', { 'GET schema-changes': { items: [gone, fresh] }, 'POST schema-changes/c1/answer': schema });
    expect(await screen.findByRole('heading', { name: 'city in CRM' })).toBeInTheDocument();
    expect(screen.getByText('Field is gone')).toBeInTheDocument();
    expect(screen.getByRole('radio', { name: /town · 97 of 100 records hold the same/ })).toBeChecked();
    expect(await violations(container)).toEqual([]);
    answers['GET schema-changes'] = { items: [] };
    await user.click(screen.getByRole('button', { name: 'Go on under the new name' }));
    expect(await screen.findByText('Every field is as it was agreed on')).toBeInTheDocument();
    const post = asked.find((call) => call.method === 'POST')!;
    expect(post.body).toEqual({ answer: 'RENAME', field: 'town' });
    expect(post.headers.get('Idempotency-Key')).toBeTruthy();
  });

  it('SCH-1: maps a new field to an attribute that is there, or to a new one', async () => {
    const { user, asked } = show('/schema', { 'GET schema-changes': { items: [fresh] }, 'POST schema-changes/c2/answer': schema });
    const map = await screen.findByRole('combobox', { name: 'Map to' });
    await screen.findByRole('option', { name: 'Phone' });
    await user.selectOptions(map, 'A new attribute');
    expect(screen.getByRole('textbox', { name: 'Name' })).toHaveValue('segment');
    await user.click(screen.getByRole('button', { name: 'Map it' }));
    expect(asked.find((call) => call.method === 'POST')!.body).toEqual({ answer: 'MAP', attribute: 'segment', type: 'TEXT' });
  });

  it('SCH-4: gives new records a constant, and unknown values an option', async () => {
    const { user, asked } = show('/schema', {
      'GET schema-changes': { items: [needed, unknown] },
      'POST schema-changes/c3/answer': schema,
      'POST schema-changes/c4/answer': schema,
    });
    await screen.findByRole('region', { name: 'country in Web shop' });
    await user.type(card('country in Web shop').getByRole('textbox', { name: 'New records get' }), 'PL');
    await user.click(card('country in Web shop').getByRole('button', { name: 'Use it' }));
    await user.selectOptions(card('stage in Web shop').getByRole('combobox', { name: '“Prospect” is written as' }), 'Lead');
    await user.click(card('stage in Web shop').getByRole('button', { name: 'Map them' }));
    const bodies = asked.filter((call) => call.method === 'POST').map((call) => call.body);
    expect(bodies).toEqual([
      { answer: 'CONSTANT', value: 'PL' },
      { answer: 'OPTIONS', options: { Prospect: 'Lead' } },
    ]);
  });

  it('GOV-1: tries an answer without giving it', async () => {
    const run = { id: 'dry-run-3', kind: 'ANSWER' as const, about: 'an answer about a schema', state: 'RUNNING' as const, done: 0, total: 0, startedAt: '2026-11-20T09:14:00Z' };
    const { user, asked, router } = show('/schema', { 'GET schema-changes': { items: [gone] }, 'POST dry-runs': run, 'GET dry-runs/dry-run-3': run });
    await user.click(await screen.findByRole('switch', { name: /Only try it/ }));
    await user.click(screen.getByRole('button', { name: 'Go on under the new name' }));
    await waitFor(() => expect(router.state.location.pathname).toBe('/dry-runs/dry-run-3'));
    const posts = asked.filter((call) => call.method === 'POST');
    expect(posts.map((call) => [call.path, call.body])).toEqual([['dry-runs', { kind: 'ANSWER', change: 'c1', answer: { answer: 'RENAME', field: 'town' } }]]);
  });

  it('moves between changes with the keyboard and shows why an answer was refused', async () => {
    const { user } = show('/schema', {
      'GET schema-changes': { items: [gone, fresh] },
      'POST schema-changes/c2/answer': new Refusal(422, { title: 'It does not fit', detail: 'segment is mapped already' }),
    });
    await screen.findByRole('region', { name: 'city in CRM' });
    await user.keyboard('jj');
    expect(screen.getByRole('region', { name: 'segment in CRM' })).toHaveFocus();
    await user.click(screen.getByRole('button', { name: 'Leave it unmapped' }));
    expect(await screen.findByText('segment is mapped already')).toBeInTheDocument();
  });

  it('says when nothing has changed', async () => {
    const { container } = show('/schema', { 'GET schema-changes': { items: [] } });
    expect(await screen.findByText('Every field is as it was agreed on')).toBeInTheDocument();
    expect(await violations(container)).toEqual([]);
  });
});

import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import type { Erasure } from '../../api/erasures';
import { explanation, golden } from '../../test/fixtures';
import { type Asked, Refusal, show, violations } from '../../test/page';

const AT = '2026-11-20T09:14:00Z';
const erasure: Erasure = {
  id: 'e-1',
  type: 'contact',
  golden: 'g-01',
  goldens: ['g-01'],
  state: 'REMOVED',
  reason: 'case 2026-17',
  by: 'dana',
  askedAt: AT,
  steps: [
    { system: 'crm', stream: 'people', record: 'aaaaaaaaaaaaaaaa', means: 'DELETE', state: 'CONFIRMED', at: AT },
    { system: 'shop', stream: 'people', recordId: '77', record: 'bbbbbbbbbbbbbbbb', means: 'BY_HAND', state: 'BY_HAND', why: 'the hub cannot delete in shop', at: AT },
  ],
  removed: { records: 2, goldens: 1 },
  removedAt: AT,
  revision: 4,
  updatedAt: AT,
};
const answers = {
  'GET erasures': { items: [erasure] },
  'GET erasures/e-1': erasure,
  'GET erasures/e-1/kept-out': { items: [{ system: 'shop', stream: 'people', record: 'bbbbbbbbbbbbbbbb', rows: 3, first: AT, last: AT }] },
};

describe('Erasures', () => {
  it('lists what was erased, with how far each is and nobody’s name', async () => {
    show('/erasures', answers);
    expect(await screen.findByRole('link', { name: 'e-1' })).toBeInTheDocument();
    expect(screen.getByText('1 of 2')).toBeInTheDocument();
    expect(screen.getByRole('table', { name: 'Erasures' })).toHaveTextContent('Forgotten here');
  });

  it('says so when nothing was erased, and when the list cannot be read', async () => {
    const empty = show('/erasures', { 'GET erasures': { items: [] } });
    expect(await screen.findByText('Nothing was erased yet')).toBeInTheDocument();
    empty.unmount();
    show('/erasures', { 'GET erasures': () => new Refusal(503) });
    expect(await screen.findByText('The graph does not answer')).toBeInTheDocument();
  });

  it('shows what is left for a person, who says that it is gone', async () => {
    const asked: Asked[] = [];
    const page = show('/erasures/e-1', {
      ...answers,
      'POST erasures/e-1/records/bbbbbbbbbbbbbbbb/gone': (question: Asked) => {
        asked.push(question);
        return erasure;
      },
    });
    const records = await screen.findByRole('table', { name: 'Records' });
    expect(within(records).getByText('77')).toBeInTheDocument();
    expect(within(records).getByText('A task for a person')).toBeInTheDocument();
    await page.user.click(within(records).getByRole('button', { name: 'It is gone' }));
    await waitFor(() => expect(asked).toHaveLength(1));
    expect(asked[0]!.headers.get('If-Match')).toBe('"4"');
    expect(screen.getByRole('link', { name: 'Evidence' })).toHaveAttribute('href', '/api/v1/erasures/e-1/evidence');
    expect(await screen.findByRole('table', { name: 'Rows kept out' })).toBeInTheDocument();
    expect(await violations(page.container)).toEqual([]);
  });

  it('erases a golden record only after a reason was given and the word was typed', async () => {
    const asked: Asked[] = [];
    const { user } = show('/goldens/g-01', {
      ...answers,
      'GET goldens/g-01': golden,
      'GET goldens/g-01/explain': explanation,
      'GET goldens/g-01/outbound': { items: [] },
      'GET goldens/g-01/deletions': { items: [] },
      'POST goldens/g-01/erase/preview': { erasure: { ...erasure, state: 'RUNNING', id: 'e-none' }, removed: { records: 2 }, referring: 1, withdrawn: 0 },
      'POST goldens/g-01/erase': (question: Asked) => {
        asked.push(question);
        return erasure;
      },
    });
    await user.click(await screen.findByRole('button', { name: 'Erase…' }));
    expect(await screen.findByText(/must be deleted by hand/)).toBeInTheDocument();
    const erase = screen.getByRole('button', { name: 'Erase for good' });
    expect(erase).toBeDisabled();
    await user.type(screen.getByLabelText(/Reason/), 'case 2026-17');
    expect(erase).toBeDisabled();
    await user.type(screen.getByLabelText(/to confirm/), 'erase');
    await user.click(erase);
    await waitFor(() => expect(asked).toHaveLength(1));
    expect(asked[0]!.body).toEqual({ reason: 'case 2026-17' });
    expect(await screen.findByRole('heading', { name: /^Erasure of/ })).toBeInTheDocument();
  });
});

import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import type { MatchRules, RulesLesson, RulesPreview } from '../../api/queries';
import { Refusal, show, violations } from '../../test/page';

const AT = '2026-11-20T09:14:00Z';
const rules: MatchRules = {
  type: 'contact',
  version: 2,
  ruleSet: 'contact rules 3.1, policy 2',
  autoBits: 9,
  reviewBits: 0,
  precisionFloor: 0.9,
  body: 'autoBits: 9\n',
  versions: [
    { version: 2, at: AT, by: 'local', figures: { labelled: 12, same: 8, matched: 6, right: 6, asked: 4, precision: 1, recall: 0.75 } },
    { version: 1, at: AT, by: 'file', figures: { labelled: 12, same: 8, matched: 0, right: 0, asked: 9, recall: 0 } },
  ],
};
const done: RulesPreview = {
  id: 'preview-1',
  entityType: 'contact',
  state: 'DONE',
  done: 4,
  total: 4,
  startedAt: AT,
  result: {
    records: 4,
    goldensBefore: 3,
    goldensAfter: 3,
    vanishing: 1,
    appearing: 1,
    asked: 2,
    reported: 3,
    apart: [{ golden: 'g-01', label: 'Ada Lovelace', parts: [['crm:contact:1'], ['shop:contact:1']] }],
    together: [{ goldens: ['g-02', 'g-03'], labels: ['Rob', 'Robert'], records: ['crm:contact:2', 'shop:contact:2'] }],
  },
};
const lesson: RulesLesson = {
  id: 'preview-2',
  entityType: 'contact',
  state: 'DONE',
  done: 1204,
  total: 1204,
  startedAt: AT,
  result: {
    body: 'autoBits: 9\nrules: {prior: {duplicates: 0.4}}\n',
    records: 1204,
    verdicts: 12,
    same: 8,
    randomPairs: 200000,
    patterns: 48,
    rounds: 14,
    settled: true,
    duplicates: 0.4,
    moved: [{ comparison: 'phone', level: 'different', before: -1.3, after: -3.4 }],
  },
};
const answers = {
  'GET match-rules/contact': rules,
  'GET block-keys': { items: [{ value: 'contact:email:desk@acme.example', records: 240 }] },
  'GET block-keys/contact:email:desk@acme.example': {
    value: 'contact:email:desk@acme.example',
    records: 240,
    generic: true,
    apart: [{ record: 'shop:contact:1', from: 'g-01', golden: 'g-09', at: AT }],
    together: [],
  },
  'POST match-rules/contact/preview': done,
  'POST match-rules/contact/publish': { ...rules, version: 3 },
};

describe('Match rules', () => {
  it('MRG-9: a draft is tried before it can be published, and what it would change is listed', async () => {
    const page = show('/rules', answers);
    const draft = await screen.findByLabelText('Draft');
    const publish = screen.getByRole('button', { name: 'Publish…' });
    await page.user.type(draft, 'reviewBits: -3');
    expect(publish).toBeDisabled();
    await page.user.click(screen.getByRole('button', { name: 'Preview' }));
    expect(await screen.findByText('1 golden record would come apart')).toBeInTheDocument();
    expect(screen.getByText('1 merge would be made')).toBeInTheDocument();
    expect(screen.getByRole('link', { name: 'Ada Lovelace' })).toHaveAttribute('href', '/goldens/g-01');
    expect(await violations(page.container)).toEqual([]);
    await page.user.click(publish);
    await page.user.click(await screen.findByRole('button', { name: 'Publish' }));
    await waitFor(() => {
      const sent = page.asked.find((asked) => asked.path === 'match-rules/contact/publish');
      expect(sent?.body).toEqual({ body: 'autoBits: 9\nreviewBits: -3' });
      expect(sent?.headers.get('If-Match')).toBe('"2"');
    });
  });

  it('MRG-9: a changed draft must be tried again', async () => {
    const page = show('/rules', answers);
    await page.user.type(await screen.findByLabelText('Draft'), '#');
    await page.user.click(screen.getByRole('button', { name: 'Preview' }));
    await screen.findByText('1 merge would be made');
    await page.user.type(screen.getByLabelText('Draft'), '#');
    expect(screen.getByRole('button', { name: 'Publish…' })).toBeDisabled();
    expect(screen.queryByText('1 merge would be made')).not.toBeInTheDocument();
  });

  it('ID-11: weights are learned from records and verdicts into the draft, and published only after a preview', async () => {
    const page = show('/rules', { ...answers, 'POST match-rules/contact/learn': lesson });
    const draft = await screen.findByLabelText('Draft');
    await page.user.click(screen.getByRole('button', { name: 'Learn weights' }));
    expect(await screen.findByText(/1,204 records taught/)).toBeInTheDocument();
    expect(page.asked.find((asked) => asked.path === 'match-rules/contact/learn')?.body).toEqual({ body: 'autoBits: 9\n' });
    expect(draft).toHaveValue(lesson.result!.body);
    expect(screen.getByText(/came to rest after 14 rounds/)).toBeInTheDocument();
    expect(screen.getByRole('table', { name: 'Weights that moved most' })).toHaveTextContent('different');
    expect(screen.getByRole('button', { name: 'Publish…' })).toBeDisabled();
    expect(await violations(page.container)).toEqual([]);
    await page.user.click(screen.getByRole('button', { name: 'Preview' }));
    expect(await screen.findByText('1 merge would be made')).toBeInTheDocument();
    expect(screen.getByRole('button', { name: 'Publish…' })).toBeEnabled();
  });

  it('ID-11: why nothing was learned is said, and the draft stays', async () => {
    const page = show('/rules', {
      ...answers,
      'POST match-rules/contact/learn': { ...lesson, state: 'FAILED', problem: 'there are no two records of contact to learn from', result: undefined },
    });
    await page.user.click(await screen.findByRole('button', { name: 'Learn weights' }));
    expect(await screen.findByText(/no two records/)).toBeInTheDocument();
    expect(screen.getByLabelText('Draft')).toHaveValue('autoBits: 9\n');
  });

  it('MRG-9: what is wrong with a draft is said', async () => {
    const page = show('/rules', {
      ...answers,
      'POST match-rules/contact/preview': new Refusal(422, { title: 'Cannot be processed', detail: 'matching.contact: there is no key "autoBitz"' }),
    });
    await page.user.click(await screen.findByRole('button', { name: 'Preview' }));
    expect(await screen.findByText(/there is no key "autoBitz"/)).toBeInTheDocument();
  });

  it('ID-11: shows precision and recall of each version', async () => {
    show('/rules', answers);
    const table = await screen.findByRole('table', { name: 'Versions of the rules' });
    expect(table).toHaveTextContent('1.000');
    expect(table).toHaveTextContent('0.750');
    expect(table).toHaveTextContent('not known');
  });

  it('GOV-1: rolls back to an earlier version, after it was asked', async () => {
    const page = show('/rules', { ...answers, 'POST match-rules/contact/rollback': { ...rules, version: 3 } });
    await page.user.click(await screen.findByRole('button', { name: 'Roll back to version 1' }));
    expect(screen.queryByRole('button', { name: 'Roll back to version 2' })).not.toBeInTheDocument();
    const dialog = await screen.findByRole('dialog');
    expect(await violations(dialog)).toEqual([]);
    await page.user.click(within(dialog).getByRole('button', { name: 'Roll back' }));
    await waitFor(() => {
      const sent = page.asked.find((asked) => asked.path === 'match-rules/contact/rollback');
      expect(sent?.body).toEqual({ version: 1 });
      expect(sent?.headers.get('If-Match')).toBe('"2"');
    });
    expect(await screen.findByText('Version 3 says what version 1 said')).toBeInTheDocument();
  });

  it('ID-10: lists the values that count no more and the merges they made', async () => {
    const page = show('/rules', answers);
    await page.user.click(await screen.findByRole('button', { name: 'Merges of contact:email:desk@acme.example' }));
    expect(await screen.findByText(/Web shop 1 left/)).toBeInTheDocument();
  });
});

import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import type { Audit, Finding, Run } from '../../api/queries';
import { shop, shopDetail } from '../../test/fixtures';
import { Refusal, show, violations } from '../../test/page';

const run: Run = {
  id: 'run-a',
  kind: 'audit',
  system: 'shop',
  state: 'DONE',
  counts: { rows: 1200, agrees: 1198, missed: 1, waiting: 1 },
  total: 1200,
  startedAt: '2026-11-20T09:14:00Z',
  endedAt: '2026-11-20T09:15:00Z',
};
const audit: Audit = {
  run,
  heal: false,
  inStep: 0.9995,
  rows: { AGREES: 1198, MISSED: 1, WAITING: 1 },
  streams: [
    {
      stream: 'customers',
      type: 'contact',
      rows: { AGREES: 1198, MISSED: 1, WAITING: 1 },
      attributes: [
        { attribute: 'fullName', inStep: 1, counts: { AGREES: 1200 } },
        { attribute: 'email', inStep: 0.9991, counts: { AGREES: 1190, LEFT: 9, MISSED: 1 } },
      ],
    },
  ],
  findings: 1,
  unlisted: 3,
};
const finding: Finding = {
  record: 'shop:contact:77',
  goldenId: 'g-01',
  attribute: 'email',
  disposition: 'MISSED',
  there: 'ada@new.example',
  believed: 'ada@example.org',
  should: 'ada@example.org',
  reason: 'it was changed there, and the hub was not told',
  healed: false,
};
const detail = { ...shopDetail, system: { ...shop, state: 'RUNNING' } };
const answers = {
  'GET systems/shop': detail,
  'GET runs': { items: [run] },
  'GET runs/run-a/audit': audit,
  'GET runs/run-a/findings': { items: [finding] },
};

describe('In step', () => {
  it('shows the share in step by attribute, and what is not, with both values and the reason', async () => {
    const { container, user, asked } = show('/systems/shop', answers);
    const attributes = await screen.findByRole('table', { name: 'In step by attribute, customers' });
    expect(within(attributes).getByRole('row', { name: /99.9\s%/ })).toHaveTextContent('1,190 in step · 9 left so by policy · 1 changed there untold');
    expect(screen.getByText(/Every value in step: /)).toBeInTheDocument();
    const findings = await screen.findByRole('table', { name: 'Out of step' });
    const row = within(findings).getByRole('row', { name: /shop:contact:77/ });
    expect(row).toHaveTextContent('ada@new.example');
    expect(row).toHaveTextContent('the hub was not told');
    expect(screen.getByText('3 more are counted and not listed.')).toBeInTheDocument();
    expect(await violations(container)).toEqual([]);
    await user.selectOptions(screen.getByRole('combobox', { name: 'Show' }), 'MISSED');
    await waitFor(() => expect(asked.some((q) => q.path === 'runs/run-a/findings' && q.query.get('disposition') === 'MISSED')).toBe(true));
  });

  it('says what an audit is where there was none, and begins one that heals', async () => {
    const { user, asked, container } = show('/systems/shop', { 'GET systems/shop': detail, 'POST systems/shop/audits': { ...run, state: 'RUNNING' } });
    expect(await screen.findByText(/Not audited yet/)).toBeInTheDocument();
    expect(await violations(container)).toEqual([]);
    await user.click(screen.getByRole('checkbox', { name: 'set right what the hub can' }));
    await user.click(screen.getByRole('button', { name: 'Audit now' }));
    await waitFor(() => expect(asked.find((q) => q.path === 'systems/shop/audits')?.body).toEqual({ heal: true }));
  });

  it('shows how far it is and can be cancelled', async () => {
    const going: Run = { ...run, state: 'RUNNING', counts: { rows: 300 }, endedAt: undefined } as Run;
    const { user, asked } = show('/systems/shop', {
      ...answers,
      'GET runs': { items: [going] },
      'GET runs/run-a/audit': { ...audit, run: going },
      'POST runs/run-a/cancel': going,
    });
    expect(await screen.findByRole('progressbar', { name: '300 of 1,200 rows compared' })).toBeInTheDocument();
    expect(screen.queryByRole('button', { name: 'Audit now' })).not.toBeInTheDocument();
    await user.click(screen.getByRole('button', { name: 'Cancel' }));
    await waitFor(() => expect(asked.some((q) => q.path === 'runs/run-a/cancel')).toBe(true));
  });

  it('says why an audit cannot be begun', async () => {
    const refusal = new Refusal(409, { title: 'Not possible now', detail: 'an audit of shop is under way' });
    const { user } = show('/systems/shop', { 'GET systems/shop': detail, 'POST systems/shop/audits': refusal });
    await user.click(await screen.findByRole('button', { name: 'Audit now' }));
    expect(await screen.findByText('an audit of shop is under way')).toBeInTheDocument();
  });
});

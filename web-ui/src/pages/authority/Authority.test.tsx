import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import type { Authority, AuthorityPreview, Review } from '../../api/queries';
import { Refusal, show, violations } from '../../test/page';
import { rank, row, unrank } from './document';

const AT = '2026-11-20T09:14:00Z';
const rule = {
  when: [],
  strategies: ['LATEST' as const],
  ranking: [],
  only: [],
  trust: {},
  nulls: 'IGNORE_NULL' as const,
  tieBreak: [],
  onForeignWrite: 'REVERT' as const,
  override: 'FOREVER' as const,
  writeTo: {},
  onDisconnect: 'KEEP_LAST_VALUE' as const,
};
const authority: Authority = {
  type: 'contact',
  version: 2,
  body: 'phone: {strategy: system_rank, ranking: [crm, shop]}\n',
  document: { phone: { strategy: 'system_rank', ranking: ['crm', 'shop'] } },
  defaultRule: rule,
  rules: {},
  groups: {},
  systems: ['crm', 'shop'],
  warnings: ['phone.writeTo: the hub has no system "shopp"; did you mean "shop"?'],
  versions: [
    { version: 2, at: AT, by: 'local' },
    { version: 1, at: AT, by: 'file' },
  ],
};
const done: AuthorityPreview = {
  id: 'preview-1',
  entityType: 'contact',
  state: 'DONE',
  done: 4,
  total: 4,
  startedAt: AT,
  result: {
    goldens: 4,
    changedGoldens: 1,
    values: 1,
    sources: 2,
    writes: 1,
    writesBySystem: { crm: 1 },
    dropped: 0,
    changes: [{ golden: 'g-01', label: 'Ada Lovelace', attribute: 'phone', before: '1', beforeFrom: 'crm:contact:1', after: '2', afterFrom: 'shop:contact:7', decidedBy: 'SYSTEM_RANK' }],
    writeSample: [{ golden: 'g-01', label: 'Ada Lovelace', write: { system: 'crm', target: 'crm:contact:1', kind: 'UPDATE', values: { phone: '2' }, waits: false } }],
    warnings: ['phone.ranking: the hub has no system "crn"; did you mean "crm"?'],
  },
};
const answers = {
  'GET authority/contact': authority,
  'GET reviews': { items: [] },
  'POST authority/contact/preview': done,
  'POST authority/contact/publish': { ...authority, version: 3 },
  'POST authority/contact/rollback': { ...authority, version: 3 },
};
const cell = (name: string) => screen.findByRole('button', { name });

describe('Authority', () => {
  it('GOV-1, DA-7: a system is ranked by keyboard, the draft is tried, and only then published', async () => {
    const page = show('/authority', answers);
    fireEvent.keyDown(await cell('Web shop for Phone: rank 2 of 2'), { key: 'ArrowUp' });
    expect(await cell('Web shop for Phone: rank 1 of 2')).toBeInTheDocument();
    expect(await cell('CRM for Phone: rank 2 of 2')).toBeInTheDocument();
    expect(screen.getByText(/no system "shopp"/)).toBeInTheDocument();
    const publish = screen.getByRole('button', { name: 'Publish…' });
    expect(publish).toBeDisabled();
    await page.user.click(screen.getByRole('button', { name: 'Preview' }));
    expect(await screen.findByText('1 value would change')).toBeInTheDocument();
    expect(screen.getByText(/no system "crn"/)).toBeInTheDocument();
    expect(screen.queryByText(/no system "shopp"/)).not.toBeInTheDocument();
    expect(screen.getByText('1 record would be written')).toBeInTheDocument();
    expect(screen.getByRole('table', { name: 'Values that would change' })).toHaveTextContent('2 (Web shop 7, most trusted system)');
    expect(await violations(page.container)).toEqual([]);
    await page.user.click(publish);
    await page.user.click(await screen.findByRole('button', { name: 'Publish' }));
    await waitFor(() => {
      const sent = page.asked.find((asked) => asked.path === 'authority/contact/publish');
      expect(sent?.body).toEqual({ document: { phone: { strategy: 'system_rank', ranking: ['shop', 'crm'] } } });
      expect(sent?.headers.get('If-Match')).toBe('"2"');
    });
  });

  it('a rank is dragged onto another and takes its place', async () => {
    show('/authority', answers);
    const shop = await cell('Web shop for Phone: rank 2 of 2');
    const crm = await cell('CRM for Phone: rank 1 of 2');
    fireEvent.dragStart(shop);
    fireEvent.dragOver(crm);
    fireEvent.drop(crm);
    expect(await cell('Web shop for Phone: rank 1 of 2')).toBeInTheDocument();
  });

  it('GOV-1: an earlier version is published again', async () => {
    const page = show('/authority', answers);
    await page.user.click(await screen.findByRole('button', { name: 'Roll back to version 1' }));
    await waitFor(() => expect(page.asked.find((asked) => asked.path === 'authority/contact/rollback')?.body).toEqual({ version: 1 }));
  });

  it('what is wrong with a draft is said, and a text is a draft too', async () => {
    const page = show('/authority', {
      ...answers,
      'POST authority/contact/preview': new Refusal(422, { title: 'Cannot be processed', detail: 'authority.contact.phone does not know the key "stratgy"' }),
    });
    await page.user.click(await screen.findByText('Text'));
    const text = screen.getByLabelText('Policy');
    expect(text).toHaveValue(authority.body);
    await page.user.type(text, '#');
    await page.user.click(screen.getByRole('button', { name: 'Preview' }));
    expect(await screen.findByText(/does not know the key "stratgy"/)).toBeInTheDocument();
    expect(page.asked.find((asked) => asked.path === 'authority/contact/preview')?.body).toMatchObject({ body: `${authority.body}#` });
  });

  it('DA-3: a proposal is accepted or rejected', async () => {
    const review = {
      id: 'rv-1',
      kind: 'PROPOSED',
      state: 'OPEN',
      type: 'contact',
      label: 'Ada Lovelace',
      goldens: ['g-01'],
      records: ['shop:contact:7'],
      systems: ['shop'],
      score: 0,
      probability: 0.5,
      reason: 'shop changed phone of shop:contact:7 and is not the system that is trusted for it',
      revision: 4,
      openedAt: AT,
    } satisfies Review;
    const page = show('/authority', { ...answers, 'GET reviews': { items: [review] }, 'POST reviews/rv-1/accept': review });
    await page.user.click(await screen.findByRole('button', { name: 'Accept: Ada Lovelace' }));
    await waitFor(() => expect(page.asked.find((asked) => asked.path === 'reviews/rv-1/accept')?.headers.get('If-Match')).toBe('"4"'));
  });

  it('rows with conditions are shown and not edited', async () => {
    show('/authority', { ...answers, 'GET authority/contact': { ...authority, document: { phone: [{ when: { city: 'Oslo' }, strategy: 'oldest' }, { strategy: 'latest' }] } } });
    const table = await screen.findByRole('region', { name: 'Authority matrix' });
    expect(within(table).getByText('several rules: see the text')).toBeInTheDocument();
    expect(screen.getByLabelText('What decides about Phone')).toBeDisabled();
  });

  it('a rank makes the rank decide, and the last one taken away leaves an empty ranking', () => {
    const ranked = rank({ default: { strategy: 'oldest' } }, 'phone', 'crm', 0);
    expect(ranked).toEqual({ default: { strategy: 'oldest' }, phone: { strategy: 'system_rank', ranking: ['crm'] } });
    expect(row(ranked, 'email')).toMatchObject({ own: false, strategies: ['OLDEST'] });
    expect(unrank(ranked, 'phone', 'crm').phone).toEqual({ strategy: 'system_rank', ranking: [] });
  });
});

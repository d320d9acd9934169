import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import type { LinkExplanation } from '../../api/queries';
import { ada, adaInShop } from '../../test/fixtures';
import { show, violations } from '../../test/page';

const pair: LinkExplanation = {
  a: ada,
  b: adaInShop,
  sameGolden: false,
  links: [],
  computed: { decision: 'MATCH', score: 9.5, probability: 0.99, ruleSet: 'contact rules 3, policy 2', evidence: [] },
  comparisons: [
    { name: 'prior', level: 'before comparing', bits: -6, attributes: [] },
    { name: 'email', left: 'ada@example.org', right: 'ada@example.org', level: 'same', bits: 15.5, attributes: ['email', 'fullName'] },
  ],
  keys: [{ value: 'contact:email:ada@example.org', records: 2, generic: false }],
  blockKey: 'contact:email:ada@example.org',
  assertions: [{ ground: 'VERDICT', says: 'NO_MATCH', text: 'sam said that they are not the same.', by: 'sam', at: '2026-11-20T09:14:00Z' }],
  conclusion: { decision: 'NO_MATCH', ground: 'VERDICT', text: 'sam said that they are not the same.' },
  thresholds: { reviewBits: 0, autoBits: 9 },
  policyVersion: 2,
};
const ADDRESS = `/explain?a=${encodeURIComponent(ada.key)}&b=${encodeURIComponent(adaInShop.key)}`;

describe('Why, or why not', () => {
  it('ID-9: shows what decided, the steps, the key and the verdict', async () => {
    const page = show(ADDRESS, { 'GET explain/link': pair });
    expect(await screen.findByText('CRM 0031 and Web shop 77: not the same')).toBeInTheDocument();
    expect(within(screen.getByRole('table', { name: /Evidence/ })).getByRole('row', { name: /E-mail/ })).toHaveTextContent('+15.5');
    expect(screen.getByText('contact:email:ada@example.org')).toBeInTheDocument();
    expect(screen.getByText(/brought them together/)).toBeInTheDocument();
    expect(screen.getAllByText(/sam said that they are not the same/)).toHaveLength(2);
    expect(await violations(page.container)).toEqual([]);
  });

  it('ID-9: asks as of an instant and says who was not known then', async () => {
    const then: LinkExplanation = {
      ...pair,
      asOf: '2026-01-01T00:00:00Z',
      then: { a: { known: true, attributes: { email: 'old@example.org' } }, b: { known: false, since: '2026-11-20T09:14:00Z', attributes: {} } },
      comparisons: [],
      keys: [],
      assertions: [],
      conclusion: { decision: 'NO_MATCH', ground: 'NOT_KNOWN', text: 'The hub did not know shop:contact:77 then.' },
    };
    delete then.computed;
    const page = show(`${ADDRESS}&asOf=2026-01-01T00:00:00Z`, { 'GET explain/link': then });
    expect(await screen.findByText('The hub did not know Web shop 77 then.')).toBeInTheDocument();
    expect(screen.getByText('old@example.org')).toBeInTheDocument();
    expect(page.asked.find((asked) => asked.path === 'explain/link')!.query.get('asOf')).toBe('2026-01-01T00:00:00Z');
  });

  it('asks for two records when the address names none', async () => {
    const page = show('/explain', { 'GET explain/link': pair });
    await page.user.type(await screen.findByLabelText('Record'), ada.key);
    await page.user.type(screen.getByLabelText('Other record'), adaInShop.key);
    await page.user.click(screen.getByRole('button', { name: 'Explain' }));
    await waitFor(() => expect(page.asked.some((asked) => asked.path === 'explain/link' && asked.query.get('b') === adaInShop.key)).toBe(true));
  });
});

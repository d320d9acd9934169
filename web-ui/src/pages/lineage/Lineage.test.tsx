import { screen, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { lineage } from '../../test/fixtures';
import { Refusal, show, violations } from '../../test/page';

const answers = { 'GET goldens/g-01/lineage': lineage };

describe('Lineage', () => {
  it('draws one node for each step, and t shows the same as a table', async () => {
    const { user, router, container } = show('/goldens/g-01/lineage', answers);
    const graph = await screen.findByRole('region', { name: 'Lineage graph' });
    expect(within(graph).getByText('0031')).toBeInTheDocument();
    expect(within(graph).getByText('Web shop')).toBeInTheDocument();
    await user.keyboard('t');
    const table = await screen.findByRole('table', { name: 'Lineage' });
    const rows = within(table).getAllByRole('row').map((row) => row.textContent);
    expect(rows).toHaveLength(5);
    expect(rows[2]).toContain('ResolvedCRM 0031Ada LovelaceE-mailada@example.orgSurvives: newest value');
    expect(rows[3]).toContain('CityLondonLost');
    expect(rows[4]).toContain('Parked');
    expect(rows[4]).toContain('too long');
    expect(router.state.location.search).toEqual({ view: 'table' });
    expect(await violations(container)).toEqual([]);
  });

  it('follows one attribute, named in the address', async () => {
    show('/goldens/g-01/lineage?attribute=city&view=table', answers);
    const table = await screen.findByRole('table', { name: 'Lineage' });
    expect(within(table).getAllByRole('row')).toHaveLength(2);
    expect(screen.getByRole('combobox', { name: 'Attribute' })).toHaveValue('city');
  });

  it('says so when nothing was read yet', async () => {
    show('/goldens/g-01/lineage', { 'GET goldens/g-01/lineage': { ...lineage, nodes: lineage.nodes.slice(2, 3), edges: [] } });
    expect(await screen.findByText('No lineage yet')).toBeInTheDocument();
  });

  it('says why it cannot be loaded', async () => {
    show('/goldens/g-01/lineage', { 'GET goldens/g-01/lineage': new Refusal(503) });
    expect(await screen.findByText('The graph does not answer')).toBeInTheDocument();
  });
});

import { MantineProvider } from '@mantine/core';
import { render, screen, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { Waterfall } from './Waterfall';

const STEPS = [
  { name: 'prior', level: 'before comparing', bits: -6 },
  { name: 'email', left: 'ada@example.org', right: 'ada@example.org', level: 'same', bits: 11.5 },
  { name: 'givenName', left: 'ada', right: 'augusta', level: 'different', bits: -1.5 },
];

const draw = () =>
  render(
    <MantineProvider>
      <Waterfall label="Evidence" steps={STEPS} score={4} thresholds={{ review: 0, match: 9 }} raw={() => ({ left: 'Ada', right: 'Augusta' })} />
    </MantineProvider>,
  );

describe('Waterfall', () => {
  it('ID-9: reads aloud as a table whose last running sum is the score', () => {
    draw();
    const rows = within(screen.getByRole('table', { name: 'Evidence' })).getAllByRole('row');
    const cells = rows.map((row) => within(row).queryAllByRole('cell').map((cell) => cell.textContent));
    expect(cells[3]!.slice(-2)).toEqual(['−1.5', '+4.0']);
    expect(cells[4]!).toContain('+4.0');
    expect(screen.getByRole('row', { name: /Before comparing/ })).toBeInTheDocument();
  });

  it('ID-9: says what was written beside what was compared, and marks the thresholds', () => {
    draw();
    expect(screen.getAllByText('written “Ada” · “Augusta”')).toHaveLength(3);
    expect(screen.getByText(/From 0 on a person is asked, from \+9.0 on they are the same/)).toBeInTheDocument();
  });
});

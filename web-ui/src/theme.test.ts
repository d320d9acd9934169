import { describe, expect, it } from 'vitest';
import { colours } from './theme';

type Name = keyof typeof colours;

const TEXTS: [text: Name, on: Name[]][] = [
  ['text', ['page', 'surface', 'sunken', 'hover', 'gold', 'picked', 'warn-soft', 'bad-soft', 'info-soft', 'mark']],
  ['dim', ['page', 'surface', 'sunken', 'hover', 'gold', 'picked', 'warn-soft', 'bad-soft', 'info-soft']],
  ['gold-text', ['gold', 'surface', 'page']],
  ['good', ['page', 'surface', 'picked', 'hover', 'gold']],
  ['warn', ['page', 'surface', 'warn-soft', 'hover', 'sunken', 'gold']],
  ['bad', ['page', 'surface', 'bad-soft', 'hover']],
  ['info', ['page', 'surface', 'info-soft', 'hover', 'gold', 'sunken']],
];
const LINES: [line: Name, on: Name[]][] = [
  ['line-strong', ['page', 'surface']],
  ['focus', ['page', 'surface', 'gold', 'picked', 'info-soft', 'hover']],
  ['gold-line', ['surface', 'gold']],
  ['picked-line', ['picked', 'surface']],
  ['for', ['surface']],
  ['against', ['surface']],
  ['kind-system', ['surface']],
  ['kind-record', ['surface']],
  ['kind-rule', ['surface']],
  ['kind-golden', ['surface', 'gold']],
  ['kind-target', ['surface']],
];

function luminance(hex: string) {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const part = parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
}

function contrast(a: string, b: string) {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high! + 0.05) / (low! + 0.05);
}

describe.each([
  ['light', 0],
  ['dark', 1],
] as const)('%s colours', (_name, index) => {
  const tooLow = (pairs: [Name, Name[]][], least: number) =>
    pairs.flatMap(([front, backs]) =>
      backs
        .map((back) => ({ pair: `${front} on ${back}`, ratio: contrast(colours[front][index], colours[back][index]) }))
        .filter(({ ratio }) => ratio < least),
    );

  it('gives every text 4.5:1 on all it is written on', () => expect(tooLow(TEXTS, 4.5)).toEqual([]));
  it('gives every line that carries meaning 3:1', () => expect(tooLow(LINES, 3)).toEqual([]));
});

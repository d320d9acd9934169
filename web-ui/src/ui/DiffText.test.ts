import { expect, it } from 'vitest';
import { difference } from './DiffText';

it.each([
  ['katrin.nowak.1@example.org', 'katrin.nowak@example.org', [12, 14]],
  ['+49 40 556 100', '+49 40 555 300', [9, 12]],
  ['Ada', 'Ada', null],
  ['Ada', 'Grace', null],
  ['Ada Love', 'Ada Lovelace', null],
])('marks in %s what %s has not', (value, against, expected) => {
  expect(difference(value, against)).toEqual(expected);
});

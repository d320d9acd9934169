import { afterEach, describe, expect, it } from 'vitest';
import { ago } from '../ui/format';
import { follow, hubNow } from './clock';

const HERE = Date.parse('2026-11-20T09:14:00.700Z');

afterEach(() => follow(new Date().toUTCString()));

describe('Clock of the hub', () => {
  it('is what times are told by, wherever the clock of this machine stands', () => {
    const now = Date.now();
    follow(new Date(now + 36 * 3_600_000).toUTCString(), now);
    expect(ago(new Date(now + 36 * 3_600_000 - 125_000).toISOString())).toBe('2\u00a0min ago');
    follow(new Date(now - 3_600_000).toUTCString(), now);
    expect(ago(new Date(now - 2 * 3_600_000 - 5000).toISOString())).toBe('1\u00a0h ago');
  });

  it('takes no notice of the second that an answer is dated by, nor of an answer without date', () => {
    follow('Fri, 20 Nov 2026 09:14:00 GMT', HERE);
    follow(null);
    follow('yesterday');
    expect(Math.abs(hubNow() - Date.now())).toBeLessThan(200);
  });
});

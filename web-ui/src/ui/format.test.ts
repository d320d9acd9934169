import { describe, expect, it } from 'vitest';
import { problemWords, ruleWords, span } from './format';

describe('Words for people', () => {
  it('names rules, not their codes', () => {
    expect(ruleWords('SYSTEM_RANK')).toBe('most trusted system');
    expect(ruleWords('LATEST')).toBe('newest value');
    expect(ruleWords('SOME_OTHER')).toBe('some other');
  });

  it('leaves out the code before what a system said', () => {
    expect(problemWords('VALIDATION: customer is locked')).toBe('customer is locked');
    expect(problemWords('VALIDATION email: too long')).toBe('email: too long');
    expect(problemWords('SQL: it says so')).toBe('it says so');
    expect(problemWords('The system said no: later')).toBe('The system said no: later');
  });

  it('does not call a moment nothing, and keeps a number beside its unit', () => {
    expect(span(0.2)).toBe('<\u00a01\u00a0s');
    expect(span(0)).toBe('0\u00a0s');
    expect(span(61)).toBe('1\u00a0min');
  });
});

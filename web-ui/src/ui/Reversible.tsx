import { Text } from '@mantine/core';
import type { Model } from '../api/model';
import type { components } from '../api/schema';

type Reversal = components['schemas']['MergeReversal'];

const WHOLE = {
  FULL: 'An unmerge gives all of it back.',
  PARTIAL: 'An unmerge gives most of it back, not all:',
  NONE: 'An unmerge does not take back everything:',
};

/** How far a merge can be taken back, before it is made and while it stands. */
export function Reversible({ of, model }: { of: Reversal; model: Model }) {
  const limited = of.systems.filter((step) => step.limits.length);
  return (
    <div>
      <Text size="sm" mt="sm">
        {of.reversibility === 'NONE' && !limited.length ? 'It cannot be taken back: nothing of one side is there any more.' : WHOLE[of.reversibility]}
      </Text>
      {limited.map((step) => (
        <Text key={step.system} size="xs" c="dimmed">
          {model.system(step.system)}: {model.spoken(step.limits.join('; '))}
        </Text>
      ))}
    </div>
  );
}

import { Text } from '@mantine/core';
import type { Model } from '../api/model';
import type { components } from '../api/schema';

type Preview = components['schemas']['MergePreview'];

const WHOLE = {
  FULL: 'An unmerge gives all of it back.',
  PARTIAL: 'An unmerge gives most of it back, not all:',
  NONE: 'An unmerge does not take back everything:',
};

/** How far a merge can be taken back, before it is made. */
export function Reversible({ preview, model }: { preview: Preview; model: Model }) {
  const limited = preview.systems.filter((step) => step.limits.length);
  return (
    <div>
      <Text size="sm" mt="sm">
        {WHOLE[preview.reversibility]}
      </Text>
      {limited.map((step) => (
        <Text key={step.system} size="xs" c="dimmed">
          {model.system(step.system)}: {step.limits.join('; ')}
        </Text>
      ))}
    </div>
  );
}

import { Alert, Group } from '@mantine/core';
import { useGoldenDeletions } from '../../api/deletes';
import type { Model } from '../../api/model';
import type { Golden } from '../../api/queries';
import { Link } from '../../ui/Link';
import { When } from '../../ui/When';
import { Trash2Icon } from '../../ui/icons';
import { Restore } from '../deletes/Restore';
import { Steps } from '../deletes/Steps';
import { STATES, where } from '../deletes/words';

/** Deletions that are under way, and the last one of a golden record that is deleted or was. */
export function Deletions({ golden, model }: { golden: Golden; model: Model }) {
  const all = useGoldenDeletions(golden.id).data ?? [];
  const shown = all.filter((deletion, i) => deletion.state === 'OPEN' || deletion.state === 'SEEN' || (i === 0 && deletion.state === 'SETTLED'));
  return shown.map((deletion) => (
    <Alert
      key={deletion.id}
      variant="default"
      mb="md"
      icon={<Trash2Icon />}
      title={
        <>
          Deleted {where(deletion, model)} <When at={deletion.seenAt} /> · {STATES[deletion.state].toLowerCase()}
        </>
      }
      styles={{ title: { color: 'var(--k-text)' } }}
    >
      <Steps steps={deletion.steps} model={model} />
      <Group gap="sm" mt="xs">
        <Restore deletion={deletion} model={model} />
        <Link to="/deletes/$id" params={{ id: deletion.id }} fz="sm">
          What was deleted
        </Link>
      </Group>
    </Alert>
  ));
}

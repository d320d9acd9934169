import { Stack, Text } from '@mantine/core';
import { useModel } from '../../api/model';
import { type Audit, type System, useAudit, useLastDoneAudit } from '../../api/queries';
import type { Column } from '../../ui/DataTable';
import { State } from '../../ui/State';
import { When } from '../../ui/When';
import { wholePercent } from '../../ui/format';
import { onlyLoaded } from '../systems/columns';

/** Share of the values of one kind of record that are as they should be. */
function share(audit: Audit, type: string) {
  const counts = audit.streams.filter((s) => s.type === type).flatMap((s) => s.attributes.map((a) => a.counts));
  const sum = (what: (count: Audit['streams'][number]['attributes'][number]['counts']) => number) => counts.reduce((all, one) => all + what(one), 0);
  const all = sum((c) => Object.values(c).reduce((a, b) => a + b, 0));
  return all === 0 ? null : sum((c) => (c.AGREES ?? 0) + (c.LEFT ?? 0)) / all;
}

/** What the last audit said of each kind of record of a system. Only what was looked at is called in step. */
export const IN_STEP: Column<System> = { header: 'In step', cell: (system) => <InStepCell system={system} /> };

function InStepCell({ system }: { system: System }) {
  const last = useLastDoneAudit(system.id, !onlyLoaded(system));
  if (onlyLoaded(system)) return <span className="dim">not kept in step</span>;
  if (last.data === undefined) return <span className="dim">…</span>;
  return last.data ? <Said runId={last.data.id} /> : <State state="NONE" label="never audited" />;
}

function Said({ runId }: { runId: string }) {
  const model = useModel();
  const { data: audit } = useAudit(runId);
  if (!audit) return <span className="dim">…</span>;
  return (
    <Stack gap={2}>
      {audit.streams.map(({ stream, type, problem }) => {
        const said = problem ? null : share(audit, type);
        return said === null ? (
          <State key={stream} state="NONE" label={`${model.type(type)} ${problem ? 'not compared' : 'nothing to compare'}`} />
        ) : (
          <State key={stream} state={said === 1 ? 'OK' : 'OPEN'} label={`${model.type(type)} ${wholePercent(said)}`} />
        );
      })}
      <Text size="xs" c="dimmed" className="nowrap">
        audited <When at={audit.run.endedAt ?? audit.run.startedAt} />
      </Text>
    </Stack>
  );
}

import { Progress, Text } from '@mantine/core';
import { useModel } from '../../api/model';
import { type Run, type RunFilter, useRuns } from '../../api/queries';
import { type Column, DataTable } from '../../ui/DataTable';
import { Link } from '../../ui/Link';
import { State } from '../../ui/State';
import { Empty, Loaded } from '../../ui/States';
import { When } from '../../ui/When';
import { attributeWords, count, span, words } from '../../ui/format';

/** In the order a record goes through them; others follow. */
const ORDER = ['read', 'stored', 'unchanged', 'echo', 'unmappable'];
const COUNTS: Record<string, string> = { echo: 'written by the hub itself', unmappable: 'could not be read' };

/** Loads, polls and match runs, newest first. */
export function Runs({ filter }: { filter: RunFilter }) {
  const model = useModel();
  const runs = useRuns(filter);
  const columns: Column<Run>[] = [
    {
      header: 'Run',
      cell: (run) => (
        <>
          {run.kind === 'recovery' ? (
            <Link to="/activity/recoveries/$id" params={{ id: run.id }}>
              Recovery
            </Link>
          ) : run.kind === 'audit' && run.system ? (
            <Link to="/systems/$id" params={{ id: run.system }}>
              Audit · {model.system(run.system)}
            </Link>
          ) : (
            [words(run.kind), run.system && model.system(run.system)].filter(Boolean).join(' · ')
          )}
          {run.stream && <span className="mono dim"> {run.stream}</span>}
        </>
      ),
    },
    { header: 'State', cell: (run) => <State state={run.state} /> },
    { header: 'Started', cell: (run) => <When at={run.startedAt} /> },
    { header: 'Took', cell: (run) => (run.endedAt ? span(Math.max(1, Date.parse(run.endedAt) - Date.parse(run.startedAt)) / 1000) : <Going run={run} />) },
    {
      header: 'Counts',
      cell: (run) => (
        <>
          {Object.entries(run.counts)
            .filter(([name, n]) => n > 0 || name === 'read')
            .sort(([a], [b]) => (ORDER.indexOf(a) + 99) % 99 - ((ORDER.indexOf(b) + 99) % 99))
            .map(([name, n]) => `${count(n)} ${COUNTS[name] ?? attributeWords(name).toLowerCase()}`)
            .join(' · ')}
          {run.problem && (
            <Text size="xs" c="var(--k-bad)">
              {run.problem}
            </Text>
          )}
        </>
      ),
    },
  ];
  return (
    <Loaded query={runs} rows={8}>
      {(rows) =>
        rows.length ? (
          <DataTable
            label="Runs"
            columns={columns}
            rows={rows}
            id={(run) => run.id}
            more={runs.hasNextPage ? { onMore: () => void runs.fetchNextPage(), loading: runs.isFetchingNextPage } : undefined}
          />
        ) : (
          <Empty title={filter.system || filter.state ? 'No run matches the filter' : 'Nothing ran yet'}>
            {!filter.system && !filter.state && 'A run appears here for every reading of a system and every load of a file.'}
          </Empty>
        )
      }
    </Loaded>
  );
}

function Going({ run }: { run: Run }) {
  if (!run.total) return <>so far</>;
  const done = run.counts.read ?? run.counts.rows ?? 0;
  return <Progress value={(100 * done) / run.total} aria-label={`${count(done)} of ${count(run.total)}`} w={90} mt={6} />;
}

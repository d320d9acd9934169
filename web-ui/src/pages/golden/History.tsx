import { Button, Text } from '@mantine/core';
import { useModel } from '../../api/model';
import { type Revision, useHistory } from '../../api/queries';
import { Link } from '../../ui/Link';
import { Empty, Loaded } from '../../ui/States';
import { Under } from '../../ui/Under';
import { When } from '../../ui/When';
import { recordKey } from '../../ui/format';
import classes from './Golden.module.css';

const CAUSES: Record<Revision['cause'], string> = {
  CREATED: 'Created',
  UPDATED: 'Values changed',
  ABSORBED: 'Another golden record was merged into it',
  RETIRED: 'Merged into another golden record',
  REVIVED: 'Came back with its id',
  SPLIT: 'Records left to another golden record',
  DELETED: 'Deleted',
  ERASED: 'Erased',
};

/** Every change of one golden record, newest first. */
export function History({ id, type }: { id: string; type: string }) {
  const model = useModel();
  const history = useHistory(id);
  const records = (keys: string[]) =>
    keys.map((key, i) => (
      <span key={key}>
        {i > 0 && ', '}
        {model.system(recordKey(key).system)} <span className="mono">{recordKey(key).externalId}</span>
      </span>
    ));
  const inOrder = (changed: Revision['changed']) => {
    const names = model.inOrder(type, changed.map((change) => change.attribute));
    return [...changed].sort((a, b) => names.indexOf(a.attribute) - names.indexOf(b.attribute));
  };
  return (
    <Loaded query={history}>
      {(revisions) =>
        revisions.length ? (
          <>
            <ol className={classes.timeline} aria-label="History">
              {revisions.map((revision) => (
                <li key={revision.sequence}>
                  <Text size="sm" fw={650}>
                    {revision.cause === 'UPDATED' && !revision.changed.length ? 'Records changed' : CAUSES[revision.cause]}{' '}
                    {revision.counterpart && (
                      <Link to="/goldens/$id" params={{ id: revision.counterpart }} className="mono">
                        {revision.counterpart}
                      </Link>
                    )}
                  </Text>
                  <Text size="xs" c="dimmed" mb={4}>
                    <When at={revision.at} /> · revision {revision.revision} ·{' '}
                    <Link to="/goldens/$id" params={{ id }} search={{ asOf: revision.at }} aria-label={`As it was at revision ${revision.revision}`}>
                      as it was then
                    </Link>
                  </Text>
                  <Under policies={revision.policies} />
                  {revision.joined.length > 0 && <Text size="sm">Records that came: {records(revision.joined)}</Text>}
                  {revision.left.length > 0 && <Text size="sm">Records that went: {records(revision.left)}</Text>}
                  {inOrder(revision.changed).map((change) => (
                    <Text key={change.attribute} size="sm" style={{ overflowWrap: 'anywhere' }}>
                      <span className="dim">{model.attribute(type, change.attribute)}:</span>{' '}
                      {change.before && (
                        <>
                          <del className={classes.before}>{change.before}</del>{' '}
                        </>
                      )}
                      {change.after ? <ins style={{ textDecoration: 'none', fontWeight: 600 }}>{change.after}</ins> : <em>no value</em>}
                      {change.from && <span className="dim"> from {model.system(recordKey(change.from).system)}</span>}
                    </Text>
                  ))}
                </li>
              ))}
            </ol>
            {history.hasNextPage && (
              <Button size="xs" variant="default" onClick={() => void history.fetchNextPage()} loading={history.isFetchingNextPage}>
                Show older changes
              </Button>
            )}
          </>
        ) : (
          <Empty title="No changes recorded" />
        )
      }
    </Loaded>
  );
}

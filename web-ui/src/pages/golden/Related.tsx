import { Button, Text } from '@mantine/core';
import { Fragment } from 'react';
import type { Model } from '../../api/model';
import { type Golden, useReferrers } from '../../api/queries';
import { Link } from '../../ui/Link';

/** What a golden record refers to, and who refers to it. Nothing where nobody does. */
export function Related({ golden, model }: { golden: Golden; model: Model }) {
  const referrers = useReferrers(golden.id, model.referredTo(golden.type));
  const references = golden.references ?? {};
  const names = model.inOrder(golden.type, Object.keys(references));
  const from = referrers.data ?? [];
  if (!names.length && !from.length) return null;
  return (
    <div role="group" aria-label="Related golden records">
      {names.length > 0 && (
        <Text size="sm" mb={from.length ? 4 : 'md'}>
          {names.map((name, i) => (
            <Fragment key={name}>
              {i > 0 && ' · '}
              <span className="dim">{model.attribute(golden.type, name)}</span>{' '}
              <Link to="/goldens/$id" params={{ id: references[name]!.id }}>
                {references[name]!.label}
              </Link>
              {references[name]!.state === 'DELETED' && <span className="dim"> (deleted)</span>}
            </Fragment>
          ))}
        </Text>
      )}
      {from.length > 0 && (
        <Text size="sm" mb="md" component="div">
          <span className="dim">Referred to by</span>{' '}
          {from.map((each, i) => (
            <Fragment key={each.id}>
              {i > 0 && ', '}
              <Link to="/goldens/$id" params={{ id: each.id }}>
                {each.label}
              </Link>{' '}
              <span className="dim">({each.attributes.map((name) => model.attribute(each.type, name)).join(', ')})</span>
            </Fragment>
          ))}{' '}
          {referrers.hasNextPage && (
            <Button size="compact-xs" variant="default" onClick={() => void referrers.fetchNextPage()} loading={referrers.isFetchingNextPage}>
              Show more
            </Button>
          )}
        </Text>
      )}
    </div>
  );
}

import { Tooltip } from '@mantine/core';
import { useEffect, useState } from 'react';
import { ago, exact, minute } from './format';

/** A moment as people say it, with the exact time on hover. */
export function When({ at, as = 'ago' }: { at: string; as?: 'ago' | 'minute' }) {
  const [, tick] = useState(0);
  useEffect(() => {
    if (as !== 'ago') return;
    const timer = setInterval(() => tick((n) => n + 1), 30_000);
    return () => clearInterval(timer);
  }, [as]);
  return (
    <Tooltip label={exact(at)}>
      <time dateTime={at} className="nowrap">
        {as === 'ago' ? ago(at) : minute(at)}
      </time>
    </Tooltip>
  );
}

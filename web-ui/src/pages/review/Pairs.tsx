import { Alert, Card, Group, SegmentedControl, Stack, Text, Title } from '@mantine/core';
import { useState } from 'react';
import type { Model } from '../../api/model';
import type { ReviewDetail, ReviewPair, SourceRecord } from '../../api/queries';
import { Link } from '../../ui/Link';
import { When } from '../../ui/When';
import { Waterfall } from '../../ui/Waterfall';
import { bits, percent } from '../../ui/format';
import { InfoIcon } from '../../ui/icons';

/** Why the records may be the same: one waterfall per pair, the strongest first. */
export function Pairs({
  pairs,
  thresholds,
  columns,
  type,
  model,
}: {
  pairs: ReviewPair[];
  thresholds: ReviewDetail['thresholds'];
  columns: SourceRecord[];
  type: string;
  model: Model;
}) {
  const [chosen, setChosen] = useState(0);
  const pair = pairs[chosen] ?? pairs[0];
  const number = (key: string) => columns.findIndex((record) => record.key === key) + 1;
  const name = (key: string) => `${number(key) || ''} ${model.system(key.split(':')[0]!)}`.trim();
  const verdict = pair?.links.find((link) => link.origin === 'STEWARD' && link.state === 'ACTIVE');
  return (
    <Card padding="sm">
      <Group justify="space-between" mb="xs">
        <Title order={2} size="h5">
          Why they may be the same
        </Title>
        {pair && (
          <Text size="xs" c="dimmed">
            {pair.computed.ruleSet}
          </Text>
        )}
      </Group>
      {!pair && <Text size="sm">No pair of records from different golden records was compared.</Text>}
      {pair && (
        <Stack gap="sm">
          {pairs.length > 1 && (
            <div style={{ overflowX: 'auto' }} tabIndex={0} role="group" aria-label="Pairs">
              <SegmentedControl
                size="xs"
                value={String(pairs.indexOf(pair))}
                onChange={(value) => setChosen(Number(value))}
                data={pairs.slice(0, 12).map((p, i) => ({ value: String(i), label: `${number(p.a)}–${number(p.b)}  ${bits(p.computed.score)}` }))}
              />
            </div>
          )}
          <Text size="sm">
            <strong>{name(pair.a)}</strong> and <strong>{name(pair.b)}</strong>: {percent(pair.computed.probability)} likely the same
          </Text>
          {verdict && (
            <Alert variant="default" p="xs" icon={<InfoIcon />}>
              {verdict.by} said {verdict.decision === 'MATCH' ? 'these are the same' : 'these are not the same'} <When at={verdict.at} />.
            </Alert>
          )}
          <Waterfall
            label={`Evidence for ${name(pair.a)} and ${name(pair.b)}`}
            steps={pair.computed.evidence}
            score={pair.computed.score}
            thresholds={thresholds && { review: thresholds.reviewBits, match: thresholds.autoBits }}
            names={model.attributeNames(type)}
          />
          <Text size="sm">
            <Link to="/explain" search={{ a: pair.a, b: pair.b }}>
              Everything about this pair
            </Link>
          </Text>
        </Stack>
      )}
    </Card>
  );
}

import { Badge, Card, Group, Stack, Text } from '@mantine/core';
import { useModel } from '../../api/model';
import type { GoldenExplanation, Link } from '../../api/queries';
import { Link as LinkTo } from '../../ui/Link';
import { Empty } from '../../ui/States';
import { Waterfall } from '../../ui/Waterfall';
import { When } from '../../ui/When';
import { recordKey } from '../../ui/format';

const VERDICTS: Record<Link['decision'], string> = { MATCH: 'the same', REVIEW: 'may be the same', REPORT: 'the same; only reported', NO_MATCH: 'not the same' };

/** The links that hold the records together, each with its evidence. */
export function Why({ explanation: { golden, links, records } }: { explanation: GoldenExplanation }) {
  const model = useModel();
  const policy = model.matching(golden.type);
  const members = new Set(records.map((record) => record.key));
  const rank = (link: Link) => (link.state === 'ACTIVE' ? 0 : 2) + (members.has(link.a) && members.has(link.b) ? 0 : 1);
  if (!links.length)
    return <Empty title="Nothing to explain">{records.length === 1 ? 'It has one record, and none other came near it.' : 'Its records are not linked to one another.'}</Empty>;
  const name = (key: string) => `${model.system(recordKey(key).system)} ${recordKey(key).externalId}`;
  return (
    <Stack gap="sm">
      {[...links]
        .sort((a, b) => rank(a) - rank(b) || b.score - a.score)
        .map((link) => (
          <Card key={`${link.a} ${link.b} ${link.origin}`} padding="sm">
            <Group justify="space-between" gap="xs" mb={6}>
              <Text size="sm" fw={650}>
                {name(link.a)} and {name(link.b)}: {VERDICTS[link.decision]}
              </Text>
              <Group gap={6}>
                {!(members.has(link.a) && members.has(link.b)) && <Badge variant="default">other golden record</Badge>}
                {link.state === 'RETRACTED' && <Badge variant="default">taken back</Badge>}
              </Group>
            </Group>
            <Text size="xs" c="dimmed" mb={6}>
              {link.origin === 'STEWARD' ? 'A data steward' : link.origin === 'SOURCE' ? 'A system' : 'Rule'} · {link.by} · <When at={link.at} />
              {link.blockKey && (
                <>
                  {' '}
                  · found by <span className="mono">{link.blockKey}</span>
                </>
              )}
            </Text>
            <Text size="xs" mb={6}>
              <LinkTo to="/explain" search={{ a: link.a, b: link.b }}>
                Everything about this pair
              </LinkTo>
            </Text>
            {link.evidence.length > 0 && (
              <Waterfall
                label={`Evidence for ${name(link.a)} and ${name(link.b)}`}
                steps={link.evidence}
                score={link.score}
                thresholds={policy ? { review: policy.reviewBits, match: policy.autoBits } : undefined}
                names={model.attributeNames(golden.type)}
              />
            )}
          </Card>
        ))}
    </Stack>
  );
}

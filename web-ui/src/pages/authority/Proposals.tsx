import { Button, Card, Group, Text, Title } from '@mantine/core';
import type { Model } from '../../api/model';
import { useAnswerProposal, useProposals } from '../../api/queries';
import { Link } from '../../ui/Link';
import { Failed } from '../../ui/States';
import { When } from '../../ui/When';
import { counted } from '../../ui/format';

/** Changes in systems that are not trusted for them, where the policy asks. */
export function Proposals({ type, model }: { type: string; model: Model }) {
  const proposals = useProposals(type).data ?? [];
  const answer = useAnswerProposal();
  if (!proposals.length) return null;
  return (
    <Card padding="sm">
      <Title order={2} size="h5">
        {counted(proposals.length, 'proposal')}
      </Title>
      <Text size="sm" c="dimmed" mb="xs">
        A system changed what another one is trusted for. Accepted, its value survives until the trusted system changes its own; rejected, it is written over.
      </Text>
      {answer.isError && <Failed error={answer.error} />}
      {proposals.map((review) => (
        <Group key={review.id} justify="space-between" gap="xs" py={4}>
          <div style={{ minWidth: 0, flex: '1 1 240px' }}>
            <Text size="sm">
              <Link to="/goldens/$id" params={{ id: review.goldens[0]! }}>
                {review.label}
              </Link>
              : {model.spoken(review.reason)}
            </Text>
            <Text size="xs" c="dimmed">
              <When at={review.openedAt} />
            </Text>
          </div>
          <Group gap={6}>
            <Button
              size="compact-sm"
              aria-label={`Accept: ${review.label}`}
              disabled={answer.isPending}
              onClick={() => answer.mutate({ id: review.id, revision: review.revision, accept: true })}
            >
              Accept
            </Button>
            <Button
              size="compact-sm"
              variant="default"
              aria-label={`Reject: ${review.label}`}
              disabled={answer.isPending}
              onClick={() => answer.mutate({ id: review.id, revision: review.revision, accept: false })}
            >
              Reject
            </Button>
          </Group>
        </Group>
      ))}
    </Card>
  );
}

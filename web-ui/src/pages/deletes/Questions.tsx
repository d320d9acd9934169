import { Alert, Text } from '@mantine/core';
import { useDeletionReviews } from '../../api/deletes';
import type { Model } from '../../api/model';
import { Link } from '../../ui/Link';
import { When } from '../../ui/When';
import { counted } from '../../ui/format';
import { TriangleAlertIcon } from '../../ui/icons';

/** Deletes that wait for a person. */
export function Questions({ type, model }: { type: string; model: Model }) {
  const reviews = useDeletionReviews(type).data ?? [];
  if (!reviews.length) return null;
  return (
    <Alert
      variant="default"
      icon={<TriangleAlertIcon />}
      title={`${counted(reviews.length, 'question')} about deleted records`}
      styles={{ root: { borderColor: 'var(--k-warn)' }, icon: { color: 'var(--k-warn)' }, title: { color: 'var(--k-text)' } }}
    >
      {reviews.map((review) => (
        <Text key={review.id} size="sm">
          <Link to="/review/$id" params={{ id: review.id }} search={{ kind: 'DELETED' }}>
            {review.goldens.length > 1 ? `${review.label} and others` : review.label}
          </Link>
          : {model.spoken(review.reason)} <When at={review.openedAt} />
        </Text>
      ))}
    </Alert>
  );
}

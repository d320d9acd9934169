import { Alert, Card, Stack, Text, Title } from '@mantine/core';
import { useParams } from '@tanstack/react-router';
import { useDeletion } from '../../api/deletes';
import { useModel } from '../../api/model';
import { Compare } from '../../ui/Compare';
import { ButtonLink, Link } from '../../ui/Link';
import { Page } from '../../ui/Page';
import { State } from '../../ui/State';
import { Loaded } from '../../ui/States';
import { Under } from '../../ui/Under';
import { When } from '../../ui/When';
import { counted } from '../../ui/format';
import { ListChecksIcon } from '../../ui/icons';
import { Restore } from './Restore';
import { Steps } from './Steps';
import { STATES, evidence, where } from './words';

/** One deletion: who deleted what, what became of it elsewhere, what was there, and the way back. */
export function DeletionPage() {
  const { id } = useParams({ from: '/deletes/$id' });
  const deletion = useDeletion(id);
  const model = useModel();
  return (
    <Loaded query={deletion} rows={8} title="Deletion">
      {({ deletion: data, records, reviews }) => (
        <Page
          title={data.label}
          mark={<State state={data.state} label={STATES[data.state]} />}
          lead={
            <>
              {model.type(data.type)} · deleted {where(data, model)} <When at={data.seenAt} /> · {evidence[data.evidence]}
            </>
          }
          actions={
            <>
              {data.golden && (
                <ButtonLink to="/goldens/$id" params={{ id: data.golden }} variant="default">
                  Golden record
                </ButtonLink>
              )}
              <Restore deletion={data} model={model} />
            </>
          }
        >
          <Stack gap="md">
            {reviews.length > 0 && (
              <Alert variant="default" icon={<ListChecksIcon />} title={counted(reviews.length, 'open question')} styles={{ root: { borderColor: 'var(--k-gold-line)' }, title: { color: 'var(--k-text)' } }}>
                {reviews.map((review) => (
                  <Text key={review.id} size="sm">
                    <Link to="/review/$id" params={{ id: review.id }} search={{ kind: 'DELETED' }}>
                      Answer it
                    </Link>
                    : {model.spoken(review.reason)}
                  </Text>
                ))}
              </Alert>
            )}
            <Card padding="sm">
              <Title order={2} size="h5" mb="xs">
                In other systems
              </Title>
              <Steps steps={data.steps} model={model} />
              <Under policies={data.policies} />
            </Card>
            {records.length > 0 && (
              <div>
                <Title order={2} size="h5" mb={2}>
                  Side by side
                </Title>
                <Text size="sm" c="dimmed" mb="xs">
                  What each record holds, or held last.
                </Text>
                <Compare type={data.type} records={records} goldens={[]} result={undefined} retired={[]} differencesOnly={false} model={model} recordsOnly />
              </div>
            )}
          </Stack>
        </Page>
      )}
    </Loaded>
  );
}

import { Card, Text, Title } from '@mantine/core';
import { type Model, useModel } from '../../api/model';
import { type Story, useStory } from '../../api/queries';
import { Link } from '../../ui/Link';
import { Loaded } from '../../ui/States';
import { When } from '../../ui/When';
import { bits, counted, recordKey, shortId } from '../../ui/format';

type StoryStep = Story['steps'][number];

/** How the golden record came to be, as a list that nests where a merge brought what had its own beginnings. */
export function How({ id }: { id: string }) {
  const story = useStory(id);
  const model = useModel();
  return (
    <Card padding="sm" mb="sm">
      <Title order={2} size="h5" mb="xs">
        How it came to be
      </Title>
      <Loaded query={story} rows={3}>
        {(data) => <Steps story={data} model={model} />}
      </Loaded>
    </Card>
  );
}

function Steps({ story, model }: { story: Story; model: Model }) {
  return (
    <>
      {story.omitted > 0 && (
        <Text size="sm" c="dimmed">
          {counted(story.omitted, 'older step')} not shown.
        </Text>
      )}
      <ol style={{ margin: 0, paddingInlineStart: 22 }}>
        {story.steps.map((step, i) => (
          <li key={i}>
            <Text size="sm" component="div">
              {sentence(step, model)} <When at={step.at} />
              {step.because && (
                <>
                  {' '}
                  ·{' '}
                  <Link to="/explain" search={{ a: step.because.a, b: step.because.b }}>
                    {step.because.origin === 'STEWARD' ? `${step.because.by} said so` : step.because.origin === 'SOURCE' ? 'the system said so' : `${bits(step.because.score)} bits`}
                  </Link>
                </>
              )}
            </Text>
            {step.absorbed.map((absorbed) => (
              <div key={absorbed.goldenId}>
                <Text size="xs" c="dimmed">
                  {absorbed.label || absorbed.goldenId}{' '}
                  <span className="mono" title={absorbed.goldenId}>
                    {shortId(absorbed.goldenId)}
                  </span>{' '}
                  had come to be so:
                </Text>
                <Steps story={absorbed} model={model} />
              </div>
            ))}
          </li>
        ))}
      </ol>
    </>
  );
}

function sentence(step: StoryStep, model: Model) {
  const names = (keys: string[]) => keys.map((key) => `${model.system(recordKey(key).system)} ${recordKey(key).externalId}`).join(', ');
  const parts: string[] = [];
  if (step.joined.length) parts.push(`${names(step.joined)} ${step.cause === 'CREATED' ? 'began it' : step.cause === 'REVIVED' ? 'brought it back' : 'joined'}`);
  if (step.merge) parts.push(`${step.merge.by} merged in ${names(step.merge.moved.map((move) => move.record))}`);
  else if (step.cause === 'ABSORBED' && !step.joined.length) parts.push('another golden record was merged in');
  if (step.left.length) parts.push(`${names(step.left)} left${step.cause === 'RETIRED' ? ' when it was merged away' : ''}`);
  return parts.join('; ');
}

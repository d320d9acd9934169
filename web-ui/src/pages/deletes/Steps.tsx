import { Text } from '@mantine/core';
import type { DeletionStep } from '../../api/deletes';
import type { Model } from '../../api/model';
import { State } from '../../ui/State';
import { When } from '../../ui/When';
import { recordKey } from '../../ui/format';
import classes from './Deletes.module.css';
import { stepWords } from './words';

/** What becomes of the records of other systems. */
export function Steps({ steps, model }: { steps: DeletionStep[]; model: Model }) {
  if (!steps.length) return <Text size="sm">No other system has it.</Text>;
  return (
    <ul className={classes.steps}>
      {steps.map((step) => (
        <li key={`${step.system} ${step.target ?? ''}`}>
          <Text size="sm" component="span">
            {model.system(step.system)} {step.target && <span className="mono dim">{recordKey(step.target).externalId}</span>}{' '}
          </Text>
          <State state={step.state} label={stepWords(step)} />
          {step.state === 'WAITING' && step.dueAt && (
            <Text size="sm" component="span" c="dimmed">
              {' '}
              <When at={step.dueAt} />
            </Text>
          )}
          {step.why && (
            <Text size="xs" c="dimmed">
              {model.spoken(step.why)}
            </Text>
          )}
        </li>
      ))}
    </ul>
  );
}

import { Button, NativeSelect, Text } from '@mantine/core';
import { type KeyboardEvent, useState } from 'react';
import type { Model } from '../../api/model';
import { attributeWords, ruleWords } from '../../ui/format';
import classes from './Authority.module.css';
import { DEFAULT, type Policy, decide, forget, groups, rank, react, row, unrank } from './document';

const STRATEGIES = ['SYSTEM_RANK', 'LATEST', 'OLDEST', 'MOST_FREQUENT', 'LONGEST', 'SHORTEST', 'MIN', 'MAX', 'MOST_COMPLETE_RECORD', 'UNION', 'SUM', 'STEWARD_ONLY'];
const REACTIONS = [
  { value: 'REVERT', label: 'write over it' },
  { value: 'ACCEPT', label: 'accept it' },
  { value: 'PROPOSE', label: 'ask a steward' },
  { value: 'ALERT_ONLY', label: 'only tell' },
];

interface Props {
  type: string;
  policy: Policy;
  systems: string[];
  model: Model;
  onChange: (policy: Policy) => void;
}

/** Attribute × system. A number is a place in the ranking: dragged onto another it takes its place; arrow keys move it, Delete takes it away. */
export function Matrix({ type, policy, systems, model, onChange }: Props) {
  const [dragged, setDragged] = useState<{ name: string; system: string } | null>(null);
  const inGroups = groups(policy);
  const grouped = new Set(Object.values(inGroups).flat());
  const attributes = model.types.find((each) => each.name === type)?.attributes.map((each) => each.name) ?? [];
  const names = [DEFAULT, ...Object.keys(inGroups), ...attributes.filter((each) => !grouped.has(each))];
  const label = (name: string) =>
    name === DEFAULT ? 'Everything else' : inGroups[name] ? `${attributeWords(name)} (${inGroups[name].map((each) => model.attribute(type, each)).join(', ')})` : model.attribute(type, name);
  const keys = (event: KeyboardEvent, name: string, system: string, place: number) => {
    const last = row(policy, name).ranking.length;
    if (event.key === 'ArrowUp') onChange(rank(policy, name, system, place < 0 ? last : place - 1));
    else if (event.key === 'ArrowDown' && place >= 0) onChange(rank(policy, name, system, place + 1));
    else if ((event.key === 'Delete' || event.key === 'Backspace') && place >= 0) onChange(unrank(policy, name, system));
    else return;
    event.preventDefault();
  };
  return (
    <div className={classes.scroll} tabIndex={0} role="region" aria-label="Authority matrix">
      <table className={classes.matrix}>
        <thead>
          <tr>
            <th scope="col">Attribute</th>
            <th scope="col">Decided by</th>
            {systems.map((system) => (
              <th key={system} scope="col">
                {model.system(system)}
              </th>
            ))}
            <th scope="col">When another changes it</th>
          </tr>
        </thead>
        <tbody>
          {names.map((name) => {
            const rule = row(policy, name);
            const inherited = name !== DEFAULT && !rule.own;
            const strategy = rule.strategies[0]!;
            return (
              <tr key={name}>
                <th scope="row" className={inherited ? classes.inherited : undefined}>
                  {label(name)}
                  {rule.conditional && (
                    <Text size="xs" c="dimmed" fw={400}>
                      several rules: see the text
                    </Text>
                  )}
                  {rule.own && name !== DEFAULT && (
                    <div>
                      <Button size="compact-xs" variant="subtle" onClick={() => onChange(forget(policy, name))} aria-label={`As everything else: ${label(name)}`}>
                        as everything else
                      </Button>
                    </div>
                  )}
                </th>
                <td>
                  <NativeSelect
                    size="xs"
                    className={classes.choice}
                    aria-label={`What decides about ${label(name)}`}
                    disabled={rule.conditional}
                    value={strategy}
                    onChange={(event) => onChange(decide(policy, name, event.currentTarget.value))}
                    data={[...new Set([...STRATEGIES, strategy])].map((value) => ({ value, label: ruleWords(value) }))}
                  />
                </td>
                {systems.map((system) => {
                  const place = rule.ranking.indexOf(system);
                  const ranks = rule.strategies.includes('SYSTEM_RANK');
                  return (
                    <td key={system}>
                      <button
                        type="button"
                        className={classes.rank}
                        data-first={(place === 0 && ranks) || undefined}
                        data-none={place < 0 || undefined}
                        disabled={rule.conditional}
                        draggable={!rule.conditional}
                        aria-label={`${model.system(system)} for ${label(name)}: ${place < 0 ? 'not ranked' : `rank ${place + 1} of ${rule.ranking.length}`}`}
                        title="Drag onto another rank, or use the arrow keys; Delete takes the rank away"
                        onClick={() => place < 0 && onChange(rank(policy, name, system, rule.ranking.length))}
                        onKeyDown={(event) => keys(event, name, system, place)}
                        onDragStart={() => setDragged({ name, system })}
                        onDragOver={(event) => dragged?.name === name && event.preventDefault()}
                        onDrop={() => {
                          if (dragged?.name === name) onChange(rank(policy, name, dragged.system, place < 0 ? rule.ranking.length : place));
                          setDragged(null);
                        }}
                        onDragEnd={() => setDragged(null)}
                      >
                        {place < 0 ? '–' : place + 1}
                      </button>
                    </td>
                  );
                })}
                <td>
                  <NativeSelect
                    size="xs"
                    className={classes.choice}
                    aria-label={`When another system changes ${label(name)}`}
                    disabled={rule.conditional}
                    value={rule.onForeignWrite}
                    onChange={(event) => onChange(react(policy, name, event.currentTarget.value))}
                    data={REACTIONS}
                  />
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

import { Button, Group, NativeSelect, Text, TextInput } from '@mantine/core';
import { type KeyboardEvent, useState } from 'react';
import type { Deletes } from '../../api/deletes';
import type { Model } from '../../api/model';
import classes from './Deletes.module.css';
import { HUB, type Policy, brake, byDefault, cell, change, changeBrake, changeDefault, forget } from './document';
import { ACTIONS, origin, waits } from './words';

interface Props {
  policy: Policy;
  systems: string[];
  /** What the cells say, as the hub words it. */
  said: Deletes['matrix'];
  brakeSays: string;
  model: Model;
  onChange: (policy: Policy) => void;
}

const MOVES: Record<string, [rows: number, columns: number]> = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

/** Origin × target. A cell that says nothing of its own follows what holds everywhere else; Alt and an arrow key go to the next one. */
export function Matrix({ policy, systems, said, brakeSays, model, onChange }: Props) {
  const rows = [...systems, HUB];
  const [current, setCurrent] = useState<{ from: string; to: string } | null>(() => {
    const to = systems.find((each) => each !== systems[0]);
    return systems[0] && to ? { from: systems[0], to } : null;
  });
  const keys = (event: KeyboardEvent, row: number, column: number) => {
    const move = MOVES[event.key];
    if (!move || !event.altKey) return;
    event.preventDefault();
    let [r, c] = [row + move[0], column + move[1]];
    if (rows[r] === systems[c]) [r, c] = [r + move[0], c + move[1]]; // a system and itself have no cell
    event.currentTarget.closest('table')?.querySelector<HTMLElement>(`[data-cell="${r} ${c}"] select`)?.focus();
  };
  const otherwise = byDefault(policy);
  const stop = brake(policy);
  return (
    <>
      <Group gap={6} mb="xs">
        <Text size="sm">Where no cell says more:</Text>
        <NativeSelect
          size="xs"
          aria-label="Where no cell says more"
          value={otherwise.action}
          onChange={(event) => onChange(changeDefault(policy, { action: event.currentTarget.value }))}
          data={ACTIONS}
        />
        {waits(otherwise.action) && (
          <TextInput
            size="xs"
            w={74}
            aria-label="Grace where no cell says more"
            placeholder="at once"
            value={otherwise.grace}
            onChange={(event) => onChange(changeDefault(policy, { grace: event.currentTarget.value }))}
          />
        )}
      </Group>
      <div className={classes.scroll} tabIndex={0} role="region" aria-label="Delete matrix">
        <table className={classes.matrix}>
          <thead>
            <tr>
              <th scope="col">Deleted in ↓ then in →</th>
              {systems.map((system) => (
                <th key={system} scope="col">
                  {model.system(system)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((from, row) => (
              <tr key={from}>
                <th scope="row">{from === HUB ? 'A person in the hub' : model.system(from)}</th>
                {systems.map((to, column) => {
                  if (from === to)
                    return (
                      <td key={to}>
                        <div className={classes.same}>–</div>
                      </td>
                    );
                  const rule = cell(policy, from, to);
                  const where = `when ${origin(from, model)} deletes, in ${model.system(to)}`;
                  return (
                    <td key={to}>
                      <div
                        className={classes.cell}
                        data-cell={`${row} ${column}`}
                        data-own={rule.own || undefined}
                        data-current={(current?.from === from && current.to === to) || undefined}
                        onFocus={() => setCurrent({ from, to })}
                        onKeyDown={(event) => keys(event, row, column)}
                      >
                        <NativeSelect
                          size="xs"
                          aria-label={`What happens ${where}`}
                          value={rule.action}
                          onChange={(event) => onChange(change(policy, from, to, { action: event.currentTarget.value }))}
                          data={ACTIONS}
                        />
                        {waits(rule.action) && (
                          <TextInput
                            size="xs"
                            w={66}
                            aria-label={`Grace ${where}`}
                            placeholder="at once"
                            value={rule.grace}
                            onChange={(event) => onChange(change(policy, from, to, { grace: event.currentTarget.value }))}
                          />
                        )}
                      </div>
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {current && <Chosen policy={policy} from={current.from} to={current.to} says={said.find((each) => each.from === current.from && each.to === current.to)?.says} model={model} onChange={onChange} />}
      <Group gap={6} mt="sm" role="group" aria-label="Brake">
        <Text size="sm">Brake: stop and ask at more than</Text>
        <TextInput size="xs" w={64} aria-label="Deletes that the brake lets through" value={stop.count} onChange={(event) => onChange(changeBrake(policy, { count: event.currentTarget.value }))} />
        <Text size="sm">deletes for one system, and</Text>
        <TextInput size="xs" w={56} aria-label="Percent of records that the brake lets through" value={stop.percent} onChange={(event) => onChange(changeBrake(policy, { percent: event.currentTarget.value }))} />
        <Text size="sm">% of its records, within</Text>
        <TextInput size="xs" w={64} aria-label="Time the brake counts in" value={stop.window} onChange={(event) => onChange(changeBrake(policy, { window: event.currentTarget.value }))} />
      </Group>
      <Text size="xs" c="dimmed" mt={4}>
        {brakeSays}
      </Text>
    </>
  );
}

/** The cell one is in: what it does in words, and the choices that are rarely needed. */
function Chosen({ policy, from, to, says, model, onChange }: { policy: Policy; from: string; to: string; says: string | undefined; model: Model; onChange: Props['onChange'] }) {
  const rule = cell(policy, from, to);
  const deletes = rule.action === 'PROPAGATE' || rule.joined === 'PROPAGATE';
  return (
    <div className={classes.says} style={{ marginTop: 12 }}>
      <Text size="sm" role="status">
        {says}
      </Text>
      <Group gap="sm" mt={6} align="flex-end">
        <NativeSelect
          size="xs"
          label={`A record in ${model.system(to)} that the hub did not create`}
          value={rule.joined}
          onChange={(event) => onChange(change(policy, from, to, { joined: event.currentTarget.value }))}
          data={ACTIONS}
        />
        {deletes && (
          <NativeSelect
            size="xs"
            label="If somebody edited it elsewhere meanwhile"
            value={rule.conflict}
            onChange={(event) => onChange(change(policy, from, to, { conflict: event.currentTarget.value }))}
            data={[
              { value: 'EDIT_WINS', label: 'ask a steward' },
              { value: 'DELETE_WINS', label: 'delete all the same' },
            ]}
          />
        )}
        {rule.own && (
          <Button size="xs" variant="subtle" onClick={() => onChange(forget(policy, from, to))}>
            As where no cell says more
          </Button>
        )}
      </Group>
    </div>
  );
}

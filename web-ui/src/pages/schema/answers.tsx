import { Button, Group, NativeSelect, Radio, Stack, Text, TextInput } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import type { Model } from '../../api/model';
import type { SchemaAnswer, SchemaChange } from '../../api/schemas';
import { likeness } from './words';

interface Props {
  change: SchemaChange;
  busy: boolean;
  answer: (answer: SchemaAnswer, said: string) => void;
}

const NEW = '(new)';

/** Types people know; a finer one is said in the configuration file. */
const TYPES = [
  { value: 'TEXT', label: 'Text' },
  { value: 'CATEGORY', label: 'One of few values' },
  { value: 'NUMBER', label: 'Number' },
  { value: 'DATE', label: 'Date' },
  { value: 'IDENTIFIER', label: 'Number that one thing alone has' },
];

/** `Lead_Source` → `leadSource`: how an attribute for a field would be named; empty where nothing of the field fits. */
function attributeName(field: string) {
  const joined = field.replace(/^[^A-Za-z]+/, '').replace(/[^A-Za-z0-9]+(.?)/g, (_, next: string) => next.toUpperCase());
  return joined.charAt(0).toLowerCase() + joined.slice(1);
}

export function PlainAnswer({ busy, onClick, children }: { busy: boolean; onClick: () => void; children: ReactNode }) {
  return (
    <Button size="xs" variant="default" disabled={busy} onClick={onClick}>
      {children}
    </Button>
  );
}

/** To which attribute the field belongs; one that is not there yet is made. */
export function MapAnswer({ change, model, busy, answer }: Props & { model: Model }) {
  const [chosen, setChosen] = useState('');
  const [name, setName] = useState(attributeName(change.field));
  const [type, setType] = useState('TEXT');
  const known = Object.entries(model.attributeNames(change.type)).map(([value, label]) => ({ value, label }));
  const attribute = chosen === NEW ? name.trim() : chosen;
  return (
    <Group gap="xs" align="flex-end">
      <NativeSelect
        size="xs"
        label="Map to"
        value={chosen}
        onChange={(event) => setChosen(event.currentTarget.value)}
        data={[{ value: '', label: 'Choose an attribute' }, ...known, { value: NEW, label: 'A new attribute' }]}
      />
      {chosen === NEW && (
        <>
          <TextInput size="xs" label="Name" value={name} onChange={(event) => setName(event.currentTarget.value)} />
          <NativeSelect size="xs" label="Type" value={type} onChange={(event) => setType(event.currentTarget.value)} data={TYPES} />
        </>
      )}
      <Button
        size="xs"
        disabled={!attribute || busy}
        onClick={() => answer({ answer: 'MAP', attribute, ...(chosen === NEW ? { type } : {}) }, `mapped to ${model.attribute(change.type, attribute)}`)}
      >
        Map it
      </Button>
    </Group>
  );
}

/** Under which name the field goes on, with what speaks for it. */
export function RenameAnswer({ change, busy, answer }: Props) {
  const [chosen, setChosen] = useState(change.candidates.find((one) => one.suggested)?.field ?? '');
  if (change.candidates.length === 0)
    return (
      <Text size="sm" c="dimmed">
        No new field has appeared that it could be called now.
      </Text>
    );
  return (
    <Stack gap={6} align="flex-start">
      <Radio.Group label="Perhaps it was renamed" size="xs" value={chosen} onChange={setChosen}>
        <Stack gap={4} mt={4}>
          {change.candidates.map((one) => (
            <Radio
              key={one.field}
              size="xs"
              value={one.field}
              label={
                <>
                  <span className="mono">{one.field}</span> <span className="dim">· {likeness(one)}</span>
                </>
              }
            />
          ))}
        </Stack>
      </Radio.Group>
      <Button size="xs" disabled={!chosen || busy} onClick={() => answer({ answer: 'RENAME', field: chosen }, `goes on as ${chosen}`)}>
        Go on under the new name
      </Button>
    </Stack>
  );
}

/** What new records get in a field that must be filled. */
export function ConstantAnswer({ change, busy, answer }: Props) {
  const [value, setValue] = useState('');
  const free = change.options.length === 0;
  return (
    <Group gap="xs" align="flex-end">
      {free ? (
        <TextInput size="xs" label="New records get" value={value} onChange={(event) => setValue(event.currentTarget.value)} />
      ) : (
        <NativeSelect
          size="xs"
          label="New records get"
          value={value}
          onChange={(event) => setValue(event.currentTarget.value)}
          data={[{ value: '', label: 'Choose an option' }, ...change.options]}
        />
      )}
      <Button size="xs" disabled={!value.trim() || busy} onClick={() => answer({ answer: 'CONSTANT', value }, 'new records get it')}>
        Use it
      </Button>
    </Group>
  );
}

/** Which option stands for each value that the system does not know. */
export function OptionsAnswer({ change, busy, answer }: Props) {
  const [chosen, setChosen] = useState<Record<string, string>>({});
  const options = Object.fromEntries(Object.entries(chosen).filter(([, option]) => option));
  return (
    <Stack gap={6} align="flex-start">
      {change.unknown.map((value) => (
        <NativeSelect
          key={value}
          size="xs"
          label={`“${value}” is written as`}
          value={chosen[value] ?? ''}
          onChange={(event) => setChosen({ ...chosen, [value]: event.currentTarget.value })}
          data={[{ value: '', label: 'Held for now' }, ...change.options]}
        />
      ))}
      <Button size="xs" disabled={Object.keys(options).length === 0 || busy} onClick={() => answer({ answer: 'OPTIONS', options }, 'options are mapped')}>
        Map them
      </Button>
    </Stack>
  );
}

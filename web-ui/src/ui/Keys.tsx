import { Group, Modal, Stack, Switch, Table, Text, Title } from '@mantine/core';
import { useLocalStorage } from '@mantine/hooks';
import { type ReactNode, createContext, useCallback, useContext, useEffect, useMemo, useRef, useState } from 'react';

/** `keys` is what `KeyboardEvent.key` says, for example `j` or `?`; two keys with a blank between them are pressed one after the other. */
export interface Binding {
  keys: string;
  does: string;
  run: () => void;
}

interface Registered {
  title: string;
  bindings: Binding[];
}

interface Keyboard {
  register: (group: { current: Registered }) => () => void;
  showHelp: () => void;
}

const KeyboardContext = createContext<Keyboard>({ register: () => () => {}, showHelp: () => {} });
const SEQUENCE_MS = 1200;

/** Single keys act on the page that shows, never inside text fields or dialogs, and can be switched off (WCAG 2.1.4). */
export function KeysProvider({ children }: { children: ReactNode }) {
  const groups = useRef(new Set<{ current: Registered }>());
  const [help, setHelp] = useState<Registered[] | null>(null);
  const [enabled, setEnabled] = useLocalStorage({ key: 'kintsugi-single-keys', defaultValue: true });
  const first = useRef<{ key: string; at: number } | null>(null);

  const showHelp = useCallback(() => setHelp([...groups.current].map((group) => group.current).filter((g) => g.bindings.length)), []);
  const keyboard = useMemo<Keyboard>(
    () => ({
      register: (group) => {
        groups.current.add(group);
        return () => groups.current.delete(group);
      },
      showHelp,
    }),
    [showHelp],
  );

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.target instanceof Element && event.target.closest('input, textarea, select, [contenteditable="true"], [role="dialog"]')) return;
      if (event.key === '?') {
        event.preventDefault();
        showHelp();
        return;
      }
      if (!enabled) return;
      const all = [...groups.current].flatMap((group) => group.current.bindings).reverse();
      const recent = first.current && performance.now() - first.current.at < SEQUENCE_MS ? first.current.key : null;
      first.current = null;
      const typed = event.key.length === 1 && !event.shiftKey ? event.key.toLowerCase() : event.key;
      const hit = (recent && all.find((b) => b.keys === `${recent} ${typed}`)) || all.find((b) => b.keys === typed);
      if (hit) {
        event.preventDefault();
        hit.run();
      } else if (all.some((b) => b.keys.startsWith(`${typed} `))) {
        first.current = { key: typed, at: performance.now() };
      }
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [enabled, showHelp]);

  return (
    <KeyboardContext.Provider value={keyboard}>
      {children}
      <Modal opened={help !== null} onClose={() => setHelp(null)} title={<Text fw={650}>Keys on this page</Text>} size="lg">
        <Stack>
          <Switch
            label="Single-key shortcuts"
            description="Switch them off if you use speech input or press keys by accident"
            checked={enabled}
            onChange={(event) => setEnabled(event.currentTarget.checked)}
          />
          {[{ title: 'Everywhere', bindings: ALWAYS }, ...(help ?? [])].map((group) => (
            <section key={group.title}>
              <Title order={2} size="h6" mb={4}>
                {group.title}
              </Title>
              <Table verticalSpacing={3}>
                <Table.Tbody>
                  {group.bindings.map((b) => (
                    <Table.Tr key={b.keys}>
                      <Table.Th scope="row" w={110}>
                        <Keys keys={b.keys} />
                      </Table.Th>
                      <Table.Td>{b.does}</Table.Td>
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </Table>
            </section>
          ))}
        </Stack>
      </Modal>
    </KeyboardContext.Provider>
  );
}

const ALWAYS = [
  { keys: 'Ctrl+K', does: 'Search records and jump to a page' },
  { keys: '?', does: 'Show the keys of this page' },
  { keys: 'Tab', does: 'Move to the next control' },
];

/** Makes keys work while the component shows, and lists them in the help under the title. */
export function useKeys(title: string, bindings: Binding[]) {
  const { register } = useContext(KeyboardContext);
  const group = useRef<Registered>({ title, bindings });
  useEffect(() => {
    group.current = { title, bindings };
  });
  useEffect(() => register(group), [register]);
}

export function useKeyHelp() {
  return useContext(KeyboardContext).showHelp;
}

export function Keys({ keys }: { keys: string }) {
  return (
    <Group gap={4} component="span" display="inline-flex" wrap="nowrap">
      {keys.split(/[ +]/).map((key) => (
        <kbd key={key} className="kbd">
          {key.length === 1 ? key.toUpperCase() : key}
        </kbd>
      ))}
    </Group>
  );
}

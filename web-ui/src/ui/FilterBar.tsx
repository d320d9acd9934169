import { Button, Group, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useKeys } from './Keys';
import { SearchIcon } from './icons';

/** Search words and filters over a list. The page keeps them in its address. */
export function FilterBar({
  text,
  onText,
  label,
  placeholder,
  children,
  onClear,
}: {
  text?: string | undefined;
  onText?: (text: string) => void;
  label?: string;
  placeholder?: string;
  children?: ReactNode;
  onClear?: (() => void) | undefined;
}) {
  const [typed, setTyped] = useState(text ?? '');
  const input = useRef<HTMLInputElement>(null);
  const sent = useRef(text ?? '');
  const send = useDebouncedCallback((value: string) => {
    sent.current = value.trim();
    onText?.(value.trim());
  }, 250);
  useEffect(() => {
    if ((text ?? '') !== sent.current) {
      sent.current = text ?? '';
      setTyped(text ?? '');
    }
  }, [text]);
  useKeys('Filter', onText ? [{ keys: '/', does: 'Search in this list', run: () => input.current?.focus() }] : []);
  return (
    <Group gap="xs" mb="sm" role="search" aria-label={label ?? 'Filter'}>
      {onText && (
        <TextInput
          ref={input}
          size="sm"
          type="search"
          style={{ flex: '1 1 220px', maxWidth: 420 }}
          aria-label={label}
          placeholder={placeholder}
          leftSection={<SearchIcon size={15} />}
          value={typed}
          onChange={(event) => {
            setTyped(event.currentTarget.value);
            send(event.currentTarget.value);
          }}
          onKeyDown={(event) => {
            if (event.key === 'Escape') event.currentTarget.blur();
          }}
        />
      )}
      {children}
      {onClear && (
        <Button size="sm" variant="subtle" onClick={onClear}>
          Clear
        </Button>
      )}
    </Group>
  );
}

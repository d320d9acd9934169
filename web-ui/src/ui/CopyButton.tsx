import { Button, CopyButton as Copy } from '@mantine/core';
import { CheckIcon, CopyIcon } from './icons';

export function CopyButton({ text, children }: { text: string; children: string }) {
  return (
    <Copy value={text}>
      {({ copied, copy }) => (
        <Button size="xs" variant="default" leftSection={copied ? <CheckIcon size={14} /> : <CopyIcon size={14} />} onClick={copy}>
          <span aria-live="polite">{copied ? 'Copied' : children}</span>
        </Button>
      )}
    </Copy>
  );
}

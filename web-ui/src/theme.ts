import { type CSSVariablesResolver, type MantineColorsTuple, createTheme } from '@mantine/core';

/*
 * Every colour of the product is in this file; the style sheets only name the variables made here. theme.test.ts proves the contrast
 * of each pair, because a browser check only sees the pairs that happen to be on the screen.
 */

const ink: MantineColorsTuple = [
  '#eef3fa',
  '#dce5f1',
  '#b8cae3',
  '#93afd5',
  '#7498ca',
  '#5f8ac3',
  '#4a75b0',
  '#3c6196',
  '#38598a',
  '#2b4a77',
];

const dark: MantineColorsTuple = [
  '#e9e7e2',
  '#cccdd1',
  '#b4b7bf',
  '#888d98',
  '#4b505c',
  '#3a3f49',
  '#262a32',
  '#191c22',
  '#13151a',
  '#0d0f13',
];

/** [light, dark] of everything that is not one of Mantine's own. */
export const colours = {
  page: ['#faf8f4', '#16181d'],
  surface: ['#ffffff', '#1d2026'],
  sunken: ['#f3f0ea', '#131519'],
  hover: ['#f4f1ea', '#282c35'],
  line: ['#e0dbd0', '#363b45'],
  'line-strong': ['#857f74', '#767d8b'],
  text: ['#1f2530', '#e9e7e2'],
  dim: ['#555b67', '#b7bbc5'],
  focus: ['#2b5cab', '#9dbff3'],
  gold: ['#fcf4db', '#2f2a15'],
  'gold-line': ['#b07f0a', '#e3b634'],
  'gold-text': ['#735200', '#f2cf6b'],
  picked: ['#e8f4ee', '#15342b'],
  'picked-line': ['#1b7754', '#4cc797'],
  good: ['#17694a', '#63d3a6'],
  warn: ['#8f4600', '#f3b571'],
  'warn-soft': ['#fdf0e0', '#3a2a15'],
  bad: ['#a8322a', '#f59a91'],
  'bad-soft': ['#fcebe9', '#41211f'],
  info: ['#2b5593', '#a3c2f2'],
  'info-soft': ['#e9f0fa', '#1e2c42'],
  mark: ['#ffdfae', '#5c4113'],
  for: ['#1b7754', '#4cc797'],
  against: ['#b83d33', '#f08379'],
  'kind-system': ['#2b5cab', '#82abee'],
  'kind-record': ['#6a4db3', '#b39cf0'],
  'kind-rule': ['#9a5400', '#f0a653'],
  'kind-golden': ['#b07f0a', '#e3b634'],
  'kind-target': ['#1b7754', '#4cc797'],
} as const satisfies Record<string, readonly [light: string, dark: string]>;

export const theme = createTheme({
  colors: { ink, dark },
  primaryColor: 'ink',
  primaryShade: { light: 7, dark: 8 },
  autoContrast: true,
  luminanceThreshold: 0.35,
  fontFamily: 'Inter, "Segoe UI", system-ui, -apple-system, Roboto, "DejaVu Sans", sans-serif',
  fontFamilyMonospace: 'ui-monospace, "Cascadia Code", "JetBrains Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace',
  headings: { fontWeight: '650' },
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    Badge: { defaultProps: { tt: 'none', fw: 600, radius: 'sm' } },
    Card: { defaultProps: { withBorder: true, padding: 'md', bg: 'var(--k-surface)' } },
    Paper: { defaultProps: { bg: 'var(--k-surface)' } },
    Tooltip: { defaultProps: { withArrow: true, events: { hover: true, focus: true, touch: true }, openDelay: 250, multiline: true, maw: 360 } },
    Tabs: { vars: () => ({ root: { '--tabs-color': 'var(--k-gold-line)' } }) },
    Modal: { defaultProps: { closeButtonProps: { 'aria-label': 'Close' } }, styles: { content: { background: 'var(--k-surface)' }, header: { background: 'var(--k-surface)', zIndex: 2 } } },
  },
});

export const variables: CSSVariablesResolver = () => {
  const scheme = (index: 0 | 1) =>
    Object.fromEntries(Object.entries(colours).map(([name, pair]) => [`--k-${name}`, pair[index]]));
  const mantine = {
    '--mantine-color-body': 'var(--k-page)',
    '--mantine-color-text': 'var(--k-text)',
    '--mantine-color-dimmed': 'var(--k-dim)',
    '--mantine-color-default': 'var(--k-surface)',
    '--mantine-color-default-hover': 'var(--k-hover)',
    '--mantine-color-default-border': 'var(--k-line)',
    '--mantine-color-placeholder': 'var(--k-dim)',
    '--mantine-color-anchor': 'var(--k-info)',
    '--mantine-color-error': 'var(--k-bad)',
  };
  return { variables: {}, light: { ...scheme(0), ...mantine }, dark: { ...scheme(1), ...mantine } };
};

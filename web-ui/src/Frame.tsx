import { ActionIcon, AppShell, Burger, Group, Menu, NavLink, Popover, Progress, Stack, Text, Tooltip, useMantineColorScheme } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { spotlight } from '@mantine/spotlight';
import { Outlet, useNavigate, useRouterState } from '@tanstack/react-router';
import { type ComponentType, useEffect, useState } from 'react';
import classes from './Frame.module.css';
import { Palette } from './Palette';
import { type Run, useStats } from './api/queries';
import { useModel } from './api/model';
import { useLive } from './live/Live';
import { useKeyHelp, useKeys } from './ui/Keys';
import { Link } from './ui/Link';
import { Logo } from './ui/Logo';
import { count, counted, minute, words } from './ui/format';
import {
  ActivityIcon,
  DatabaseIcon,
  GemIcon,
  GitMergeIcon,
  HouseIcon,
  KeyboardIcon,
  ListChecksIcon,
  LockIcon,
  LoaderCircleIcon,
  MonitorIcon,
  MoonIcon,
  ScaleIcon,
  SearchIcon,
  SlidersIcon,
  SunIcon,
  TableIcon,
  Trash2Icon,
} from './ui/icons';

export const NAVIGATION = [
  { to: '/', label: 'Home', icon: HouseIcon, key: 'h' },
  { to: '/review', label: 'Review', icon: ListChecksIcon, key: 'r' },
  { to: '/goldens', label: 'Golden records', icon: GemIcon, key: 'o' },
  { to: '/merges', label: 'Merges', icon: GitMergeIcon, key: 'u' },
  { to: '/authority', label: 'Authority', icon: ScaleIcon, key: 'a' },
  { to: '/deletes', label: 'Deletes', icon: Trash2Icon, key: 'd' },
  { to: '/erasures', label: 'Erasures', icon: LockIcon, key: 'x' },
  { to: '/rules', label: 'Match rules', icon: SlidersIcon, key: 'm' },
  { to: '/schema', label: 'Schema', icon: TableIcon, key: 'e' },
  { to: '/systems', label: 'Systems', icon: DatabaseIcon, key: 's' },
  { to: '/activity', label: 'Activity', icon: ActivityIcon, key: 'y' },
] as const;

/** What surrounds every page: menu with live counts, search, connection, running work, key help and colour scheme. */
export function Frame() {
  const path = useRouterState({ select: (state) => state.location.pathname });
  const navigate = useNavigate();
  const [open, menu] = useDisclosure();
  const close = menu.close;
  useEffect(close, [path, close]);
  const attention = useAttention();
  useKeys(
    'Go to',
    NAVIGATION.map(({ to, label, key }) => ({ keys: `g ${key}`, does: label, run: () => void navigate({ to }) })),
  );

  return (
    <AppShell header={{ height: 54 }} navbar={{ width: 212, breakpoint: 'sm', collapsed: { mobile: !open } }} padding={{ base: 'sm', sm: 'lg' }}>
      <a className="skip" href="#main">
        Skip to content
      </a>
      <AppShell.Header>
        <div className={classes.header}>
          <Burger opened={open} onClick={menu.toggle} hiddenFrom="sm" size="sm" aria-label={open ? 'Close menu' : 'Open menu'} />
          <Link to="/" className={classes.brand} underline="never" aria-label="Kintsugi, home">
            <Logo />
            <span>Kintsugi</span>
          </Link>
          <button className={classes.search} type="button" onClick={() => spotlight.open()}>
            <SearchIcon size={15} />
            <span>Search records and pages</span>
            <kbd className="kbd" aria-hidden="true">
              Ctrl K
            </kbd>
          </button>
          <Jobs />
          <LiveChip />
          <HelpButton />
          <SchemeMenu />
        </div>
      </AppShell.Header>
      <AppShell.Navbar p="xs" className={classes.nav} aria-label="Main">
        {NAVIGATION.map(({ to, label, icon }) => (
          <NavItem key={to} to={to} label={label} icon={icon} active={to === '/' ? path === '/' : path.startsWith(to)} attention={attention[to]} />
        ))}
      </AppShell.Navbar>
      <AppShell.Main id="main" tabIndex={-1}>
        <Outlet />
      </AppShell.Main>
      <Palette />
    </AppShell>
  );
}

interface Attention {
  count: number;
  what: string;
  bad?: boolean;
}

function useAttention(): Partial<Record<string, Attention>> {
  const stats = useStats().data;
  if (!stats) return {};
  const reviews = (stats.reviews.CANDIDATE ?? 0) + (stats.reviews.DISPUTED ?? 0) + (stats.reviews.LOOP ?? 0) + (stats.reviews.MERGE_BRAKE ?? 0);
  const parked = stats.outbound.filter((o) => o.state === 'PARKED').reduce((sum, o) => sum + o.changes, 0) + (stats.reviews.UNMAPPABLE ?? 0);
  const failing = (stats.systems.FAILING ?? 0) + (stats.systems.OFFLINE ?? 0);
  return {
    '/review': { count: reviews, what: 'to review' },
    '/authority': { count: stats.reviews.PROPOSED ?? 0, what: 'proposed' },
    '/deletes': { count: stats.reviews.DELETED ?? 0, what: 'to decide' },
    '/schema': { count: stats.schemaChanges, what: 'to answer' },
    '/systems': failing > 0 ? { count: failing, what: 'not answering', bad: true } : { count: stats.firstSyncs, what: 'to approve' },
    '/activity': { count: parked, what: 'parked', bad: true },
  };
}

function NavItem({
  to,
  label,
  icon: Icon,
  active,
  attention,
}: {
  to: (typeof NAVIGATION)[number]['to'];
  label: string;
  icon: ComponentType<{ size?: number }>;
  active: boolean;
  attention?: Attention | undefined;
}) {
  const navigate = useNavigate();
  return (
    <NavLink
      href={to}
      className={classes.item}
      label={label}
      leftSection={<Icon size={17} />}
      active={active}
      aria-current={active ? 'page' : undefined}
      rightSection={
        attention && attention.count > 0 ? (
          <span className={classes.count} data-bad={attention.bad || undefined} aria-label={`${count(attention.count)} ${attention.what}`} role="img">
            {attention.count > 999 ? '999+' : attention.count}
          </span>
        ) : undefined
      }
      onClick={(event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        void navigate({ to });
      }}
    />
  );
}

const PATIENCE_MS = 3000;
const LONG_MS = 30_000;

/** Live, reconnecting (after three seconds without the hub) or offline (after thirty). */
export function LiveChip() {
  const { connected, since } = useLive();
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    if (connected) return;
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, [connected]);
  const away = since && !connected ? now - since : 0;
  const state = away > LONG_MS ? 'offline' : away > PATIENCE_MS ? 'reconnecting' : 'live';
  const text = { live: 'Live', reconnecting: 'Reconnecting', offline: `Offline since ${minute(new Date(since).toISOString())}` }[state];
  return (
    <Tooltip label={state === 'live' ? 'Changes appear by themselves' : 'What you see may be old; it is loaded again when the hub answers'}>
      <span className={classes.chip} role="status">
        <span className={classes.dot} data-state={state} />
        <span className={state === 'live' ? 'wide-only' : undefined}>{text}</span>
      </span>
    </Tooltip>
  );
}

const SHOW_AFTER_MS = 2000;

/** Running work, one bar each. Polls that take a blink are not worth a sight. */
export function Jobs() {
  const { runs } = useLive();
  const model = useModel();
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    if (!runs.length) return;
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, [runs.length]);
  const long = runs.filter((run) => now - Date.parse(run.startedAt) > SHOW_AFTER_MS);
  if (!long.length) return null;
  return (
    <Popover width={340} position="bottom-end" shadow="md">
      <Popover.Target>
        <ActionIcon variant="default" size="lg" w="auto" px={8} aria-label={`${counted(long.length, 'job')} running`}>
          <span className={classes.chip}>
            <LoaderCircleIcon /> {long.length}
          </span>
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap="sm">
          {long.map((run) => (
            <Job key={run.id} run={run} system={run.system ? model.system(run.system) : undefined} />
          ))}
          <Link to="/activity" search={{ tab: 'runs' }} fz="sm">
            All runs
          </Link>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}

function Job({ run, system }: { run: Run; system: string | undefined }) {
  const done = run.counts.read ?? 0;
  const name = [words(run.kind), system, run.stream].filter(Boolean).join(' · ');
  return (
    <div>
      <Text size="sm" fw={600}>
        {name}
      </Text>
      <Progress value={run.total ? (100 * done) / run.total : 100} animated={!run.total} aria-label={name} my={4} />
      <Text size="xs" c="dimmed">
        {run.total ? `${count(done)} of ${count(run.total)}` : `${counted(done, 'record')} so far`}
      </Text>
    </div>
  );
}

function HelpButton() {
  const showHelp = useKeyHelp();
  return (
    <ActionIcon variant="subtle" color="gray" c="var(--k-text)" size="lg" onClick={showHelp} aria-label="Keys on this page" className="wide-only">
      <KeyboardIcon size={18} />
    </ActionIcon>
  );
}

const SCHEMES = [
  { value: 'light', label: 'Light', icon: SunIcon },
  { value: 'dark', label: 'Dark', icon: MoonIcon },
  { value: 'auto', label: 'Like the system', icon: MonitorIcon },
] as const;

function SchemeMenu() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const Current = SCHEMES.find((scheme) => scheme.value === colorScheme)?.icon ?? MonitorIcon;
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" c="var(--k-text)" size="lg" aria-label="Colour scheme">
          <Current size={18} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.RadioGroup value={colorScheme} onChange={(value) => setColorScheme(value as typeof colorScheme)}>
          {SCHEMES.map(({ value, label, icon: Icon }) => (
            <Menu.RadioItem key={value} value={value} closeMenuOnClick>
              <Group gap={8} component="span">
                <Icon /> {label}
              </Group>
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
      </Menu.Dropdown>
    </Menu>
  );
}

import { screen, waitFor, within } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import { golden } from './test/fixtures';
import { show, violations } from './test/page';

afterEach(() => localStorage.clear());

describe('The frame', () => {
  it('names only pages that exist, with what needs a person', async () => {
    show('/systems');
    const menu = await screen.findByRole('navigation', { name: 'Main' });
    expect(within(menu).getAllByRole('link').map((link) => link.getAttribute('href'))).toEqual(['/', '/review', '/goldens', '/merges', '/authority', '/deletes', '/erasures', '/rules', '/schema', '/systems', '/activity']);
    expect(await within(menu).findByRole('img', { name: '37 to review' })).toBeInTheDocument();
    expect(within(menu).getByRole('link', { name: /Systems/ })).toHaveAttribute('aria-current', 'page');
    expect(screen.getByRole('link', { name: 'Skip to content' })).toHaveAttribute('href', '#main');
  });

  it('goes to a page with two keys', async () => {
    const { user, router } = show('/', { 'GET goldens': { items: [] } });
    await screen.findByRole('heading', { level: 1, name: 'Home' });
    await user.keyboard('go');
    await waitFor(() => expect(router.state.location.pathname).toBe('/goldens'));
  });

  it('shows the keys of the page with ?, where single keys can be switched off', async () => {
    const { user, router } = show('/');
    await screen.findByRole('heading', { level: 1, name: 'Home' });
    await user.keyboard('?');
    const help = await screen.findByRole('dialog');
    expect(within(help).getByText('Load everything again')).toBeInTheDocument();
    expect(await violations(help)).toEqual([]);
    await user.click(within(help).getByRole('switch', { name: /Single-key shortcuts/ }));
    await user.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByRole('dialog')).not.toBeInTheDocument());
    await user.keyboard('gs');
    expect(router.state.location.pathname).toBe('/');
  });

  it('finds records with Ctrl K, by words and by the key of a system', async () => {
    const { user, router } = show('/', {
      'GET goldens': { items: [golden] },
      'GET goldens/by-source/crm/contact/0031': { ...golden, label: 'Ada by key' },
      'GET goldens/g-01': golden,
    });
    await screen.findByRole('heading', { level: 1, name: 'Home' });
    await user.keyboard('{Control>}k{/Control}');
    const search = await screen.findByRole('textbox', { name: 'Search records and pages' });
    await user.type(search, 'crm:contact:0031');
    expect(await screen.findByRole('button', { name: /Ada by key/ })).toBeInTheDocument();
    await user.clear(search);
    await user.type(search, 'ada love');
    await user.click(await screen.findByRole('button', { name: /Ada Lovelace/ }));
    await waitFor(() => expect(router.state.location.pathname).toBe('/goldens/g-01'));
  });

  it('says so when there is no such page', async () => {
    show('/nowhere');
    expect(await screen.findByText('There is no such page')).toBeInTheDocument();
  });

  it('lets a person choose the colours', async () => {
    const { user } = show('/');
    await user.click(await screen.findByRole('button', { name: 'Colour scheme' }));
    await user.click(await screen.findByRole('menuitemradio', { name: 'Dark' }));
    expect(document.documentElement).toHaveAttribute('data-mantine-color-scheme', 'dark');
    expect(localStorage.getItem('mantine-color-scheme-value')).toBe('dark');
  });
});

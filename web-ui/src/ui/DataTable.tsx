import { Button, Group, Table, Text } from '@mantine/core';
import { type ReactNode, useRef } from 'react';
import classes from './DataTable.module.css';
import { useKeys } from './Keys';
import { ArrowDownIcon, ArrowUpIcon } from './icons';

export interface Column<T> {
  header: string;
  cell: (row: T) => ReactNode;
  /** Name of the order the server knows; without it the column does not sort. */
  sort?: string;
  end?: boolean;
}

interface Props<T> {
  label: string;
  columns: Column<T>[];
  rows: T[];
  id: (row: T) => string;
  order?: { sort: string; descending: boolean };
  onOrder?: (order: { sort: string; descending: boolean }) => void;
  more?: { onMore: () => void; loading: boolean } | undefined;
  /** j and k move between the links of the first column; one table of a page may have them. */
  rowKeys?: boolean;
}

/** A list from the server. The first column names the row and holds its link; on a narrow screen rows become cards. */
export function DataTable<T>({ label, columns, rows, id, order, onOrder, more, rowKeys }: Props<T>) {
  const body = useRef<HTMLTableSectionElement>(null);
  const step = (by: number) => {
    const links = [...(body.current?.querySelectorAll<HTMLElement>('tbody tr > :first-child a, tbody tr > :first-child button') ?? [])];
    const at = links.findIndex((link) => link === document.activeElement);
    const next = links[at < 0 ? (by > 0 ? 0 : links.length - 1) : Math.min(links.length - 1, Math.max(0, at + by))];
    next?.focus();
    next?.scrollIntoView({ block: 'nearest' });
  };
  useKeys(
    label,
    rowKeys
      ? [
          { keys: 'j', does: 'Next row', run: () => step(1) },
          { keys: 'k', does: 'Previous row', run: () => step(-1) },
        ]
      : [],
  );

  return (
    <>
      <div className={classes.frame} ref={body as never}>
        <Table className={classes.table} verticalSpacing={7} horizontalSpacing="sm" role="table" aria-label={label}>
          <Table.Thead role="rowgroup">
            <Table.Tr role="row">
              {columns.map((column) => {
                const active = order && column.sort === order.sort;
                return (
                  <Table.Th
                    key={column.header}
                    role="columnheader"
                    scope="col"
                    className={column.end ? classes.end : undefined}
                    aria-sort={active ? (order.descending ? 'descending' : 'ascending') : undefined}
                  >
                    {column.sort && onOrder ? (
                      <button
                        type="button"
                        className={classes.sort}
                        data-active={active || undefined}
                        onClick={() => onOrder({ sort: column.sort!, descending: active ? !order.descending : true })}
                      >
                        {column.header}
                        {active && (order.descending ? <ArrowDownIcon size={12} /> : <ArrowUpIcon size={12} />)}
                      </button>
                    ) : (
                      column.header
                    )}
                  </Table.Th>
                );
              })}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody role="rowgroup">
            {rows.map((row) => (
              <Table.Tr key={id(row)} role="row">
                {columns.map((column, i) =>
                  i === 0 ? (
                    <Table.Th key={column.header} role="rowheader" scope="row">
                      {column.cell(row)}
                    </Table.Th>
                  ) : (
                    <Table.Td key={column.header} role="cell" data-label={column.header} className={column.end ? classes.end : undefined}>
                      {column.cell(row)}
                    </Table.Td>
                  ),
                )}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </div>
      <Group justify="space-between" mt="xs">
        <Text size="xs" c="dimmed" role="status">
          {rows.length} shown{more ? '' : ', that is all'}
        </Text>
        {more && (
          <Button size="xs" variant="default" onClick={more.onMore} loading={more.loading}>
            Show more
          </Button>
        )}
      </Group>
    </>
  );
}

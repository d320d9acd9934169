import { Tooltip, UnstyledButton } from '@mantine/core';
import { useState } from 'react';
import type { Model } from '../api/model';
import type { Golden, SourceRecord } from '../api/queries';
import classes from './Compare.module.css';
import { DiffText } from './DiffText';
import { When } from './When';
import { counted, ruleWords, shortId, words } from './format';
import { ChevronDownIcon, ChevronRightIcon, EqualNotIcon } from './icons';

interface Props {
  type: string;
  records: SourceRecord[];
  goldens: Golden[];
  /** The golden record they would become. */
  result: Golden | undefined;
  /** Golden ids that would retire. */
  retired: string[];
  differencesOnly: boolean;
  model: Model;
  /** Leaves out the golden record. */
  recordsOnly?: boolean;
}

/** Records side by side, what differs first, and what they would become. Records of one golden stand together under its name. */
export function Compare({ type, records, goldens, result, retired, differencesOnly, model, recordsOnly = false }: Props) {
  const [unfolded, setUnfolded] = useState(false);
  const columns = byGolden(records, goldens);
  const names = model.inOrder(
    type,
    records.flatMap((record) => Object.keys(record.attributes)),
  );
  const rows = names.map((name) => ({ name, kind: kindOf(columns.map((record) => record.attributes[name])) }));
  const differing = rows.filter((row) => row.kind === 'differs');
  const partial = rows.filter((row) => row.kind === 'partial');
  const identical = rows.filter((row) => row.kind === 'identical');
  const shown = differencesOnly ? differing : [...differing, ...partial, ...(unfolded ? identical : [])];
  const groups = bySize(goldens).filter((golden) => columns.some((record) => record.goldenId === golden.id));

  return (
    <div className={classes.frame} role="region" aria-label="Records side by side" tabIndex={0}>
      <table className={classes.table}>
        <thead>
          {groups.length > 1 && (
            <tr>
              <td className={`${classes.field} ${classes.group}`} />
              {groups.map((golden) => (
                <th
                  key={golden.id}
                  scope="colgroup"
                  colSpan={columns.filter((record) => record.goldenId === golden.id).length}
                  className={classes.group}
                >
                  <span className="mono" title={golden.id}>
                    {shortId(golden.id)}
                  </span>
                  {retired.includes(golden.id) ? ' would retire' : golden.id === result?.id ? ' keeps its id' : ''}
                </th>
              ))}
              {columns.some((record) => !groups.some((golden) => golden.id === record.goldenId)) && <td className={classes.group} />}
              <td className={`${classes.golden} ${classes.group}`} />
            </tr>
          )}
          <tr>
            <th scope="col" className={classes.field}>
              Attribute
            </th>
            {columns.map((record, i) => (
              <th key={record.key} scope="col">
                <kbd className="kbd">{i + 1}</kbd> {model.system(record.system)}
                <span className={classes.sub}>
                  <span className="mono">{record.externalId}</span> · <When at={record.sourceAt ?? record.observedAt} />
                  {record.state !== 'LIVE' && ` · ${words(record.state)}`}
                </span>
              </th>
            ))}
            {!recordsOnly && (
              <th scope="col" className={classes.golden}>
                Golden record
                <span className={classes.sub}>{!result ? 'no preview' : goldens.length > 1 ? 'if they are the same' : 'as it is now'}</span>
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {shown.map(({ name, kind }) => {
            const golden = result?.values[name];
            return (
              <tr key={name}>
                <th scope="row" className={classes.field}>
                  {model.attribute(type, name)}
                  {kind === 'differs' && (
                    <span className={classes.differs}>
                      <EqualNotIcon size={11} />
                      differs
                    </span>
                  )}
                </th>
                {columns.map((record) => {
                  const value = record.attributes[name];
                  const supplies = golden?.from === record.key;
                  return (
                    <td key={record.key} className={supplies ? classes.supplies : undefined}>
                      {value ? (
                        <DiffText value={value} against={kind === 'differs' && !supplies ? golden?.value : undefined} />
                      ) : (
                        <span className={classes.empty}>{value === '' ? 'empty' : 'unknown'}</span>
                      )}
                    </td>
                  );
                })}
                {!recordsOnly && (
                  <td className={classes.golden}>
                    {golden ? (
                      <>
                        <span className={classes.value}>{golden.value}</span>
                        <Tooltip label={`${golden.from ? `Record ${golden.from}` : 'A steward'}, rule “${ruleWords(golden.rule)}” of policy version ${golden.policyVersion}`}>
                          <span className={classes.sub}>
                            {golden.from && `${model.system(golden.from.split(':')[0]!)} · `}
                            {ruleWords(golden.rule)}
                          </span>
                        </Tooltip>
                      </>
                    ) : (
                      <span className={classes.empty}>none</span>
                    )}
                  </td>
                )}
              </tr>
            );
          })}
          {identical.length > 0 && !differencesOnly && (
            <tr className={classes.fold}>
              <td colSpan={columns.length + 2}>
                <UnstyledButton onClick={() => setUnfolded(!unfolded)} aria-expanded={unfolded} fz="sm" mih={24}>
                  {unfolded ? <ChevronDownIcon size={13} /> : <ChevronRightIcon size={13} />} {counted(identical.length, 'attribute')} identical:{' '}
                  {identical.map((row) => model.attribute(type, row.name)).join(', ')}
                </UnstyledButton>
              </td>
            </tr>
          )}
          {differencesOnly && differing.length === 0 && (
            <tr className={classes.fold}>
              <td colSpan={columns.length + 2}>No attribute differs.</td>
            </tr>
          )}
        </tbody>
      </table>
    </div>
  );
}

/** The order of the columns: golden by golden, so that the group headings fit, and small ones first, so that no part hides at the far end. */
export function byGolden(records: SourceRecord[], goldens: Golden[]): SourceRecord[] {
  const rank = new Map(bySize(goldens).map((golden, i) => [golden.id, i]));
  const place = (record: SourceRecord) => (record.goldenId ? (rank.get(record.goldenId) ?? goldens.length) : goldens.length);
  return [...records].sort((a, b) => place(a) - place(b) || a.key.localeCompare(b.key));
}

const bySize = (goldens: Golden[]) => [...goldens].sort((a, b) => a.records.length - b.records.length || a.id.localeCompare(b.id));

function kindOf(values: (string | undefined)[]): 'differs' | 'partial' | 'identical' | 'nothing' {
  const known = values.filter((value) => value);
  if (new Set(known).size > 1) return 'differs';
  if (known.length === 0) return 'nothing';
  return known.length === values.length ? 'identical' : 'partial';
}

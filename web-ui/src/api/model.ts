import { useMemo } from 'react';
import { attributeWords, words } from '../ui/format';
import { useEntityTypes, useSystems } from './queries';

/** A record key, or a word that is no part of an address or a path. */
const ID = /(?<![\w:./-])([a-z][a-z0-9_-]*)(?::([a-z][A-Za-z0-9_-]*):(\S*[^\s.,;:)\]])|(?![\w:/-]|\.\w)|(?=:(?:\s|$)))/;

/** Words of the hub's own sentences, which stay what they are if a system has one of them for its id. */
const ORDINARY = new Set(['data', 'field', 'golden', 'hub', 'people', 'record', 'records', 'rules', 'source', 'stream', 'system', 'systems', 'value']);

/** @param types by name */
export const speak = (sentence: string, labels: ReadonlyMap<string, string>, types: ReadonlyMap<string, unknown>) => {
  const names = [...labels.values()] // one may have the id of another in it
    .filter((label) => label && !labels.has(label))
    .map((label) => `(?<!\\w)${label.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?!\\w)`);
  const asTheyAre = ['"[^"]*"', '“[^”]*”', ...names].join('|');
  return sentence.replace(new RegExp(`${asTheyAre}|${ID.source}`, 'g'), (found, system?: string, type?: string, id?: string) => {
    const label = system && labels.get(system);
    if (!label) return found;
    if (type) return types.has(type) ? `${label} ${id}` : found;
    return ORDINARY.has(system) || types.has(system) ? found : label;
  });
};

/** Names for people of what the API names by id. Never waits: until the names are loaded it makes do with the ids. */
export function useModel() {
  const types = useEntityTypes().data;
  const systems = useSystems().data;
  return useMemo(() => {
    const byType = new Map(types?.map((type) => [type.name, type]));
    const labels = new Map(systems?.map((system) => [system.id, system.label]));
    const attribute = (type: string, name: string) => byType.get(type)?.attributes.find((a) => a.name === name)?.label ?? attributeWords(name);
    return {
      types: [...byType.values()],
      systems: systems ?? [],
      type: (name: string) => words(name),
      system: (id: string) => labels.get(id) ?? id,
      attribute,
      /** A sentence of the hub with record keys (`crm:contact:31`) and ids of systems (`crm`) as people say them (`CRM 31`, `CRM`). */
      spoken: (sentence: string) => speak(sentence, labels, byType),
      /** A sentence of the hub about a row, which begins with the id of its system (`crm contacts line 4: …`). */
      spokenRow: (sentence: string) => sentence.replace(/^[a-z][a-z0-9_-]*(?= )/, (id) => labels.get(id) ?? id),
      /** The names in the order people should see them; ones the model does not know come last. */
      inOrder: (type: string, names: Iterable<string>) => {
        const order = new Map(byType.get(type)?.attributes.map((a, i) => [a.name, i]));
        return [...new Set(names)].sort((a, b) => (order.get(a) ?? 999) - (order.get(b) ?? 999) || a.localeCompare(b));
      },
      /** Whether a system can bring deleted records of a type back; undefined until it has said so. */
      undeletes: (system: string, type: string) => systems?.find((one) => one.id === system)?.undeletes?.includes(type),
      /** Whether golden records of some type can refer to those of this one. */
      referredTo: (name: string) => [...byType.values()].some((type) => type.attributes.some((a) => a.refersTo === name)),
      attributeNames: (type: string) => Object.fromEntries((byType.get(type)?.attributes ?? []).map((a) => [a.name, a.label])),
      matching: (type: string) => byType.get(type)?.matching,
    };
  }, [types, systems]);
}

export type Model = ReturnType<typeof useModel>;

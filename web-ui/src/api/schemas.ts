import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type Schemas, api, ok } from './client';
import { PAGE, list, match } from './queries';

/* Calls about the fields of systems and what is decided about them. */

export type SchemaChange = Schemas['SchemaChange'];
export type SchemaAnswer = Schemas['SchemaAnswer'];
export type SystemSchema = Schemas['SystemSchema'];

/** What waits for an answer. */
export const useSchemaChanges = (system: string | undefined) =>
  useInfiniteQuery(
    list<SchemaChange>(['schema', 'changes', system], (cursor) =>
      ok(api.GET('/api/v1/schema-changes', { params: { query: { ...(system ? { system } : {}), cursor, limit: PAGE } } })),
    ),
  );

export const useSystemSchema = (id: string) =>
  useQuery({ queryKey: ['schema', 'of', id], queryFn: () => ok(api.GET('/api/v1/systems/{id}/schema', { params: { path: { id } } })) });

/** Goes back to an earlier version of the answers about a stream. */
export function useRollBackAnswers() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ system, stream, version, to }: { system: string; stream: string; version: number; to: number }) =>
      ok(api.POST('/api/v1/systems/{id}/schema/rollback', { params: { path: { id: system }, header: match(version) }, body: { stream, version: to } })),
    onSettled: () => {
      for (const key of ANSWERS_CHANGE) void queries.invalidateQueries({ queryKey: [key] });
    },
  });
}

/** What an answer changes on other pages. */
const ANSWERS_CHANGE = ['schema', 'stats', 'systems', 'outbound', 'entity-types'];

export function useAnswerSchemaChange() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ id, answer }: { id: string; answer: SchemaAnswer }) =>
      ok(api.POST('/api/v1/schema-changes/{id}/answer', { params: { path: { id } }, body: answer })),
    onSettled: () => {
      for (const key of ANSWERS_CHANGE) void queries.invalidateQueries({ queryKey: [key] });
    },
  });
}

import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type Schemas, api, ok } from './client';
import { PAGE, type Review, list, match } from './queries';
import type { operations } from './schema';

/* Calls about delete policies, deletions and their questions. */

export type Deletes = Schemas['Deletes'];
export type DeletesPreview = Schemas['DeletesPreview'];
export type DeleteAction = Schemas['DeleteAction'];
export type Deletion = Schemas['Deletion'];
export type DeletionStep = Schemas['DeletionStep'];
export type DeletionFilter = Omit<NonNullable<operations['listDeletions']['parameters']['query']>, 'cursor' | 'limit'>;

/** What is tried or published: the policy as JSON, or as the text somebody wrote. */
export type DeletesDraft = { document: Record<string, unknown> } | { body: string };

export const useDeletes = (type: string | undefined) =>
  useQuery({
    queryKey: ['deletes', type],
    enabled: !!type,
    queryFn: () => ok(api.GET('/api/v1/deletes/{type}', { params: { path: { type: type! } } })),
  });

/** What a draft says and would have done; null for none. */
export const useDeletesPreview = (type: string, draft: DeletesDraft | null) =>
  useQuery({
    queryKey: ['deletes', type, 'preview', draft],
    enabled: draft !== null,
    retry: false,
    placeholderData: keepPreviousData,
    queryFn: () => ok(api.POST('/api/v1/deletes/{type}/preview', { params: { path: { type } }, body: draft! })),
  });

/** Calls that change what is cached under these words. */
function useChange<V, T>(keys: string[], change: (variables: V) => Promise<T>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSettled: () => {
      for (const key of keys) void queries.invalidateQueries({ queryKey: [key] });
    },
  });
}

export const usePublishDeletes = () =>
  useChange(['deletes'], ({ type, version, draft }: { type: string; version: number; draft: DeletesDraft }) =>
    ok(api.POST('/api/v1/deletes/{type}/publish', { params: { path: { type }, header: match(version) }, body: draft })),
  );

export const useRollBackDeletes = () =>
  useChange(['deletes'], ({ type, version, to }: { type: string; version: number; to: number }) =>
    ok(api.POST('/api/v1/deletes/{type}/rollback', { params: { path: { type }, header: match(version) }, body: { version: to } })),
  );

export const useDeletions = (filter: DeletionFilter) =>
  useInfiniteQuery(
    list<Deletion>(['deletions', filter], (cursor) => ok(api.GET('/api/v1/deletions', { params: { query: { ...filter, cursor, limit: PAGE } } }))),
  );

export const useDeletion = (id: string) =>
  useQuery({ queryKey: ['deletions', 'one', id], queryFn: () => ok(api.GET('/api/v1/deletions/{id}', { params: { path: { id } } })) });

/** Newest first. */
export const useGoldenDeletions = (id: string) =>
  useQuery({
    queryKey: ['deletions', 'golden', id],
    queryFn: () => ok(api.GET('/api/v1/goldens/{id}/deletions', { params: { path: { id }, query: { limit: PAGE } } })).then((page) => page.items),
  });

/** Open questions about deletions, oldest first. */
export const useDeletionReviews = (type: string | undefined) =>
  useQuery({
    queryKey: ['reviews', 'deleted', type],
    enabled: !!type,
    queryFn: (): Promise<Review[]> =>
      ok(api.GET('/api/v1/reviews', { params: { query: { kind: 'DELETED', type: type!, sort: 'openedAt', limit: PAGE } } })).then((page) => page.items),
  });

const RECORDS = ['deletions', 'golden', 'goldens', 'reviews', 'review', 'outbound', 'stats'];

export const useRestore = () =>
  useChange(RECORDS, ({ id, revision }: { id: string; revision: number }) =>
    ok(api.POST('/api/v1/deletions/{id}/restore', { params: { path: { id }, header: match(revision) } })),
  );

/** What deleting a golden record would do now. */
export const useDeletePlan = (golden: string | null) =>
  useQuery({
    queryKey: ['golden', golden, 'delete'],
    enabled: golden !== null,
    gcTime: 0,
    queryFn: () => ok(api.POST('/api/v1/goldens/{id}/delete/preview', { params: { path: { id: golden! } } })),
  });

export const useDeleteGolden = () =>
  useChange(RECORDS, ({ id, revision }: { id: string; revision: number }) =>
    ok(api.POST('/api/v1/goldens/{id}/delete', { params: { path: { id }, header: match(revision) } })),
  );

export const useReconnect = () => useChange(RECORDS, (key: string) => ok(api.POST('/api/v1/records/{key}/reconnect', { params: { path: { key } } })));

export const useAnswerDeletion = () =>
  useChange(RECORDS, ({ review: { id, revision }, deletes, note }: { review: Review; deletes: boolean; note?: string }) => {
    const request = { params: { path: { id }, header: match(revision) }, body: note ? { note } : {} };
    return deletes ? ok(api.POST('/api/v1/reviews/{id}/delete', request)) : ok(api.POST('/api/v1/reviews/{id}/keep', request));
  });

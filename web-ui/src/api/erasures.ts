import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type Schemas, api, ok } from './client';
import { PAGE, list, match } from './queries';

/* Calls about what is erased for good. */

export type Erasure = Schemas['Erasure'];
export type ErasureStep = Schemas['ErasureStep'];
export type ErasureState = Schemas['ErasureState'];
export type KeptOut = Schemas['KeptOut'];

export const useErasures = (state: ErasureState | undefined) =>
  useInfiniteQuery(
    list<Erasure>(['erasures', state], (cursor) => ok(api.GET('/api/v1/erasures', { params: { query: { ...(state && { state }), cursor, limit: PAGE } } }))),
  );

export const useErasure = (id: string) =>
  useQuery({ queryKey: ['erasures', 'one', id], queryFn: () => ok(api.GET('/api/v1/erasures/{id}', { params: { path: { id } } })) });

export const useKeptOut = (id: string) =>
  useInfiniteQuery(
    list<KeptOut>(['erasures', 'kept-out', id], (cursor) =>
      ok(api.GET('/api/v1/erasures/{id}/kept-out', { params: { path: { id }, query: { cursor, limit: PAGE } } })),
    ),
  );

/** What erasing a golden record would do now; null for none. */
export const useErasePlan = (golden: string | null) =>
  useQuery({
    queryKey: ['golden', golden, 'erase'],
    enabled: golden !== null,
    gcTime: 0,
    queryFn: () => ok(api.POST('/api/v1/goldens/{id}/erase/preview', { params: { path: { id: golden! } } })),
  });

function useChange<V, T>(change: (variables: V) => Promise<T>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSettled: () => {
      for (const key of ['erasures', 'goldens', 'reviews', 'outbound', 'stats']) void queries.invalidateQueries({ queryKey: [key] });
    },
  });
}

export const useEraseGolden = () =>
  useChange(({ id, revision, reason }: { id: string; revision: number; reason: string }) =>
    ok(api.POST('/api/v1/goldens/{id}/erase', { params: { path: { id }, header: match(revision) }, body: { reason } })),
  );

/** A person takes over, or says that the record is gone. */
export const useErasureStep = () =>
  useChange(({ id, revision, record, gone }: { id: string; revision: number; record: string; gone: boolean }) => {
    const request = { params: { path: { id, record }, header: match(revision) } };
    return gone
      ? ok(api.POST('/api/v1/erasures/{id}/records/{record}/gone', request))
      : ok(api.POST('/api/v1/erasures/{id}/records/{record}/by-hand', request));
  });

export const useLift = () =>
  useChange(({ id, revision, reason }: { id: string; revision: number; reason: string }) =>
    ok(api.POST('/api/v1/erasures/{id}/lift', { params: { path: { id }, header: match(revision) }, body: { reason } })),
  );

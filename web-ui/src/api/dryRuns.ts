import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type Schemas, api, ok } from './client';
import { PAGE, list } from './queries';

/* Calls about dry runs: what a change would lead to, before it is made. */

export type DryRun = Schemas['DryRun'];
export type DryChange = Schemas['DryChange'];
export type DryChangeKind = Schemas['DryChangeKind'];
export type DryRunToBegin = Schemas['DryRunToBegin'];

export function useBeginDryRun() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: DryRunToBegin) => ok(api.POST('/api/v1/dry-runs', { body })),
    onSuccess: (begun) => queries.setQueryData(['dry-runs', begun.id], begun),
  });
}

/** A dry run as it is now; asks again until it has ended. */
export const useDryRun = (id: string) =>
  useQuery({
    queryKey: ['dry-runs', id],
    refetchInterval: (query) => (query.state.data?.state === 'RUNNING' ? 1000 : false),
    queryFn: () => ok(api.GET('/api/v1/dry-runs/{id}', { params: { path: { id } } })),
  });

export const useDryChanges = (id: string, filter: { system?: string | undefined; kind?: DryChangeKind | undefined }) =>
  useInfiniteQuery(
    list<DryChange>(['dry-runs', id, 'changes', filter], (cursor) =>
      ok(api.GET('/api/v1/dry-runs/{id}/changes', { params: { path: { id }, query: { ...filter, cursor, limit: PAGE } as never } })),
    ),
  );

export function useCancelDryRun() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => ok(api.POST('/api/v1/dry-runs/{id}/cancel', { params: { path: { id } } })),
    onSettled: () => queries.invalidateQueries({ queryKey: ['dry-runs'] }),
  });
}

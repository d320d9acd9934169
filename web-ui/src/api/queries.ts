import {
  type InfiniteData,
  type QueryClient,
  keepPreviousData,
  queryOptions,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import { type Schemas, api, ok } from './client';
import type { operations } from './schema';

/* Every call of the API is here; pages know no address. The first word of a key says what an event makes stale (live/Live.tsx). */

export type EntityType = Schemas['EntityType'];
export type Golden = Schemas['Golden'];
export type GoldenSummary = Schemas['GoldenSummary'];
export type GoldenExplanation = Schemas['GoldenExplanation'];
export type GoldenChange = Schemas['Change'];
export type Referrer = Schemas['Referrer'];
export type Revision = Schemas['Revision'];
export type SourceRecord = Schemas['SourceRecord'];
export type Link = Schemas['Link'];
export type LinkExplanation = Schemas['LinkExplanation'];
export type Story = Schemas['Story'];
export type Lineage = Schemas['Lineage'];
export type MatchRules = Schemas['MatchRules'];
export type Authority = Schemas['Authority'];
export type AuthorityPreview = Schemas['AuthorityPreview'];
export type LifeCycle = Schemas['LifeCycle'];
export type RulesPreview = Schemas['MatchRulesPreview'];
export type RulesLesson = Schemas['MatchRulesLesson'];
export type Merge = Schemas['Merge'];
export type OutboundChange = Schemas['OutboundChange'];
export type PlannedWrite = Schemas['PlannedWrite'];
export type Review = Schemas['Review'];
export type ReviewDetail = Schemas['ReviewDetail'];
export type ReviewPair = Schemas['ReviewPair'];
export type Run = Schemas['Run'];
export type Audit = Schemas['Audit'];
export type Certificate = Schemas['Certificate'];
export type RecoveryConflict = Schemas['RecoveryConflict'];
export type Disposition = Schemas['Disposition'];
export type Finding = Schemas['Finding'];
export type Stats = Schemas['Stats'];
export type System = Schemas['System'];
export type SystemDetail = Schemas['SystemDetail'];

type Query<O extends keyof operations> = Omit<NonNullable<operations[O]['parameters']['query']>, 'cursor' | 'limit' | 'attributes'>;
export type GoldenFilter = Query<'listGoldens'>;
export type ReviewFilter = Query<'listReviews'>;
export type RunFilter = Query<'listRuns'>;
export type MergeFilter = Query<'listMerges'>;
export type OutboundFilter = Query<'listOutbound'>;

interface ListPage<T> {
  items: T[];
  next?: string;
}
type Pages<T> = InfiniteData<ListPage<T>, string | undefined>;

export const PAGE = 50;
const RECENT = 15;
/** Lists of what people set up by hand, which the pages show whole. */
const WHOLE = { params: { query: { limit: 500 } } };

export function list<T>(key: unknown[], load: (cursor: string | undefined) => Promise<ListPage<T>>) {
  return {
    queryKey: key,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }: { pageParam: string | undefined }) => load(pageParam),
    getNextPageParam: (last: ListPage<T>) => last.next,
    select: (data: Pages<T>) => data.pages.flatMap((page) => page.items),
    placeholderData: keepPreviousData,
  };
}

export const useStats = () => useQuery({ queryKey: ['stats'], queryFn: () => ok(api.GET('/api/v1/stats')) });

export const useEntityTypes = () =>
  useQuery({ queryKey: ['entity-types'], staleTime: 300_000, queryFn: () => ok(api.GET('/api/v1/entity-types', WHOLE)).then((page) => page.items) });

export const useSystems = () => useQuery({ queryKey: ['systems'], queryFn: () => ok(api.GET('/api/v1/systems', WHOLE)).then((page) => page.items) });

export const useSystem = (id: string) =>
  useQuery({ queryKey: ['systems', id], queryFn: () => ok(api.GET('/api/v1/systems/{id}', { params: { path: { id } } })) });

/** The newest changes of golden records, newest first, each with the golden as it is now. */
export const useRecentChanges = () =>
  useQuery({
    queryKey: ['changes'],
    queryFn: async () => {
      const { feed } = await ok(api.GET('/api/v1/stats'));
      const since = Math.max(0, feed.end - RECENT);
      const page = await ok(api.GET('/api/v1/changes', { params: { query: { since, include: 'golden', limit: RECENT } } }));
      return page.items.reverse();
    },
  });

export const useGoldens = (filter: GoldenFilter) =>
  useInfiniteQuery(
    list<GoldenSummary>(['goldens', filter], (cursor) =>
      ok(api.GET('/api/v1/goldens', { params: { query: { ...filter, cursor, limit: PAGE } as never } })),
    ),
  );

/** For the palette: a few goldens that hold all the words, or the one a record key or golden id leads to. */
export const useFind = (text: string) =>
  useQuery({
    queryKey: ['goldens', 'find', text],
    enabled: text.length > 1,
    placeholderData: keepPreviousData,
    queryFn: async (): Promise<{ id: string; label: string; type: string }[]> => {
      const exact = /^[^:\s]+:[^:\s]+:.+$/.test(text) ? await bySource(text) : null;
      if (exact) return [exact];
      const page = await ok(api.GET('/api/v1/goldens', { params: { query: { text, limit: 8 } as never } }));
      return page.items;
    },
  });

async function bySource(key: string) {
  const [system, type, ...rest] = key.split(':');
  const path = { system: system!, type: type!, nativeId: rest.join(':') };
  const { data } = await api.GET('/api/v1/goldens/by-source/{system}/{type}/{nativeId}', { params: { path } });
  return data ?? null;
}

/** The golden under this very id, also when it is retired. */
export const useGolden = (id: string) =>
  useQuery({
    queryKey: ['golden', id],
    queryFn: () => ok(api.GET('/api/v1/goldens/{id}', { params: { path: { id }, query: { follow: false } } })),
  });

/** The golden in use under an id at an instant. */
export const useGoldenThen = (id: string, asOf: string) =>
  useQuery({
    queryKey: ['golden', id, 'then', asOf],
    queryFn: () => ok(api.GET('/api/v1/goldens/{id}', { params: { path: { id }, query: { asOf } } })),
  });

export const useExplanation = (id: string) =>
  useQuery({ queryKey: ['golden', id, 'explain'], queryFn: () => ok(api.GET('/api/v1/goldens/{id}/explain', { params: { path: { id } } })) });

/** Why two records are the same or not, now or at an instant. */
export const useLinkExplanation = (a: string | undefined, b: string | undefined, asOf: string | undefined) =>
  useQuery({
    queryKey: ['golden', 'pair', a, b, asOf],
    enabled: !!a && !!b,
    queryFn: () => ok(api.GET('/api/v1/explain/link', { params: { query: { a: a!, b: b!, ...(asOf ? { asOf } : {}) } } })),
  });

/** How a golden came to be. */
export const useStory = (id: string) =>
  useQuery({ queryKey: ['golden', id, 'how'], queryFn: () => ok(api.GET('/api/v1/goldens/{id}/how', { params: { path: { id } } })) });

export const useHistory = (id: string) =>
  useInfiniteQuery(
    list<Revision>(['golden', id, 'history'], (cursor) =>
      ok(api.GET('/api/v1/goldens/{id}/history', { params: { path: { id }, query: { cursor, limit: PAGE } } })),
    ),
  );

/** Golden records that refer to this one. @param asked whether any can */
export const useReferrers = (id: string, asked: boolean) =>
  useInfiniteQuery({
    ...list<Referrer>(['golden', id, 'referrers'], (cursor) =>
      ok(api.GET('/api/v1/goldens/{id}/referrers', { params: { path: { id }, query: { cursor, limit: PAGE } } })),
    ),
    enabled: asked,
  });

export const useGoldenOutbound = (id: string) =>
  useQuery({
    queryKey: ['outbound', 'golden', id],
    queryFn: () => ok(api.GET('/api/v1/goldens/{id}/outbound', { params: { path: { id }, ...WHOLE.params } })).then((page) => page.items),
  });

export const useLineage = (id: string) =>
  useQuery({ queryKey: ['golden', id, 'lineage'], queryFn: () => ok(api.GET('/api/v1/goldens/{id}/lineage', { params: { path: { id } } })) });

export const useRuns = (filter: RunFilter) =>
  useInfiniteQuery(
    list<Run>(['runs', filter], (cursor) => ok(api.GET('/api/v1/runs', { params: { query: { ...filter, cursor, limit: PAGE } } }))),
  );

/** The newest audit of a system, or the newest that is done; null if there was none. */
async function newestAudit(system: string, state?: 'DONE'): Promise<Run | null> {
  let cursor: string | undefined;
  do {
    const page = await ok(api.GET('/api/v1/runs', { params: { query: { kind: 'audit', system, state, cursor, limit: PAGE } } }));
    if (page.items.length) return page.items[0]!;
    cursor = page.next;
  } while (cursor);
  return null;
}

/** The audit of a system that was begun last; null if there was none. */
export const useLastAudit = (system: string) => useQuery({ queryKey: ['runs', 'audit', system], queryFn: () => newestAudit(system) });

/** The audit of a system that was finished last; null if there was none. */
export const useLastDoneAudit = (system: string, enabled: boolean) =>
  useQuery({ queryKey: ['runs', 'audit', system, 'done'], enabled, queryFn: () => newestAudit(system, 'DONE') });

export const useAudit = (runId: string) =>
  useQuery({ queryKey: ['runs', 'audit', 'of', runId], queryFn: () => ok(api.GET('/api/v1/runs/{id}/audit', { params: { path: { id: runId } } })) });

export const useRun = (id: string) =>
  useQuery({ queryKey: ['runs', 'one', id], queryFn: () => ok(api.GET('/api/v1/runs/{id}', { params: { path: { id } } })) });

/** There from the moment on in which a recovery begins to write. */
export const useCertificate = (runId: string, enabled: boolean) =>
  useQuery({
    queryKey: ['runs', 'certificate', runId],
    enabled,
    queryFn: () => ok(api.GET('/api/v1/runs/{id}/certificate', { params: { path: { id: runId } } })),
  });

/** @param system empty for all */
export const useConflicts = (runId: string, system: string) =>
  useInfiniteQuery(
    list<RecoveryConflict>(['runs', 'conflicts', runId, system], (cursor) =>
      ok(
        api.GET('/api/v1/runs/{id}/conflicts', {
          params: { path: { id: runId }, query: { ...(system ? { system } : {}), cursor, limit: PAGE } },
        }),
      ),
    ),
  );

/** @param disposition empty for all */
export const useFindings = (runId: string, disposition: Disposition | '') =>
  useInfiniteQuery(
    list<Finding>(['runs', 'findings', runId, disposition], (cursor) =>
      ok(
        api.GET('/api/v1/runs/{id}/findings', {
          params: { path: { id: runId }, query: { ...(disposition ? { disposition } : {}), cursor, limit: PAGE } },
        }),
      ),
    ),
  );

export function useStartAudit() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ id, heal }: { id: string; heal: boolean }) =>
      ok(api.POST('/api/v1/systems/{id}/audits', { params: { path: { id } }, body: { heal } })),
    onSettled: () => void queries.invalidateQueries({ queryKey: ['runs'] }),
  });
}

export function useCancelRun() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => ok(api.POST('/api/v1/runs/{id}/cancel', { params: { path: { id } } })),
    onSettled: () => void queries.invalidateQueries({ queryKey: ['runs'] }),
  });
}

export const useOutbound = (filter: OutboundFilter) =>
  useInfiniteQuery(
    list<OutboundChange>(['outbound', filter], (cursor) =>
      ok(api.GET('/api/v1/outbound', { params: { query: { ...filter, cursor, limit: PAGE } } })),
    ),
  );

export const useReviews = (filter: ReviewFilter) =>
  useInfiniteQuery(
    list<Review>(['reviews', filter], (cursor) => ok(api.GET('/api/v1/reviews', { params: { query: { ...filter, cursor, limit: PAGE } } }))),
  );

const review = (id: string) =>
  queryOptions({ queryKey: ['review', id], queryFn: () => ok(api.GET('/api/v1/reviews/{id}', { params: { path: { id } } })) });

export const useReview = (id: string | undefined) => useQuery({ ...review(id ?? ''), enabled: !!id });

export const prefetchReview = (queries: QueryClient, id: string) => queries.prefetchQuery({ ...review(id), staleTime: 30_000 });

export const match = (revision: number) => ({ 'If-Match': `"${revision}"` });

export function useDecide() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ review: { id, revision }, decision, golden, note }: { review: Review; decision: 'MATCH' | 'NO_MATCH'; golden?: string; note?: string }) =>
      ok(
        api.POST('/api/v1/reviews/{id}/decision', {
          params: { path: { id }, header: match(revision) },
          body: { decision, ...(golden ? { golden } : {}), ...(note ? { note } : {}) },
        }),
      ),
    onSuccess: (decided) => renew(queries, decided),
    onSettled: () => {
      for (const key of ['reviews', 'review', 'stats', 'golden']) void queries.invalidateQueries({ queryKey: [key] });
    },
  });
}

/** The next decision must name the new revision, even if it comes before the review is loaded again. */
const renew = (queries: QueryClient, now: Review) =>
  queries.setQueryData<ReviewDetail>(review(now.id).queryKey, (detail) => detail && { ...detail, review: now });

export function useAnswerBrake() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ review: { id, revision }, approves, note }: { review: Review; approves: boolean; note?: string }) => {
      const request = { params: { path: { id }, header: match(revision) }, body: note ? { note } : {} };
      return approves ? ok(api.POST('/api/v1/reviews/{id}/approve', request)) : ok(api.POST('/api/v1/reviews/{id}/refuse', request));
    },
    onSettled: () => {
      for (const key of ['reviews', 'review', 'stats', 'golden']) void queries.invalidateQueries({ queryKey: [key] });
    },
  });
}

export function useUndoReview() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ id, revision }: { id: string; revision: number }) =>
      ok(api.POST('/api/v1/reviews/{id}/undo', { params: { path: { id }, header: match(revision) } })),
    onSuccess: (open) => renew(queries, open),
    onSettled: () => {
      for (const key of ['reviews', 'review', 'stats', 'golden']) void queries.invalidateQueries({ queryKey: [key] });
    },
  });
}

export function useDiscard() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ id, revision }: { id: string; revision: number }) =>
      ok(api.POST('/api/v1/reviews/{id}/discard', { params: { path: { id }, header: match(revision) } })),
    onSettled: () => {
      for (const key of ['reviews', 'stats']) void queries.invalidateQueries({ queryKey: [key] });
    },
  });
}

export const useMatchRules = (type: string | undefined) =>
  useQuery({
    queryKey: ['rules', type],
    enabled: !!type,
    queryFn: () => ok(api.GET('/api/v1/match-rules/{type}', { params: { path: { type: type! } } })),
  });

/** Begins a preview; how far it is tells {@link useRulesPreview}. */
export const useBeginRulesPreview = () =>
  useMutation({
    mutationFn: ({ type, body }: { type: string; body: string }) =>
      ok(api.POST('/api/v1/match-rules/{type}/preview', { params: { path: { type } }, body: { body, samples: 50 } })),
  });

/** A preview as it is now; asks again until it is done. */
export const useRulesPreview = (begun: RulesPreview | undefined) =>
  useQuery({
    queryKey: ['rules', 'preview', begun?.id],
    enabled: begun?.state === 'RUNNING',
    initialData: begun,
    refetchInterval: (query) => (query.state.data?.state === 'RUNNING' ? 1000 : false),
    queryFn: () => ok(api.GET('/api/v1/match-rules/previews/{id}', { params: { path: { id: begun!.id } } })),
  });

/** Has weights learned from the records and the verdicts; how far that is tells {@link useRulesLesson}. */
export const useLearnRules = () =>
  useMutation({
    mutationFn: ({ type, body }: { type: string; body: string }) =>
      ok(api.POST('/api/v1/match-rules/{type}/learn', { params: { path: { type } }, body: { body } })),
  });

/** What was learned, or how far it is; asks again until it is done. */
export const useRulesLesson = (begun: RulesLesson | undefined) =>
  useQuery({
    queryKey: ['rules', 'lesson', begun?.id],
    enabled: begun?.state === 'RUNNING',
    initialData: begun,
    refetchInterval: (query) => (query.state.data?.state === 'RUNNING' ? 1000 : false),
    queryFn: () => ok(api.GET('/api/v1/match-rules/lessons/{id}', { params: { path: { id: begun!.id } } })),
  });

const RULES_CHANGE = ['rules', 'entity-types', 'reviews', 'stats', 'goldens', 'golden'];

export function usePublishRules() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ type, version, body }: { type: string; version: number; body: string }) =>
      ok(api.POST('/api/v1/match-rules/{type}/publish', { params: { path: { type }, header: match(version) }, body: { body } })),
    onSettled: () => {
      for (const key of RULES_CHANGE) void queries.invalidateQueries({ queryKey: [key] });
    },
  });
}

export function useRollBackRules() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ type, version, to }: { type: string; version: number; to: number }) =>
      ok(api.POST('/api/v1/match-rules/{type}/rollback', { params: { path: { type }, header: match(version) }, body: { version: to } })),
    onSettled: () => {
      for (const key of RULES_CHANGE) void queries.invalidateQueries({ queryKey: [key] });
    },
  });
}

export const useAuthority = (type: string | undefined) =>
  useQuery({
    queryKey: ['authority', type],
    enabled: !!type,
    queryFn: () => ok(api.GET('/api/v1/authority/{type}', { params: { path: { type: type! } } })),
  });

/** What is tried or published: the policy as JSON, or as the text somebody wrote. */
export type AuthorityDraft = { document: Record<string, unknown> } | { body: string };

/** Begins a preview; how far it is tells {@link useAuthorityPreview}. */
export const useBeginAuthorityPreview = () =>
  useMutation({
    mutationFn: ({ type, draft }: { type: string; draft: AuthorityDraft }) =>
      ok(api.POST('/api/v1/authority/{type}/preview', { params: { path: { type } }, body: { ...draft, samples: 50 } })),
  });

/** A preview as it is now; asks again until it is done. */
export const useAuthorityPreview = (begun: AuthorityPreview | undefined) =>
  useQuery({
    queryKey: ['authority', 'preview', begun?.id],
    enabled: begun?.state === 'RUNNING',
    initialData: begun,
    refetchInterval: (query) => (query.state.data?.state === 'RUNNING' ? 1000 : false),
    queryFn: () => ok(api.GET('/api/v1/authority/previews/{id}', { params: { path: { id: begun!.id } } })),
  });

const AUTHORITY_CHANGES = ['authority', 'entity-types', 'reviews', 'stats', 'goldens', 'golden'];

export function usePublishAuthority() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ type, version, draft }: { type: string; version: number; draft: AuthorityDraft }) =>
      ok(api.POST('/api/v1/authority/{type}/publish', { params: { path: { type }, header: match(version) }, body: draft })),
    onSettled: () => {
      for (const key of AUTHORITY_CHANGES) void queries.invalidateQueries({ queryKey: [key] });
    },
  });
}

export function useRollBackAuthority() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ type, version, to }: { type: string; version: number; to: number }) =>
      ok(api.POST('/api/v1/authority/{type}/rollback', { params: { path: { type }, header: match(version) }, body: { version: to } })),
    onSettled: () => {
      for (const key of AUTHORITY_CHANGES) void queries.invalidateQueries({ queryKey: [key] });
    },
  });
}

/** Changes that systems made against what is trusted more, and that wait for a steward. */
export const useProposals = (type: string | undefined) =>
  useQuery({
    queryKey: ['reviews', 'proposed', type],
    enabled: !!type,
    queryFn: () =>
      ok(api.GET('/api/v1/reviews', { params: { query: { kind: 'PROPOSED', type: type!, sort: 'openedAt', limit: PAGE } as never } })).then((page) => page.items),
  });

export function useAnswerProposal() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ id, revision, accept }: { id: string; revision: number; accept: boolean }) => {
      const params = { path: { id }, header: match(revision) };
      return accept ? ok(api.POST('/api/v1/reviews/{id}/accept', { params })) : ok(api.POST('/api/v1/reviews/{id}/reject', { params }));
    },
    onSettled: () => {
      for (const key of ['reviews', 'review', 'stats', 'golden', 'goldens']) void queries.invalidateQueries({ queryKey: [key] });
    },
  });
}

export type ValueToGive = Schemas['ValueToGive'];

interface Giving {
  id: string;
  attribute: string;
  given: ValueToGive;
}

export const usePreviewValue = () =>
  useMutation({
    mutationFn: ({ id, attribute, given }: Giving) =>
      ok(api.POST('/api/v1/goldens/{id}/values/{attribute}/preview', { params: { path: { id, attribute } }, body: given })),
  });

export function useGiveValue() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ id, attribute, given, revision }: Giving & { revision: number }) =>
      ok(api.PUT('/api/v1/goldens/{id}/values/{attribute}', { params: { path: { id, attribute }, header: match(revision) }, body: given })),
    onSettled: () => {
      for (const key of ['golden', 'goldens', 'outbound']) void queries.invalidateQueries({ queryKey: [key] });
    },
  });
}

export function useTakeValueBack() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ id, attribute, revision }: { id: string; attribute: string; revision: number }) =>
      ok(api.DELETE('/api/v1/goldens/{id}/values/{attribute}', { params: { path: { id, attribute }, header: match(revision) } })),
    onSettled: () => {
      for (const key of ['golden', 'goldens', 'outbound']) void queries.invalidateQueries({ queryKey: [key] });
    },
  });
}

/** Values that so many records hold that they bring nobody together any more. */
export const useGenericKeys = (type: string | undefined) =>
  useInfiniteQuery({
    ...list<Schemas['BlockKey']>(['block-keys', type], (cursor) =>
      ok(api.GET('/api/v1/block-keys', { params: { query: { ...(type ? { type } : {}), cursor, limit: PAGE } } })),
    ),
    enabled: !!type,
  });

export const useBlockKey = (value: string | undefined) =>
  useQuery({
    queryKey: ['block-keys', 'one', value],
    enabled: !!value,
    queryFn: () => ok(api.GET('/api/v1/block-keys/{value}', { params: { path: { value: value! } } })),
  });

export const useMerges = (filter: MergeFilter) =>
  useInfiniteQuery(
    list<Merge>(['merges', filter], (cursor) => ok(api.GET('/api/v1/merges', { params: { query: { ...filter, cursor, limit: PAGE } } }))),
  );

export type UnmergeMode = Schemas['UnmergeMode'];

/** @param asked false once it was taken back: there is nothing to preview any more */
export const useUnmergePreview = (id: string, mode: UnmergeMode, asked: boolean) =>
  useQuery({
    queryKey: ['golden', 'unmerge', id, mode],
    enabled: asked,
    gcTime: 0,
    queryFn: () => ok(api.POST('/api/v1/merges/{id}/unmerge/preview', { params: { path: { id } }, body: { mode } })),
  });

export function useUnmerge() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ id, revision, mode, note }: { id: string; revision: number; mode: UnmergeMode; note?: string }) =>
      ok(api.POST('/api/v1/merges/{id}/unmerge', { params: { path: { id }, header: match(revision) }, body: { mode, ...(note && { note }) } })),
    onSettled: (_, refused) => {
      // of what is taken back there is nothing to preview any more
      const stands = (query: { queryKey: readonly unknown[] }) => refused !== null || query.queryKey[1] !== 'unmerge';
      for (const key of ['golden', 'goldens', 'merges', 'reviews', 'stats', 'outbound']) void queries.invalidateQueries({ queryKey: [key], predicate: stands });
    },
  });
}

export function useRetry() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (key: string) => ok(api.POST('/api/v1/outbound/{key}/retry', { params: { path: { key } } })),
    onSettled: () => {
      for (const key of ['outbound', 'stats', 'systems']) void queries.invalidateQueries({ queryKey: [key] });
    },
  });
}

/** The last two answer whether a new system may be written to. */
export type SystemAction = 'poll' | 'pause' | 'resume' | 'approve' | 'refuse';

export function useSystemAction() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ id, action }: { id: string; action: SystemAction }) => {
      const params = { params: { path: { id } } };
      if (action === 'poll') return ok(api.POST('/api/v1/systems/{id}/poll', params));
      if (action === 'pause') return ok(api.POST('/api/v1/systems/{id}/pause', params));
      if (action === 'approve') return ok(api.POST('/api/v1/systems/{id}/first-sync/approve', params));
      if (action === 'refuse') return ok(api.POST('/api/v1/systems/{id}/first-sync/refuse', params));
      return ok(api.POST('/api/v1/systems/{id}/resume', params));
    },
    onSettled: () => {
      for (const key of ['systems', 'stats', 'runs']) void queries.invalidateQueries({ queryKey: [key] });
    },
  });
}

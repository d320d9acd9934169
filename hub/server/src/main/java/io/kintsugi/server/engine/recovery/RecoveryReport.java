package io.kintsugi.server.engine.recovery;

import io.kintsugi.core.model.OutboundChange.OutboundState;
import io.kintsugi.core.model.RecordState;
import io.kintsugi.core.model.SourceRecord;
import io.kintsugi.core.policy.StreamMapping;
import io.kintsugi.core.store.HubStore;
import io.kintsugi.core.store.HubTransaction;
import io.kintsugi.core.sync.Absorb.Observation;
import io.kintsugi.server.engine.audit.RowComparison;
import io.kintsugi.server.engine.recovery.Certificate.Equality;
import io.kintsugi.server.engine.recovery.Certificate.StreamPart;
import io.kintsugi.server.engine.recovery.Certificate.SystemPart;
import io.kintsugi.server.engine.recovery.RecoveryState.Standing;
import io.kintsugi.server.engine.shared.LiveModel;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/** What a recovery has to say, read from the store page by page. Stateless. */
public final class RecoveryReport {
    private static final int PAGE = 500;
    private final HubStore store;
    private final LiveModel model;

    public RecoveryReport(HubStore store, LiveModel model) {
        this.store = store;
        this.model = model;
    }

    /** Deleted records by system. */
    public static Map<String, Long> deleted(HubTransaction tx) {
        var deleted = new HashMap<String, Long>();
        for (var count : tx.records().counts()) {
            if (count.state() == RecordState.DELETED) deleted.merge(count.system(), count.records(), Long::sum);
        }
        return deleted;
    }

    /** How many writes wait for each system. */
    public RecoveryState planned(HubTransaction tx, RecoveryState state) {
        var waiting = count(tx, OutboundState.DUE);
        var next = state;
        for (var member : state.members().entrySet()) {
            next = next.with(member.getKey(), member.getValue().planned(waiting.getOrDefault(member.getKey(), 0L)));
        }
        return next;
    }

    private static Map<String, Long> count(HubTransaction tx, OutboundState... states) {
        var counts = new HashMap<String, Long>();
        for (var count : tx.outbox().counts()) {
            if (List.of(states).contains(count.state())) counts.merge(count.system(), count.changes(), Long::sum);
        }
        return counts;
    }

    /** Whether nothing is left to be written to systems that took part. */
    public boolean written(HubTransaction tx, RecoveryState state) {
        var open = count(tx, OutboundState.DUE, OutboundState.SENDING, OutboundState.VERIFYING);
        return state.members().entrySet().stream()
                .noneMatch(member ->
                        member.getValue().standing() == Standing.READ && open.getOrDefault(member.getKey(), 0L) > 0);
    }

    /** The certificate at the moment when writing begins: what was read, and the conflicts that were decided. */
    public Certificate opened(HubTransaction tx, RecoveryState state, ConflictPass.Listed conflicts, Instant now) {
        return new Certificate(
                state.run(),
                state.cause(),
                state.begun(),
                now,
                tx.records().pending(1).isEmpty(),
                null,
                parts(tx, state),
                List.of(),
                conflicts.count(),
                conflicts.passes(),
                questions(tx),
                List.of());
    }

    /** The finished certificate. */
    public Certificate ended(HubTransaction tx, RecoveryState state, List<Equality> equality, Instant now) {
        var opened = Certificate.find(tx, state.run()).orElseThrow();
        return new Certificate(
                opened.run(),
                opened.cause(),
                opened.begun(),
                opened.opened(),
                opened.resolved(),
                now,
                parts(tx, state),
                opened.conflicts(),
                opened.conflictCount(),
                opened.passes(),
                questions(tx),
                equality);
    }

    private static TreeMap<String, Long> questions(HubTransaction tx) {
        var questions = new TreeMap<String, Long>();
        tx.reviews().openCounts().forEach((kind, count) -> questions.put(kind.name(), count));
        return questions;
    }

    private static List<SystemPart> parts(HubTransaction tx, RecoveryState state) {
        var waiting = count(tx, OutboundState.DUE, OutboundState.SENDING, OutboundState.VERIFYING);
        var parked = count(tx, OutboundState.PARKED);
        var held = count(tx, OutboundState.HELD);
        var deleted = deleted(tx);
        var parts = new ArrayList<SystemPart>();
        state.members().forEach((system, member) -> {
            var streams = new ArrayList<StreamPart>();
            member.streams()
                    .forEach((stream, how) ->
                            streams.add(new StreamPart(stream, how.tier().name(), how.reason())));
            boolean out = member.standing() == Standing.LEFT_OUT;
            long gone = deleted.getOrDefault(system, 0L) - state.deleted().getOrDefault(system, 0L);
            parts.add(new SystemPart(
                    system,
                    member.silentSince(),
                    out ? null : member.barrier(),
                    out ? member.problem() : null,
                    streams,
                    member.read(),
                    Math.max(0, gone),
                    member.planned(),
                    waiting.getOrDefault(system, 0L),
                    parked.getOrDefault(system, 0L),
                    held.getOrDefault(system, 0L)));
        });
        return parts;
    }

    /** What each system holds against what it should, by what the hub last read there. */
    public List<Equality> equality(RecoveryState state) {
        var sums = new TreeMap<String, Sum>();
        eachPage(state, (system, stream, page) -> {
            var rows = new ArrayList<Observation>();
            for (var record : page) {
                if (record.state() != RecordState.LIVE) continue;
                rows.add(new Observation(record.key(), record.stream(), record.attributes(), null, null));
            }
            var compared = store.read(tx -> new RowComparison(model, system, stream).compare(tx, rows));
            var sum = sums.computeIfAbsent(system + "\0" + stream.entityType(), key -> new Sum(system, stream));
            compared.forEach(sum::add);
        });
        return sums.values().stream().map(Sum::equality).toList();
    }

    /** Hashes of one system and entity type, record by record in the order of their keys. */
    private static final class Sum {
        private final String system;
        private final String entityType;
        private final MessageDigest holds = sha256();
        private final MessageDigest should = sha256();
        private long records;
        private long differing;

        Sum(String system, StreamMapping stream) {
            this.system = system;
            this.entityType = stream.entityType();
        }

        void add(RowComparison.Row row) {
            records++;
            new TreeMap<>(row.attributes()).forEach((attribute, what) -> {
                var held = row.seen().attributes().get(attribute);
                var wanted = !what.drifted() || row.goldenOrNull() == null
                        ? held
                        : row.goldenOrNull().value(attribute);
                if (what.drifted()) differing++;
                update(holds, row, attribute, held);
                update(should, row, attribute, wanted);
            });
        }

        private static void update(MessageDigest digest, RowComparison.Row row, String attribute, String value) {
            for (var part : new String[] {row.seen().key().toString(), attribute, value == null ? "" : value}) {
                digest.update(part.getBytes(StandardCharsets.UTF_8));
                digest.update((byte) 0);
            }
        }

        /** What was counted so far. */
        public Equality equality() {
            var hex = HexFormat.of();
            return new Equality(
                    system,
                    entityType,
                    records,
                    hex.formatHex(holds.digest()),
                    hex.formatHex(should.digest()),
                    differing);
        }

        private static MessageDigest sha256() {
            try {
                return MessageDigest.getInstance("SHA-256");
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every JDK has SHA-256", e);
            }
        }
    }

    private interface Reader {
        void page(String system, StreamMapping stream, List<SourceRecord> records);
    }

    /** Records of all systems that take part, in the order of their keys. */
    private void eachPage(RecoveryState state, Reader reader) {
        for (var config : model.get().systems()) {
            var member = state.members().get(config.id());
            if (member == null || member.standing() == Standing.LEFT_OUT) continue;
            for (var stream : config.streams()) {
                eachPage(config.id(), stream, page -> reader.page(config.id(), stream, page));
            }
        }
    }

    private void eachPage(String system, StreamMapping stream, Consumer<List<SourceRecord>> reader) {
        String cursor = null;
        do {
            var from = cursor;
            var page = store.read(tx -> tx.records().list(system, stream.entityType(), from, PAGE));
            reader.accept(page.items().stream()
                    .filter(record -> record.stream().equals(stream.stream()))
                    .toList());
            cursor = page.next();
        } while (cursor != null);
    }
}

package io.kintsugi.server.config;

import io.kintsugi.core.match.Matcher;
import io.kintsugi.core.model.EntityType;
import io.kintsugi.core.model.HubErrorCode;
import io.kintsugi.core.model.HubException;
import io.kintsugi.core.model.Run;
import io.kintsugi.core.policy.AuthorityPolicy;
import io.kintsugi.core.policy.DeletePolicy;
import io.kintsugi.core.policy.MatchPolicy;
import io.kintsugi.core.policy.StreamMapping;
import io.kintsugi.core.policy.SystemConfig;
import io.kintsugi.core.store.HubStore;
import io.kintsugi.core.store.HubTransaction;
import io.kintsugi.core.store.Journal.Document;
import io.kintsugi.server.engine.shared.HubModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The published documents of a hub. They live in the graph, in versions; a file is only a way to bring new ones in. Publishing what
 * is published already changes nothing.
 */
public final class ModelStore {
    /** Entity types that every hub knows. */
    public static final List<String> SHIPPED = List.of("contact", "account", "item");

    private static final String SHIPPER = "kintsugi"; // who publishes the shipped types

    private final HubStore store;
    private final Clock clock;

    public ModelStore(HubStore store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    /**
     * Documents by kind and name, as YAML.
     *
     * @param documents kind ({@code entity}, {@code matching}, {@code authority}, {@code deletes}, {@code system}, {@code mapping}, {@code
     *     attributes}, {@code schema}) → name → body
     */
    public record Documents(Map<String, Map<String, String>> documents) {
        private static final Map<String, String> BLOCKS = new LinkedHashMap<>();

        static {
            BLOCKS.put("entities", "entity");
            BLOCKS.put("matching", "matching");
            BLOCKS.put("authority", "authority");
            BLOCKS.put("deletes", "deletes");
            BLOCKS.put("systems", "system");
        }

        /** Takes the blocks of a configuration file apart. Blocks that are not there give no documents. */
        static Documents of(Fields file) {
            var all = new LinkedHashMap<String, Map<String, String>>();
            BLOCKS.forEach((block, kind) -> {
                var named = new LinkedHashMap<String, String>();
                file.block(block).entries().forEach((name, node) -> named.put(name, ModelReader.write(node)));
                all.put(kind, named);
            });
            return new Documents(all);
        }

        public static final Documents NONE = new Documents(Map.of());

        /**
         * How the systems of the documents are connected, without their streams.
         *
         * @throws io.kintsugi.core.model.HubException with {@code BAD_CONFIGURATION} that names what is wrong
         */
        public List<SystemConfig> connections() {
            return documents.getOrDefault("system", Map.of()).entrySet().stream()
                    .map(system -> ModelReader.connection(system.getKey(), system.getValue()))
                    .toList();
        }
    }

    /**
     * Checks documents together with what is published, then publishes those that are new or different. All of them or none. What
     * is stored under a policy that changed, or under the match rules of another build, is brought under the new ones by
     * {@link #rematch}, and so is what a system now gets records of.
     *
     * @return the model as it is then
     */
    public HubModel publish(Documents documents, String by) {
        return store.write(tx -> {
            var before = model(tx);
            var now = clock.instant();
            var own = documents.documents().getOrDefault("entity", Map.of());
            for (var name : SHIPPED) {
                var known = tx.journal().document("entity", name);
                boolean ours = known.isEmpty() || known.get().by().equals(SHIPPER);
                if (ours && !own.containsKey(name)) tx.journal().publish("entity", name, shipped(name), SHIPPER, now);
            }
            documents
                    .documents()
                    .forEach((kind, named) ->
                            named.forEach((name, body) -> tx.journal().publish(kind, name, body, by, now)));
            var after = model(tx);
            documents.documents().getOrDefault("matching", Map.of()).forEach((name, body) -> {
                boolean changed = !before.matching().containsKey(name)
                        || before.matching().get(name).version()
                                != after.matching().get(name).version();
                if (changed) requirePrecision(tx, after, after.entityType(name), body);
            });
            for (var type : after.entityTypes()) {
                boolean otherRules = otherRules(tx, type, now);
                if (otherRules || changes(tx, type, before, after)) Rematch.ask(tx, type.name(), now);
            }
            return after;
        });
    }

    /**
     * Marks the records of all entity types whose policies or rules changed as waiting for resolution. Called after the engine works
     * by the published model, else it might resolve them by the former one. Goes on where a call before it was interrupted; does
     * nothing if nothing changed.
     */
    public void rematch() {
        while (rematchPage().isPresent()) {
            // until all are marked
        }
    }

    /**
     * One page of {@link #rematch}.
     *
     * @return the run that it is part of; empty if there was nothing to mark
     */
    public Optional<Run> rematchPage() {
        var rematch = new Rematch(store, clock);
        for (var document : store.read(tx -> tx.journal().documents("entity"))) {
            var run = rematch.page(document.name());
            if (run.isPresent()) return run;
        }
        return Optional.empty();
    }

    /** ID-11: rules that merge too much of what stewards told apart are not published, if they say so themselves. */
    private static void requirePrecision(HubTransaction tx, HubModel model, EntityType type, String body) {
        var floor = ModelReader.precisionFloor(type, body);
        if (floor.isEmpty()) return;
        var figures = MatchQuality.of(tx, type.name())
                .measure(tx, new Matcher(type, model.matching().get(type.name())));
        if (figures.precision() == null || figures.precision() >= floor.getAsDouble()) return;
        throw new HubException(
                HubErrorCode.UNPROCESSABLE,
                "the match policy of %s is not published: of the %d pairs that stewards judged and it would merge, %d are right, which is %.3f and below its precisionFloor of %s; raise autoBits, or the weights of what went wrong, or lower the floor"
                        .formatted(
                                type.name(),
                                figures.matched(),
                                figures.right(),
                                figures.precision(),
                                floor.getAsDouble()));
    }

    /** Whether what is stored of the type was decided by the match rules of another build, which are remembered now. */
    private static boolean otherRules(HubTransaction tx, EntityType type, Instant now) {
        var rules = new Matcher(type, Matcher.defaults(type))
                .ruleSet(); // of no published policy: it changes with the build alone
        var known = tx.journal().checkpoint(HubModel.RULES, type.name());
        if (known.isPresent() && known.get().equals(rules)) return false;
        tx.journal().saveCheckpoint(HubModel.RULES, type.name(), rules, now);
        return true;
    }

    /** Whether records of the type could be resolved in another way than before. */
    private static boolean changes(HubTransaction tx, EntityType type, HubModel before, HubModel after) {
        var name = type.name();
        if (!before.matching().containsKey(name)) return false; // a type that was unknown has no records
        if (!before.entityTypes().contains(type)) return true;
        var old = before.matching().get(name);
        var matching = after.matching().get(name);
        if (before.authority().get(name).version()
                != after.authority().get(name).version()) return true;
        if (createsMore(name, before, after)) return true;
        if (old.version() == matching.version()) return false;
        var systems = new HashSet<>(old.duplicateFree()); // of the declarations that only one of them has
        systems.addAll(matching.duplicateFree());
        systems.removeIf(system ->
                old.duplicateFree().contains(system) && matching.duplicateFree().contains(system));
        return !old.rules().equals(matching.rules())
                || !old.merging().equals(matching.merging())
                || Rematch.systems(tx, name).stream().anyMatch(systems::contains);
    }

    /** Whether golden records are to be created where they were not: those that are there already, too. */
    private static boolean createsMore(String entityType, HubModel before, HubModel after) {
        for (var system : after.systems()) {
            for (var stream : system.streams()) {
                if (!creates(stream, entityType)) continue;
                var did = before.system(system.id()).filter(old -> old.streams().stream()
                        .anyMatch(one -> one.stream().equals(stream.stream()) && creates(one, entityType)));
                if (did.isEmpty()) return true;
            }
        }
        return false;
    }

    private static boolean creates(StreamMapping stream, String entityType) {
        return stream.entityType().equals(entityType) && stream.write() && stream.provision();
    }

    private static HubModel model(HubTransaction tx) {
        return read(
                tx.journal().documents("entity"),
                tx.journal().documents("matching"),
                tx.journal().documents("authority"),
                tx.journal().documents("deletes"),
                tx.journal().documents("system"),
                new Amendments(tx.journal().documents(Amendments.MAPPING)),
                new Amendments(tx.journal().documents(Amendments.ATTRIBUTES)));
    }

    /** The model that is published; of a hub that is new one without entity types. */
    public HubModel published() {
        return store.read(ModelStore::model);
    }

    /** The model as it would be if the documents were published; publishes nothing. */
    public HubModel preview(Documents documents) {
        return store.read(tx -> preview(kind -> tx.journal().documents(kind), documents));
    }

    /**
     * The model of a hub that is new, once the documents are published.
     *
     * @throws HubException with {@code BAD_CONFIGURATION} that names what is wrong
     */
    public static HubModel ofNew(Documents documents) {
        return preview(kind -> List.of(), documents);
    }

    private static HubModel preview(Function<String, List<Document>> published, Documents documents) {
        return read(
                overlaid(published, "entity", documents),
                overlaid(published, "matching", documents),
                overlaid(published, "authority", documents),
                overlaid(published, "deletes", documents),
                overlaid(published, "system", documents),
                new Amendments(overlaid(published, Amendments.MAPPING, documents)),
                new Amendments(overlaid(published, Amendments.ATTRIBUTES, documents)));
    }

    private static List<Document> overlaid(
            Function<String, List<Document>> published, String kind, Documents documents) {
        var all = new LinkedHashMap<String, Document>();
        for (var document : published.apply(kind)) all.put(document.name(), document);
        if (kind.equals("entity")) {
            for (var name : SHIPPED) all.put(name, new Document(kind, name, 1, shipped(name), "kintsugi", null));
        }
        documents.documents().getOrDefault(kind, Map.of()).forEach((name, body) -> {
            long version = all.containsKey(name) ? all.get(name).version() + 1 : 1;
            all.put(name, new Document(kind, name, version, body, "preview", null));
        });
        return List.copyOf(all.values());
    }

    private static HubModel read(
            List<Document> entities,
            List<Document> matching,
            List<Document> authority,
            List<Document> deletes,
            List<Document> systems,
            Amendments mappings,
            Amendments attributes) {
        var types = new ArrayList<EntityType>();
        for (var document : entities) types.add(ModelReader.entityType(document.name(), document.body(), attributes));
        var matchPolicies = new LinkedHashMap<String, MatchPolicy>();
        var authorityPolicies = new LinkedHashMap<String, AuthorityPolicy>();
        for (var type : types) {
            matchPolicies.put(type.name(), ModelReader.matching(type, 0, ""));
            authorityPolicies.put(type.name(), ModelReader.authority(type, 0, ""));
        }
        for (var document : matching) {
            var type = type(types, document, "matching");
            matchPolicies.put(type.name(), ModelReader.matching(type, document.version(), document.body()));
        }
        for (var document : authority) {
            var type = type(types, document, "authority");
            authorityPolicies.put(type.name(), ModelReader.authority(type, document.version(), document.body()));
        }
        var deletePolicies = new LinkedHashMap<String, DeletePolicy>();
        for (var document : deletes) {
            var type = type(types, document, "deletes");
            deletePolicies.put(type.name(), ModelReader.deletes(type, document.version(), document.body()));
        }
        var configs = new ArrayList<SystemConfig>();
        for (var document : systems) configs.add(ModelReader.system(document.name(), types, document.body(), mappings));
        return new HubModel(types, matchPolicies, authorityPolicies, deletePolicies, configs);
    }

    private static EntityType type(List<EntityType> types, Document document, String block) {
        return types.stream()
                .filter(type -> type.name().equals(document.name()))
                .findFirst()
                .orElseThrow(() -> Fields.bad(
                        block + "." + document.name(),
                        "names no entity type; there are "
                                + types.stream().map(EntityType::name).toList()));
    }

    /** Body of a shipped entity type. */
    public static String shipped(String name) {
        try (var in = ModelStore.class.getResourceAsStream("/model/" + name + ".yaml")) {
            if (in == null) throw new IllegalArgumentException("no entity type " + name + " is shipped");
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package io.kintsugi.graph;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/** Everything of a first load as files for the offline import. Nodes are numbered here, and are so in the graph. Thread-safe. */
final class ImportFiles implements AutoCloseable {
    private static final List<String> NODE = List.of(":ID", ":LABEL");
    private static final List<String> ENDS = List.of(":START_ID", ":END_ID");

    // what is written of each thing, as the graph holds it, with its type where that is no text
    private static final List<String> RECORD = List.of(
            "key",
            "system",
            "type",
            "externalId",
            "stream",
            "state",
            "hash",
            "evidenceHash",
            "sourceAt:datetime",
            "observedAt:datetime",
            "version",
            "written",
            "bookkeeping");
    private static final List<String> GOLDEN = List.of(
            "id",
            "type",
            "state",
            "revision:long",
            "createdAt:datetime",
            "updatedAt:datetime",
            "label",
            "search",
            "provenance");
    private static final List<String> REVISION = List.of(
            "goldenId",
            "type",
            "sequence:long",
            "revision:long",
            "at:datetime",
            "cause",
            "changed",
            "joined:string[]",
            "left:string[]",
            "counterpart",
            "policies");
    private static final List<String> REVIEW = List.of(
            "id",
            "kind",
            "state",
            "type",
            "goldens:string[]",
            "records:string[]",
            "score:double",
            "reason",
            "detail",
            "revision:long",
            "openedAt:datetime",
            "decidedAt:datetime",
            "decidedBy",
            "decision",
            "note",
            "policies");

    final ImportFile records;
    final ImportFile goldens;
    final ImportFile revisions;
    final ImportFile blockKeys;
    final ImportFile reviews;
    final ImportFile subjects;
    final ImportFile hasKey;
    final ImportFile resolvesTo;
    final ImportFile linked;
    final ImportFile was;
    final ImportFile about;

    /** Block keys that are known to be generic. */
    final Set<String> generic = ConcurrentHashMap.newKeySet();

    private final Path folder;
    private final AtomicLong nodes = new AtomicLong();
    private final AtomicLong feed;
    private final Map<String, Long> keyNodes = new ConcurrentHashMap<>(1 << 16);
    private final Map<String, Long> subjectNodes = new ConcurrentHashMap<>();

    /**
     * @param attributes names of the attributes that records may have
     * @param feed place of the newest change so far
     */
    ImportFiles(Path folder, Collection<String> attributes, long feed) throws IOException {
        this.folder = folder;
        this.feed = new AtomicLong(feed);
        records = nodes("records", with(attributes, RECORD));
        goldens = nodes("goldens", with(attributes, GOLDEN));
        revisions = nodes("revisions", REVISION);
        blockKeys = nodes("block-keys", List.of("value", "generic:boolean"));
        reviews = nodes("reviews", REVIEW);
        subjects = nodes("review-subjects", List.of("key"));
        hasKey = relationships("HAS_KEY");
        resolvesTo = relationships("RESOLVES_TO", "since:datetime", "origin", "contributes:string[]");
        linked = relationships(
                "LINKED", "origin", "decision", "state", "score:double", "evidence", "blockKey", "by", "at:datetime");
        was = relationships("WAS");
        about = relationships("ABOUT");
    }

    private static List<String> with(Collection<String> attributes, List<String> own) {
        var all = new ArrayList<>(own);
        all.addAll(attributes);
        return all;
    }

    private ImportFile nodes(String name, List<String> properties) throws IOException {
        return new ImportFile(folder.resolve(name + ".csv"), NODE, properties);
    }

    private ImportFile relationships(String type, String... properties) throws IOException {
        return new ImportFile(folder.resolve(type + ".csv"), ENDS, List.of(properties));
    }

    private List<ImportFile> nodeFiles() {
        return List.of(records, goldens, revisions, blockKeys, reviews, subjects);
    }

    private List<ImportFile> relationshipFiles() {
        return List.of(hasKey, resolvesTo, linked, was, about);
    }

    /** The first of so many new node numbers. */
    long number(int count) {
        return nodes.getAndAdd(count);
    }

    /** The place in the feed before so many new changes. */
    long feed(int count) {
        return feed.getAndAdd(count);
    }

    long feedEnd() {
        return feed.get();
    }

    /** Node of a block key; what is new is written to the rows. */
    long blockKey(String value, ImportFile.Rows rows) {
        return keyNodes.computeIfAbsent(value, v -> {
            long node = number(1);
            rows.add(generic.contains(v) ? Map.of("value", v, "generic", true) : Map.of("value", v), node, "BlockKey");
            return node;
        });
    }

    /** Node of what a review is about; what is new is written to the rows. */
    long subject(String key, ImportFile.Rows rows) {
        return subjectNodes.computeIfAbsent(key, k -> {
            long node = number(1);
            rows.add(Map.of("key", k), node, "ReviewSubject");
            return node;
        });
    }

    /** What the import is told about these files. */
    List<String> arguments() {
        var arguments = new ArrayList<String>();
        arguments.add("--id-type=actual");
        arguments.add("--array-delimiter=U+" + String.format("%04X", (int) ImportFile.IN_LISTS));
        arguments.add("--bad-tolerance=0");
        if (Stream.concat(nodeFiles().stream(), relationshipFiles().stream()).anyMatch(ImportFile::multiline)) {
            arguments.add("--multiline-fields=true");
        }
        nodeFiles().forEach(file -> arguments.add("--nodes=" + file.path()));
        relationshipFiles()
                .forEach(file -> arguments.add("--relationships="
                        + file.path().getFileName().toString().replace(".csv", "") + "=" + file.path()));
        return arguments;
    }

    /** Ends the files; nothing can be written any more. */
    @Override
    public void close() throws IOException {
        for (var file : nodeFiles()) file.close();
        for (var file : relationshipFiles()) file.close();
        keyNodes.clear();
        subjectNodes.clear();
    }

    Path folder() {
        return folder;
    }
}

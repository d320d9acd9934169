package io.kintsugi.server.config;

import com.fasterxml.jackson.databind.JsonNode;
import io.kintsugi.core.model.Deletion.Action;
import io.kintsugi.core.policy.DeletePolicy;
import io.kintsugi.core.policy.DeletePolicy.Brake;
import io.kintsugi.core.policy.DeletePolicy.Cell;
import io.kintsugi.core.policy.DeletePolicy.Conflict;
import io.kintsugi.core.policy.DeletePolicy.Rule;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Reads the delete policy of one entity type: {@code default}, {@code matrix} (a list of cells with {@code from} and {@code to}) and
 * {@code brake}. A cell that names no action, grace or conflict has those of the default.
 */
final class DeletionReader {
    private static final String ANY = "any";

    private final String entityType;
    private final Fields document;

    DeletionReader(String entityType, Fields document) {
        this.entityType = entityType;
        this.document = document;
    }

    DeletePolicy read(long version) {
        var block = document.block("default");
        var byDefault = rule(block, DeletePolicy.FLAG_ONLY);
        block.done();
        var cells = new ArrayList<Cell>();
        var matrix = document.raw("matrix");
        if (!matrix.isMissingNode() && !matrix.isArray()) {
            throw Fields.bad(document.where() + ".matrix", "must be a list of cells");
        }
        for (var node : matrix) cells.add(cell(node, cells, byDefault));
        var brake = brake(document.block("brake"));
        document.done();
        return new DeletePolicy(entityType, version, byDefault, cells, brake);
    }

    private Cell cell(JsonNode node, List<Cell> before, Rule byDefault) {
        var where = document.where() + ".matrix[" + before.size() + "]";
        var fields = new Fields(node, where);
        var from = system(fields, "from");
        var to = system(fields, "to");
        var cell = valid(where, () -> new Cell(from, to, rule(fields, byDefault)));
        fields.done();
        for (var earlier : before) {
            boolean hidden = (earlier.from() == null || earlier.from().equals(from))
                    && (earlier.to() == null || earlier.to().equals(to));
            if (hidden) throw Fields.bad(where, "never counts: a cell before it names the same systems");
        }
        return cell;
    }

    /** Null for any system. */
    private static String system(Fields fields, String key) {
        return fields.text(key).filter(name -> !name.equals(ANY)).orElse(null);
    }

    /** What the hub did not create is only disconnected where a delete spreads and nothing else is said. */
    private static Rule rule(Fields fields, Rule otherwise) {
        boolean named = fields.text("action").isPresent();
        var action = fields.oneOf("action", Action.class, otherwise.action());
        var joined = !named ? otherwise.joined() : action == Action.PROPAGATE ? Action.DISCONNECT : action;
        return valid(
                fields.where(),
                () -> new Rule(
                        action,
                        fields.oneOf("joined", Action.class, joined),
                        fields.period("grace", otherwise.grace()),
                        fields.oneOf("conflict", Conflict.class, otherwise.conflict())));
    }

    private static Brake brake(Fields fields) {
        double count = fields.number("count", Brake.USUAL.count());
        if (count != Math.rint(count) || count < 0 || count > Integer.MAX_VALUE) {
            throw Fields.bad(fields.where() + ".count", "must be a whole number from 0 on");
        }
        Duration window = fields.period("window", Brake.USUAL.window());
        var brake = valid(
                fields.where(), () -> new Brake((int) count, fields.number("percent", Brake.USUAL.percent()), window));
        fields.done();
        return brake;
    }

    private static <T> T valid(String where, Supplier<T> value) {
        try {
            return value.get();
        } catch (IllegalArgumentException e) {
            throw Fields.bad(where, e.getMessage());
        }
    }
}

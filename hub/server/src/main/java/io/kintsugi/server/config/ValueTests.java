package io.kintsugi.server.config;

import io.kintsugi.core.model.Attribute;
import io.kintsugi.core.model.EntityType;
import io.kintsugi.core.policy.ValueTest;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** Conditions on values, as policies write them. */
final class ValueTests {
    private ValueTests() {}

    /**
     * Attribute → value, list of values, {@code {not: values}} or {@code {blank: true}}; all of them must hold.
     *
     * @param system whether the system of a record may be asked for too
     */
    static List<ValueTest> read(EntityType type, Fields block, boolean system) {
        var tests = new ArrayList<ValueTest>();
        var known = new TreeSet<String>();
        for (Attribute attribute : type.attributes()) known.add(attribute.name());
        if (system) known.add(ValueTest.SYSTEM);
        block.entries().forEach((subject, node) -> {
            var where = block.where() + "." + subject;
            if (!known.contains(subject)) {
                throw Fields.bad(
                        block.where() + ":",
                        type.name() + " has no attribute \"" + subject + "\"" + Fields.nearest(subject, known));
            }
            if (!node.isObject()) {
                tests.add(test(where, subject, ValueTest.Kind.ONE_OF, block.list(subject)));
                return;
            }
            var own = new Fields(node, where);
            var not = own.list("not");
            var blank = own.text("blank");
            boolean isBlank = own.flag("blank", false);
            own.done();
            if (not.isEmpty() == blank.isEmpty()) throw Fields.bad(where, "needs either not or blank");
            var kind = !not.isEmpty() ? ValueTest.Kind.NONE_OF : isBlank ? ValueTest.Kind.BLANK : ValueTest.Kind.FILLED;
            tests.add(test(where, subject, kind, not));
        });
        return tests;
    }

    private static ValueTest test(String where, String subject, ValueTest.Kind kind, List<String> values) {
        try {
            return new ValueTest(subject, kind, values);
        } catch (IllegalArgumentException e) {
            throw Fields.bad(where, e.getMessage());
        }
    }
}

package io.kintsugi.core.schema;

import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.core.schema.SchemaChange.Kind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SchemaDiffTest {
    private static final FieldShape CITY = FieldShape.text("city");
    private static final FieldShape STATUS = FieldShape.text("status").withOptions(List.of("new", "old"), true);

    private static List<String> kinds(List<FieldShape> before, List<FieldShape> now) {
        return SchemaDiff.between(before, now).stream()
                .map(change -> change.field() + " " + change.kind())
                .toList();
    }

    private static FieldShape typed(String name, String id, String type) {
        return new FieldShape(name, id, type, false, true, List.of(), false);
    }

    @Test
    @DisplayName("SCH-1: a field that was not there is new, and a new one that must be filled says so")
    void newFields() {
        var segment = FieldShape.text("segment");
        assertThat(kinds(List.of(CITY), List.of(CITY, segment))).containsExactly("segment NEW");
        assertThat(kinds(List.of(CITY), List.of(CITY, segment.withRequired(true))))
                .containsExactly("segment NEW_REQUIRED");
    }

    @Test
    @DisplayName("SCH-2: a field that is gone or holds something else is told alone")
    void removedAndRetyped() {
        var now = List.of(typed("born", null, "INT"), FieldShape.text("last"));
        var before = List.of(CITY, typed("born", null, "DATE"), FieldShape.text("last"));
        assertThat(kinds(before, now)).containsExactly("born RETYPED", "city REMOVED");
    }

    @Test
    @DisplayName("SCH-2: a text stays a text whatever sort of text it is, and a number may get decimals")
    void harmlessTypes() {
        assertThat(kinds(List.of(typed("a", null, "STRING")), List.of(typed("a", null, "EMAIL"))))
                .isEmpty();
        assertThat(kinds(List.of(typed("a", null, "INT")), List.of(typed("a", null, "DECIMAL"))))
                .isEmpty();
        assertThat(kinds(List.of(typed("a", null, "DECIMAL")), List.of(typed("a", null, "INT"))))
                .containsExactly("a RETYPED");
    }

    @Test
    @DisplayName("SCH-3: a field that keeps its id under another name is renamed, not removed and new")
    void renamedById() {
        var changes = SchemaDiff.between(
                List.of(typed("status", "F1", "STRING")), List.of(typed("stage", "F1", "STRING"), CITY));
        assertThat(changes).extracting(SchemaChange::kind).containsExactly(Kind.NEW, Kind.RENAMED);
        assertThat(changes.get(1).other()).isEqualTo("stage");
    }

    @Test
    @DisplayName("SCH-4: required, options and the right to write are told one by one")
    void whatWritesMeet() {
        var now = STATUS.withOptions(List.of("old", "gone"), true)
                .withRequired(true)
                .withWritable(false);
        assertThat(kinds(List.of(STATUS), List.of(now)))
                .containsExactly(
                        "status NEW_REQUIRED",
                        "status OPTIONS_ADDED",
                        "status OPTIONS_REMOVED",
                        "status WRITABLE_LOST");
    }

    static LongStream seeds() {
        return LongStream.rangeClosed(1, 200);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    @DisplayName("SCH-1: a schema does not differ from itself, in whatever order it tells its fields")
    void nothingChangedIsNothing(long seed) {
        var random = new Random(seed);
        var fields = schema(random);
        var shuffled = new ArrayList<>(fields);
        Collections.shuffle(shuffled, random);
        assertThat(SchemaDiff.between(fields, shuffled)).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("seeds")
    @DisplayName("SCH-1: each change is answered for itself, and with all answered in any order nothing is open")
    void answeringInAnyOrderEnds(long seed) {
        var random = new Random(seed);
        var agreed = schema(random);
        var now = schema(random);
        var open = new ArrayList<>(SchemaDiff.between(agreed, now));
        while (!open.isEmpty()) {
            var answered = open.remove(random.nextInt(open.size()));
            agreed = SchemaDiff.agreed(agreed, answered);
            assertThat(names(SchemaDiff.between(agreed, now))).isEqualTo(names(open));
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    @DisplayName("SCH-2: what becomes as it was is no change any more")
    void backIsBack(long seed) {
        var random = new Random(seed);
        var agreed = schema(random);
        var meanwhile = schema(random);
        var eased = SchemaDiff.eased(agreed, agreed);
        assertThat(SchemaDiff.between(eased, agreed)).isEmpty();
        assertThat(names(SchemaDiff.between(SchemaDiff.eased(agreed, meanwhile), meanwhile)))
                .isEqualTo(names(SchemaDiff.between(agreed, meanwhile)));
    }

    private static List<String> names(List<SchemaChange> changes) {
        return changes.stream()
                .map(change -> change.kind() + " " + change.field())
                .toList();
    }

    private static List<FieldShape> schema(Random random) {
        var types = List.of("STRING", "EMAIL", "INT", "DECIMAL", "DATE", "BOOL");
        var fields = new ArrayList<FieldShape>();
        for (var name : List.of("a", "b", "c", "d", "e", "f")) {
            if (random.nextInt(4) == 0) continue;
            var options = new ArrayList<>(List.of("x", "y", "z"));
            options.removeIf(option -> random.nextBoolean());
            fields.add(new FieldShape(
                    name,
                    null,
                    types.get(random.nextInt(types.size())),
                    random.nextInt(3) == 0,
                    random.nextInt(3) > 0,
                    options,
                    random.nextBoolean()));
        }
        return fields;
    }
}

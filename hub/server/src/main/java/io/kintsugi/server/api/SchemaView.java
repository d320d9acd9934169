package io.kintsugi.server.api;

import io.kintsugi.core.model.AttributeType;
import io.kintsugi.core.policy.StreamMapping;
import io.kintsugi.core.schema.FieldShape;
import io.kintsugi.core.schema.Standing;
import io.kintsugi.server.config.AnswerVersion;
import io.kintsugi.server.config.SchemaAnswer;
import io.kintsugi.server.config.SchemaInbox.Item;
import io.kintsugi.server.engine.schema.Schemas.Said;
import io.kintsugi.server.engine.shared.HubModel;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Schemas and their changes as the API shows them. */
final class SchemaView {
    private SchemaView() {}

    /** @param same null if the system itself says that it is the same field */
    record Candidate(String field, Long same, Long compared, boolean suggested) {}

    /** One change that waits for an answer. */
    record Change(
            String id,
            String kind,
            String system,
            String stream,
            String type,
            String field,
            String attribute,
            Instant since,
            String says,
            List<Candidate> candidates,
            List<String> options,
            List<String> unknown,
            List<String> answers) {
        static Change of(Item item, HubModel model) {
            var system =
                    model.system(item.system()).map(config -> config.label()).orElse(item.system());
            return new Change(
                    item.id(),
                    item.kind(),
                    item.system(),
                    item.mapping().stream(),
                    item.mapping().entityType(),
                    item.field(),
                    item.attribute(),
                    item.since(),
                    SchemaWords.says(item, system),
                    item.candidates().stream()
                            .map(one -> one.overlap() == null
                                    ? new Candidate(one.field(), null, null, true)
                                    : new Candidate(
                                            one.field(),
                                            one.overlap().same(),
                                            one.overlap().compared(),
                                            one.overlap().suggests()))
                            .toList(),
                    item.options(),
                    item.unknown(),
                    SchemaWords.answers(item));
        }
    }

    /** Where a field stands. */
    enum FieldState {
        MAPPED,
        READ_ONLY,
        STANDS_STILL,
        KEPT,
        UNMAPPED
    }

    record Field(
            String name,
            String valueType,
            boolean required,
            boolean writable,
            List<String> options,
            String attribute,
            FieldState state) {
        static Field of(FieldShape shape, StreamMapping mapping, Standing standing) {
            return new Field(
                    shape.name(),
                    shape.type(),
                    shape.required(),
                    shape.writable(),
                    shape.options(),
                    attribute(mapping, shape.name()),
                    state(mapping, standing, shape.name()));
        }

        /** A mapped field that is not there. */
        static Field gone(String name, StreamMapping mapping) {
            return new Field(name, null, false, false, List.of(), attribute(mapping, name), FieldState.STANDS_STILL);
        }

        private static String attribute(StreamMapping mapping, String field) {
            return mapping.fields().stream()
                    .filter(one -> one.field().equals(field))
                    .map(one -> one.attribute())
                    .findFirst()
                    .orElse(null);
        }

        private static FieldState state(StreamMapping mapping, Standing standing, String field) {
            if (standing.suspended().contains(field)) return FieldState.STANDS_STILL;
            if (attribute(mapping, field) != null)
                return standing.readOnly().contains(field) ? FieldState.READ_ONLY : FieldState.MAPPED;
            return standing.retained().contains(field) ? FieldState.KEPT : FieldState.UNMAPPED;
        }
    }

    record Answered(String kind, String field, String answer, String by, Instant at) {
        static Answered of(Said said) {
            return new Answered(said.kind(), said.field(), said.answer(), said.by(), said.at());
        }
    }

    /** What had been answered, after one answer. */
    record Version(long version, Instant at, String by, String says) {
        static Version of(AnswerVersion version) {
            return new Version(version.version(), version.at(), version.by(), version.says());
        }
    }

    /**
     * @param fields empty as long as the system has not told them
     * @param version of the answers; 0 if nothing was answered
     */
    record Stream(
            String stream,
            String type,
            List<Field> fields,
            List<Answered> answered,
            long version,
            List<Version> versions) {}

    /** Which version of the answers about a stream to go back to. */
    record Back(String stream, Long version) {}

    record Of(String system, List<Stream> streams) {}

    /** What people send. */
    enum Kind {
        MAP,
        RENAME,
        CONSTANT,
        OPTIONS,
        AGREE,
        DROP
    }

    /** An answer; which parts it needs says {@code answer}. */
    record Answer(
            Kind answer,
            String attribute,
            AttributeType type,
            List<String> functions,
            Boolean write,
            String field,
            String value,
            Map<String, String> options) {
        SchemaAnswer parsed() {
            if (answer == null) throw Refused.badRequest("answer is missing; give one of " + List.of(Kind.values()));
            return switch (answer) {
                case MAP -> new SchemaAnswer.MapTo(attribute, type, functions, write);
                case RENAME -> new SchemaAnswer.RenamedTo(required("field", field));
                case CONSTANT -> new SchemaAnswer.Constant(required("value", value));
                case OPTIONS -> {
                    if (options == null || options.isEmpty())
                        throw Refused.badRequest("options is missing; say which option stands for which value");
                    yield new SchemaAnswer.Options(options);
                }
                case AGREE -> new SchemaAnswer.Agree();
                case DROP -> new SchemaAnswer.Drop();
            };
        }

        private static String required(String name, String value) {
            if (value == null || value.isBlank()) throw Refused.badRequest(name + " is missing");
            return value;
        }
    }

    /** A field to map that nobody maps. */
    record Mapping(
            String stream, String field, String attribute, AttributeType type, List<String> functions, Boolean write) {}
}

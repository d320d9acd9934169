package io.kintsugi.server.config;

import io.kintsugi.core.model.AttributeType;
import java.util.List;
import java.util.Map;

/** What a person decides about a change of a schema. */
public sealed interface SchemaAnswer {
    /** In words, for the list of what was decided. */
    String says();

    /**
     * The field is read into an attribute, and written from it.
     *
     * @param typeOrNull makes the attribute, if the entity type has none of that name
     * @param functions as in a mapping
     * @param write whether the hub may write the field; null for what the stream says
     */
    record MapTo(String attribute, AttributeType typeOrNull, List<String> functions, Boolean write)
            implements SchemaAnswer {
        public MapTo {
            functions = functions == null ? List.of() : List.copyOf(functions);
        }

        @Override
        public String says() {
            return "mapped to " + attribute;
        }
    }

    /** The field goes on under another name. */
    record RenamedTo(String field) implements SchemaAnswer {
        @Override
        public String says() {
            return "goes on as " + field;
        }
    }

    /** Every record that the hub creates gets this value in the field, unless it has another. */
    record Constant(String value) implements SchemaAnswer {
        @Override
        public String says() {
            return "new records get a constant";
        }
    }

    /** @param options what stands for a golden value there, by golden value */
    record Options(Map<String, String> options) implements SchemaAnswer {
        public Options {
            options = Map.copyOf(options);
        }

        @Override
        public String says() {
            return options.size() == 1 ? "an option was mapped" : options.size() + " options were mapped";
        }
    }

    /** It is as it should be; what is mapped goes on, and what is not stays so. */
    record Agree() implements SchemaAnswer {
        @Override
        public String says() {
            return "left as it is";
        }
    }

    /** The field is not mapped any more; golden values stay. */
    record Drop() implements SchemaAnswer {
        @Override
        public String says() {
            return "not mapped any more";
        }
    }
}

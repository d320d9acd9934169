package io.kintsugi.server.config;

import io.kintsugi.core.model.HubErrorCode;
import io.kintsugi.core.model.HubException;
import io.kintsugi.core.policy.StreamMapping;
import io.kintsugi.core.policy.StreamMapping.FieldMapping;
import io.kintsugi.server.connector.Translator;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Says in a mapping which option of a field stands for a golden value that it does not know. */
final class OptionMap {
    private static final String MAP = "map:";

    private OptionMap() {}

    /**
     * The field with more pairs in its first function. The options go on being read as they were: several golden values may be written
     * as one option, and none of them is put into the mouth of the system.
     *
     * @param options option by golden value
     */
    static FieldMapping onto(String system, StreamMapping mapping, FieldMapping field, Map<String, String> options) {
        var functions = new ArrayList<>(field.functions());
        boolean mapped = !functions.isEmpty() && functions.get(0).startsWith(MAP);
        var pairs = new ArrayList<String>();
        var reads = new LinkedHashMap<String, String>();
        if (mapped) {
            for (var pair : functions.remove(0).substring(MAP.length()).split(",")) {
                pairs.add(pair);
                int at = pair.indexOf('=');
                reads.put(pair.substring(0, at).strip(), pair.substring(at + 1).strip());
            }
        }
        var plain = new FieldMapping(field.field(), field.attribute(), functions, field.writable());
        var writer = new Translator(
                system, new StreamMapping(mapping.stream(), mapping.entityType(), List.of(plain), true, false, null));
        new TreeMap<>(options).forEach((value, option) -> {
            var written = writer.written(plain, value);
            require(written);
            require(option);
            pairs.removeIf(pair -> pair.endsWith("=" + written) && !written.equals(reads.get(option)));
            pairs.add(option + "=" + written);
            pairs.add(
                    option + "=" + reads.getOrDefault(option, option)); // the last pair of an option is how it is read
        });
        functions.add(0, MAP + String.join(",", pairs));
        return new FieldMapping(field.field(), field.attribute(), functions, field.writable());
    }

    private static void require(String text) {
        if (text.isBlank() || text.contains(",") || text.contains("=")) {
            throw new HubException(
                    HubErrorCode.UNPROCESSABLE,
                    "a value that is blank or has a comma or an equals sign cannot be mapped here; correct the golden value, "
                            + "or add the option in the system");
        }
    }
}

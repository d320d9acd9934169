package io.kintsugi.server.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kintsugi.core.model.AttributeType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/** What an answer to a change of a schema says beside its kind. */
final class SchemaAnswerOptions {
    @Option(
            names = "--attribute",
            paramLabel = "NAME",
            description = "With map: the attribute that the field is read into.")
    String attribute;

    @Option(
            names = "--type",
            paramLabel = "TYPE",
            description =
                    "With map: makes the attribute, of this type, such as TEXT, if the entity type has none of that name.")
    private AttributeType type;

    @Option(
            names = "--function",
            paramLabel = "NAME",
            description =
                    "With map: function of the mapping, such as trim; may be given several times, in the order of reading.")
    private List<String> functions = new ArrayList<>();

    @Option(
            names = "--write",
            negatable = true,
            description = "With map: whether the hub may write the field; as the stream says if it is not given.")
    private Boolean write;

    @Option(
            names = "--field",
            paramLabel = "NAME",
            description =
                    "With rename: what the field is called now. With map and a system: a field of --stream that nobody maps.")
    String field;

    @Option(
            names = "--value",
            paramLabel = "TEXT",
            description = "With constant: what every new record gets in the field.")
    String value;

    @Option(
            names = "--option",
            paramLabel = "VALUE=OPTION",
            description =
                    "With options: the option of the system that stands for a golden value; may be given several times.")
    Map<String, String> options = new LinkedHashMap<>();

    /** As the API takes it; what was not given is not in it. */
    ObjectNode json() {
        var answer = JsonNodeFactory.instance.objectNode();
        if (attribute != null) answer.put("attribute", attribute);
        if (type != null) answer.put("type", type.name());
        if (!functions.isEmpty()) functions.forEach(answer.withArray("functions")::add);
        if (write != null) answer.put("write", write);
        if (field != null) answer.put("field", field);
        if (value != null) answer.put("value", value);
        if (!options.isEmpty()) options.forEach(answer.withObject("/options")::put);
        return answer;
    }
}

package io.kintsugi.server.api;

import io.kintsugi.server.config.SchemaInbox;
import io.kintsugi.server.config.SchemaInbox.Item;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a change of a schema means, in a sentence, and which answers fit it. */
final class SchemaWords {
    private SchemaWords() {}

    static String says(Item item, String system) {
        var field = item.field();
        var mapped = item.attribute() == null || item.attribute().equals(field) ? "" : " (" + item.attribute() + ")";
        return switch (item.kind()) {
            case "NEW" ->
                system + " has a new field " + field
                        + ". What it holds is kept from the moment it was seen, so mapping it later loses nothing.";
            case "REMOVED" ->
                field + mapped + " is not there any more in " + system
                        + ", or is hidden from the hub. It is neither read nor written; golden values stay, everything else goes on, "
                        + "and so does the field by itself when it comes back.";
            case "RENAMED" ->
                field + mapped + " is called " + item.changeOrNull().other() + " in " + system
                        + " now. It stands still until you agree; nothing is lost meanwhile.";
            case "RETYPED" ->
                field + mapped + " of " + system + " held "
                        + typed(item.changeOrNull().before().type()) + " and holds "
                        + typed(item.changeOrNull().now().type())
                        + " now. It is neither read nor written until you agree.";
            case "NEW_REQUIRED" ->
                system + " takes no new record without a value in " + field
                        + ". Creates that have none are held; updates go on.";
            case "OPTIONS_ADDED" ->
                field + mapped + " of " + system + " has new options: " + String.join(", ", added(item))
                        + ". Systems that do not know them are told apart below.";
            case "OPTIONS_REMOVED" ->
                field + mapped + " of " + system + " does not take " + String.join(", ", removed(item))
                        + " any more. Writes of it are held, and only of this field.";
            case "WRITABLE_LOST" ->
                field + mapped + " of " + system
                        + " may not be written any more. It is read as before; the rest of its records is written.";
            default ->
                system + " has no option for " + String.join(", ", item.unknown()) + " in " + field + mapped
                        + ". These values are held there, and nothing else.";
        };
    }

    private static String typed(String type) {
        return type.toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private static List<String> added(Item item) {
        var added = new ArrayList<>(item.changeOrNull().now().options());
        added.removeAll(item.changeOrNull().before().options());
        return added;
    }

    private static List<String> removed(Item item) {
        var removed = new ArrayList<>(item.changeOrNull().before().options());
        removed.removeAll(item.changeOrNull().now().options());
        return removed;
    }

    /** Names of the answers that fit, the usual one first. */
    static List<String> answers(Item item) {
        return switch (item.kind()) {
            case "NEW" -> List.of("MAP", "AGREE");
            case "NEW_REQUIRED" ->
                item.changeOrNull().before() == null
                        ? List.of("CONSTANT", "MAP", "AGREE")
                        : List.of("CONSTANT", "AGREE");
            case "REMOVED", "RENAMED" -> List.of("RENAME", "DROP");
            case "RETYPED" -> List.of("AGREE", "DROP");
            case "OPTIONS_ADDED" -> List.of("AGREE");
            case "OPTIONS_REMOVED" -> List.of("AGREE", "OPTIONS");
            case SchemaInbox.OPTION_UNKNOWN -> List.of("OPTIONS");
            default -> List.of("AGREE");
        };
    }
}

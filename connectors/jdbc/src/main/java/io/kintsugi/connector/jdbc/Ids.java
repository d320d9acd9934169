package io.kintsugi.connector.jdbc;

import java.util.ArrayList;
import java.util.List;

/**
 * External ids of rows. The id of a row with one id column is the text of its value. With several, the texts are joined by
 * {@code |}, and a {@code |} or {@code \} inside a text is preceded by {@code \}: the id of {@code ("a|b", 7)} is {@code a\|b|7}.
 */
final class Ids {
    private Ids() {}

    static String join(List<String> parts) {
        if (parts.size() == 1) return parts.get(0);
        return String.join(
                "|",
                parts.stream()
                        .map(part -> part.replace("\\", "\\\\").replace("|", "\\|"))
                        .toList());
    }

    /** @return the texts, or null if {@code id} does not have exactly {@code count} of them */
    static List<String> split(String id, int count) {
        if (count == 1) return List.of(id);
        List<String> parts = new ArrayList<>();
        StringBuilder part = new StringBuilder();
        for (int i = 0; i < id.length(); i++) {
            char c = id.charAt(i);
            if (c == '\\') {
                if (++i == id.length()) return null;
                part.append(id.charAt(i));
            } else if (c == '|') {
                parts.add(part.toString());
                part.setLength(0);
            } else {
                part.append(c);
            }
        }
        parts.add(part.toString());
        return parts.size() == count ? parts : null;
    }
}

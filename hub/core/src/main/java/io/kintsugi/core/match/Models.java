package io.kintsugi.core.match;

import java.util.ArrayList;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Model numbers in running text: words of digits and letters that are no amounts, such as "DMC-FZ18K". */
final class Models {
    private static final int SHORTEST = 4;
    private static final int MOST = 12;
    private static final Pattern AMOUNT = Pattern.compile(
            "[0-9]+[0-9x.,]*"
                    + "(gb|mb|kb|tb|mm|cm|m|in|inch|ft|feet|oz|lb|lbs|hz|khz|mhz|ghz|w|watt|watts|v|mah|x|k|p|i|th|st|nd|rd|s|g|kg|mg|ml|l"
                    + "|pk|pack|ct|pc|pcs|pin|yr|yrs|year|hr|hour|min|sec|mp|dpi|rpm|user|users|port|way|bit|speed|disc|cd|d|e|ed|a|b|c|q)?");
    private static final Pattern BETWEEN = Pattern.compile("[\\s,;()\\[\\]{}\"|]+");
    private static final Set<String> NOT = Set.of("mp3", "mp4", "h264", "usb2", "wifi4");

    private Models() {}

    /** @return compact, lower case, in order; {@link Text#NONE} if there are none */
    static String[] of(String raw) {
        var found = new ArrayList<String>();
        for (var word : words(raw)) {
            var model = model(word);
            if (model != null && found.size() < MOST) found.add(model);
        }
        return Text.distinct(found.toArray(String[]::new));
    }

    /** The text with every model number as one word, however it was written: "DMC-FZ18K" is "dmcfz18k". */
    static String joined(String raw) {
        if (raw == null) return null;
        var joined = new StringBuilder(raw.length());
        for (var word : words(raw)) {
            var model = model(word);
            joined.append(model == null ? word : model).append(' ');
        }
        return joined.toString();
    }

    private static String[] words(String raw) {
        return BETWEEN.split(Text.cut(raw));
    }

    /** Null if the word is none. */
    private static String model(String word) {
        var model = new StringBuilder(word.length());
        int digits = 0;
        int letters = 0;
        for (int i = 0; i < word.length(); i++) {
            char c = word.charAt(i);
            if (c >= '0' && c <= '9') digits++;
            else if (c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z') letters++;
            else if (c >= 128) return null;
            else continue;
            model.append(c);
        }
        var compact = model.toString().toLowerCase(Locale.ROOT);
        boolean plain = letters == 0 && digits < 6;
        if (digits < 2 || plain || compact.length() < SHORTEST || letters > 12 || NOT.contains(compact)) return null;
        return letters > 0 && AMOUNT.matcher(compact).matches() ? null : compact;
    }
}

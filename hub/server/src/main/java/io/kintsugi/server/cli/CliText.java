package io.kintsugi.server.cli;

/** Makes values of files fit for a terminal. */
final class CliText {
    private CliText() {}

    /** Without characters that a terminal obeys or that turn the direction of the text. */
    static String printable(String value) {
        return value.codePoints()
                .map(c -> switch (Character.getType(c)) {
                    case Character.CONTROL,
                            Character.FORMAT,
                            Character.SURROGATE,
                            Character.PRIVATE_USE,
                            Character.UNASSIGNED,
                            Character.LINE_SEPARATOR,
                            Character.PARAGRAPH_SEPARATOR -> '\uFFFD';
                    default -> c;
                })
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    /** {@link #printable}, cut to a width; what was cut shows as … at its end. */
    static String cell(String value, int width) {
        var text = printable(value.length() > 4 * width ? value.substring(0, 4 * width) : value);
        if (text.codePointCount(0, text.length()) <= width) return text;
        return text.substring(0, text.offsetByCodePoints(0, width - 1)) + "…";
    }
}

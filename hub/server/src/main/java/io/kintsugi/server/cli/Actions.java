package io.kintsugi.server.cli;

import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** What a command can be told to do by its first word, and which options go with which word. */
final class Actions {
    private Actions() {}

    /** A constant of an enum, typed as its name in small letters with dashes. */
    interface Action {
        String name();

        /** Names of the options that go with it, of those that do not go with every action. */
        Set<String> options();

        default String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /**
     * Refuses options that would be ignored.
     *
     * @param all actions of the command; an option that none of them names goes with every one
     * @throws ParameterException that says where the option belongs
     */
    static void check(CommandSpec spec, Action action, Action... all) {
        for (var option : spec.commandLine().getParseResult().matchedOptions()) {
            var name = option.longestName();
            var takers = Arrays.stream(all)
                    .filter(one -> one.options().contains(name))
                    .toList();
            if (takers.isEmpty() || takers.contains(action)) continue;
            throw new ParameterException(
                    spec.commandLine(),
                    name + " goes with " + takers.stream().map(Action::word).collect(Collectors.joining(", "))
                            + ", not with " + action.word());
        }
    }
}

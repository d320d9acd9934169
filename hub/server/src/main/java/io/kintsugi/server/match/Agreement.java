package io.kintsugi.server.match;

import io.kintsugi.core.match.Matcher;
import io.kintsugi.core.match.Profile;
import io.kintsugi.core.match.Training.Label;
import io.kintsugi.core.model.Decision;
import java.util.Collection;

/**
 * What the rules by themselves say of pairs that somebody judged, who has the last word on them.
 *
 * @param same pairs that were found to be the same
 * @param different those that were not
 * @param agreeing how many of both the rules decide in the same way
 * @param unsure how many they would ask a person about; they decide the others the other way
 */
public record Agreement(int same, int different, int agreeing, int unsure) {
    static Agreement of(Matcher matcher, Profile[] profiles, Collection<Label> labels) {
        int same = 0;
        int agreeing = 0;
        int unsure = 0;
        for (var label : labels) {
            if (label.same()) same++;
            var decision =
                    matcher.compare(profiles[label.a()], profiles[label.b()]).decision();
            if (decision == Decision.REVIEW) unsure++;
            else if ((decision == Decision.MATCH) == label.same()) agreeing++;
        }
        return new Agreement(same, labels.size() - same, agreeing, unsure);
    }

    /** How many pairs were judged. */
    public int labels() {
        return same + different;
    }

    /** How many the rules decide the other way. */
    public int contrary() {
        return labels() - agreeing - unsure;
    }
}

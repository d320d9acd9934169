package io.kintsugi.server.match;

import io.kintsugi.core.model.AttributeType;

/**
 * What a column of a file is taken for.
 *
 * @param index position in the header, from 0
 * @param header its name there
 * @param role what it is used for
 * @param type what its values mean; null unless it is an attribute
 * @param attribute name of the attribute; null unless it is one
 * @param reason why, for people
 */
public record Column(int index, String header, Role role, AttributeType type, String attribute, String reason) {
    /** What a column is used for. */
    public enum Role {
        ID,
        SOURCE,
        ATTRIBUTE,
        /** Not compared. */
        UNUSED
    }
}

package io.kintsugi.core.match;

import io.kintsugi.core.model.EntityType;

/**
 * Shipped numbers of one kind of thing, in bits.
 *
 * @param prior how unlikely it is that two records are the same before anything is compared
 * @param placeCap what family name, address and phone are worth together before more of the same counts for little: a household or
 *     an office shares them all, so together they can only undo the prior
 */
record Weights(double prior, double placeCap, double autoBits, double reviewBits) {
    static Weights of(EntityType.Kind kind) {
        return switch (kind) {
            case PERSON -> new Weights(-16, 15, 1, -2);
            case ORGANISATION -> new Weights(-15, 14, 2, -2);
            case ITEM -> new Weights(-13, 14, 2, -2);
        };
    }
}

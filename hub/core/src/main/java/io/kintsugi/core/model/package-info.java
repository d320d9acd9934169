/** The nouns of the hub. Immutable values that refuse bad input and say what was bad. */
package io.kintsugi.core.model;

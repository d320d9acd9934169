/** What people decide: merges and taking them back, answers, given values, and previews of all that. */
package io.kintsugi.server.engine.stewardship;

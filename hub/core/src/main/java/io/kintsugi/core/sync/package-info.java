/** Golden × what each system held × mapping → what must be written; echo and conflict tests. */
package io.kintsugi.core.sync;

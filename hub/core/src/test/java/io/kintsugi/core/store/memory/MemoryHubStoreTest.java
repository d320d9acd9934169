package io.kintsugi.core.store.memory;

import io.kintsugi.core.store.BlocksContract;
import io.kintsugi.core.store.DeletionsContract;
import io.kintsugi.core.store.ErasuresContract;
import io.kintsugi.core.store.GoldenListContract;
import io.kintsugi.core.store.GoldensContract;
import io.kintsugi.core.store.HubStore;
import io.kintsugi.core.store.JournalContract;
import io.kintsugi.core.store.LinksContract;
import io.kintsugi.core.store.MergesContract;
import io.kintsugi.core.store.OutboxContract;
import io.kintsugi.core.store.OutboxDueContract;
import io.kintsugi.core.store.RacesContract;
import io.kintsugi.core.store.RecordsContract;
import io.kintsugi.core.store.ReferencesContract;
import io.kintsugi.core.store.ReviewsContract;
import io.kintsugi.core.store.TransactionContract;
import org.junit.jupiter.api.Nested;

/** The memory store keeps the contract of the port. */
class MemoryHubStoreTest {
    @Nested
    class OfDeletions extends DeletionsContract {
        @Override
        protected HubStore emptyStore() {
            return new MemoryHubStore();
        }
    }

    @Nested
    class OfErasures extends ErasuresContract {
        @Override
        protected HubStore emptyStore() {
            return new MemoryHubStore();
        }
    }

    @Nested
    class OfRecords extends RecordsContract {
        @Override
        protected HubStore emptyStore() {
            return new MemoryHubStore();
        }
    }

    @Nested
    class OfBlocks extends BlocksContract {
        @Override
        protected HubStore emptyStore() {
            return new MemoryHubStore();
        }
    }

    @Nested
    class OfReferences extends ReferencesContract {
        @Override
        protected HubStore emptyStore() {
            return new MemoryHubStore();
        }
    }

    @Nested
    class OfLinks extends LinksContract {
        @Override
        protected HubStore emptyStore() {
            return new MemoryHubStore();
        }
    }

    @Nested
    class OfGoldens extends GoldensContract {
        @Override
        protected HubStore emptyStore() {
            return new MemoryHubStore();
        }
    }

    @Nested
    class OfGoldenLists extends GoldenListContract {
        @Override
        protected HubStore emptyStore() {
            return new MemoryHubStore();
        }
    }

    @Nested
    class OfMerges extends MergesContract {
        @Override
        protected HubStore emptyStore() {
            return new MemoryHubStore();
        }
    }

    @Nested
    class OfReviews extends ReviewsContract {
        @Override
        protected HubStore emptyStore() {
            return new MemoryHubStore();
        }
    }

    @Nested
    class OfOutbox extends OutboxContract {
        @Override
        protected HubStore emptyStore() {
            return new MemoryHubStore();
        }
    }

    @Nested
    class OfWhatIsDue extends OutboxDueContract {
        @Override
        protected HubStore emptyStore() {
            return new MemoryHubStore();
        }
    }

    @Nested
    class OfJournal extends JournalContract {
        @Override
        protected HubStore emptyStore() {
            return new MemoryHubStore();
        }
    }

    @Nested
    class OfTransactions extends TransactionContract {
        @Override
        protected HubStore emptyStore() {
            return new MemoryHubStore();
        }
    }

    @Nested
    class OfRaces extends RacesContract {
        @Override
        protected HubStore emptyStore() {
            return new MemoryHubStore();
        }
    }
}

package io.kintsugi.connector.tck;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * All that a connector promises. A connector proves itself with one small class per kind of system it speaks to:
 *
 * <pre>{@code
 * final class AcmeConnectorTest extends ConnectorContract {
 *     @Override
 *     protected Subject newSubject() {
 *         return new AcmeSubject();
 *     }
 * }
 * }</pre>
 */
@ExtendWith(ReportCard.class)
public abstract class ConnectorContract {
    /** A fresh system; called once for each test. */
    protected abstract Subject newSubject() throws Exception;

    @Nested
    class Description extends DescriptionContract {
        @Override
        Subject newSubject() throws Exception {
            return ConnectorContract.this.newSubject();
        }
    }

    @Nested
    class LookingUp extends LookupContract {
        @Override
        Subject newSubject() throws Exception {
            return ConnectorContract.this.newSubject();
        }
    }

    @Nested
    class Snapshots extends SnapshotContract {
        @Override
        Subject newSubject() throws Exception {
            return ConnectorContract.this.newSubject();
        }
    }

    @Nested
    class ChangeFeed extends ChangeFeedContract {
        @Override
        Subject newSubject() throws Exception {
            return ConnectorContract.this.newSubject();
        }
    }

    @Nested
    class Deletes extends DeletesContract {
        @Override
        Subject newSubject() throws Exception {
            return ConnectorContract.this.newSubject();
        }
    }

    @Nested
    class Writing extends WriterContract {
        @Override
        Subject newSubject() throws Exception {
            return ConnectorContract.this.newSubject();
        }
    }

    @Nested
    class Limits extends RateContract {
        @Override
        Subject newSubject() throws Exception {
            return ConnectorContract.this.newSubject();
        }
    }

    @Nested
    class PartialBatches extends PartialBatchContract {
        @Override
        Subject newSubject() throws Exception {
            return ConnectorContract.this.newSubject();
        }
    }

    @Nested
    class Merging extends MergeContract {
        @Override
        Subject newSubject() throws Exception {
            return ConnectorContract.this.newSubject();
        }
    }

    @Nested
    class MergeFeed extends MergeFeedContract {
        @Override
        Subject newSubject() throws Exception {
            return ConnectorContract.this.newSubject();
        }
    }

    @Nested
    class SchemaChanges extends SchemaContract {
        @Override
        Subject newSubject() throws Exception {
            return ConnectorContract.this.newSubject();
        }
    }
}
